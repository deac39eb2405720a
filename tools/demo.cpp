// The story of a trunk, proven step by step.
#include <fmt/format.h>

#include "cli/arguments.h"
#include "cli/tool.h"
#include "output/ladder.h"
#include "provider/demo.h"

namespace trunkbox::tools {

namespace {

using cli::Arguments;
using cli::Env;
using cli::Exit;

std::string text(const provider::DemoStep& step, std::size_t number) {
    return fmt::format("{:>2}. {} {}: {}\n        {}\n", number, step.ok ? "ok    " : "FAILED", step.name, step.proves,
                       step.evidence.empty() ? "nothing was seen" : step.evidence);
}

output::Record record(const provider::DemoStory& story) {
    output::Value::Array steps;
    for (const auto& step : story.steps)
        steps.push_back(output::Record{{"name", step.name},
                                       {"ok", step.ok},
                                       {"seconds", output::Value::seconds(step.took)},
                                       {"proves", step.proves},
                                       {"evidence", step.evidence},
                                       {"detail", step.detail}});
    return {{"ok", story.ok()}, {"steps", std::move(steps)}};
}

Exit run_demo(Env& env, const Arguments& arguments) {
    auto printer = arguments.printer(env, output::Printer::Shape::one);
    if (!printer) return cli::fail(env, printer.error());
    std::size_t number = 0;
    Result<void> printed;
    auto story = provider::run_demo(arguments.text("pcap"), [&](const provider::DemoStep& step) {
        if (printed && !arguments.quiet()) printed = printer->append(text(step, ++number));
    });
    if (!story) return cli::fail(env, story.error());

    auto summary = story->ok() ? fmt::format("\nAll {} steps are proven. {} opens in Wireshark and tshark.\n",
                                             story->steps.size(), arguments.text("pcap"))
                               : std::string("\nNot every step was proven.\n");
    if (printed && !arguments.quiet())
        printed = printer->append("\nThe call to the world, station by station:\n\n" +
                                  output::text(story->ladder, {.width = static_cast<std::size_t>(std::max(env.width, 118)),
                                                               .color = arguments.color(env)}));
    if (printed) printed = printer->print(record(*story), arguments.quiet() ? std::string{} : summary);
    if (printed) printed = printer->finish();
    if (!printed) return cli::fail(env, printed.error());
    return story->ok() ? Exit::ok : Exit::no;
}

}  // namespace

const cli::Tool& demo_tool() {
    static const cli::Tool tool{
        .name = "demo",
        .section = "Show",
        .summary = "see a trunk at work, each step proven",
        .description = {"Starts a provider, a PBX and two desk phones on free ports of this machine, and makes calls: a "
                        "trunk registers; a call to the world is filtered, routed to the cheapest carrier and, as that "
                        "one has no channel, to the next; voice and digits pass; a call from the world follows its user "
                        "from desk to desk; and what is malformed or hostile is refused at the edge.",
                        "Every step looks at what really happened. The demo ends within ten seconds and leaves nothing "
                        "running, only a capture file."},
        .options = {{.name = "pcap",
                     .type = cli::Type::file,
                     .help = "capture file of everything that was sent",
                     .fallback = "trunkbox-demo.pcap"}},
        .common = {.formats = {output::Format::text, output::Format::json},
                   .output = true,
                   .color = true,
                   .quiet = true},
        .exits = {{Exit::ok, "every step was proven"}, {Exit::no, "at least one was not"}},
        .examples = {{.says = "Was everything proven?",
                      .commands = {"trunkbox demo --format json | grep -c '\"ok\": true'"},
                      .prints = {"10"}}},
        .see_also = {"trunkbox-provider(1)", "trunkbox-call(1)"},
        .run = run_demo};
    return tool;
}

}  // namespace trunkbox::tools

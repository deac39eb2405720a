// The far end: takes calls.
#include <fmt/format.h>

#include "cli/arguments.h"
#include "cli/tool.h"
#include "ua/answerer.h"
#include "ua/line.h"
#include "ua/sound.h"
#include "wire/ready_file.h"

namespace trunkbox::tools {

namespace {

using cli::Arguments;
using cli::Env;
using cli::Exit;

Result<ua::AnswerPlan> plan(const Arguments& arguments, ua::Line& line) {
    ua::AnswerPlan plan;
    plan.status = static_cast<int>(arguments.integer("status"));
    plan.reason = arguments.text_or_empty("reason");
    plan.delay = arguments.duration("delay");
    plan.ring = arguments.duration("ring");
    plan.early_media = arguments.flag("early-media");
    plan.duration = arguments.duration("duration");
    plan.media = !arguments.flag("no-media");
    plan.audio = {.local = line.agent().local().ip, .recorder = line.recorder()};
    auto codecs = arguments.given("codec") ? arguments.many("codec") : std::vector<std::string>{"PCMA", "PCMU"};
    auto sound = ua::prepare(plan.audio, {.codecs = codecs,
                                          .play = arguments.text_or_empty("play"),
                                          .tone = arguments.number("tone"),
                                          .silence = arguments.flag("silence"),
                                          .echo = arguments.flag("echo"),
                                          .loop = true});
    if (!sound) return tl::unexpected(sound.error());
    for (const auto& header : arguments.many("header")) {
        auto parsed = ua::parse_header(header);
        if (!parsed) return tl::unexpected(parsed.error());
        plan.headers.push_back(std::move(*parsed));
    }
    return plan;
}

Exit run_answer(Env& env, const Arguments& arguments) {
    auto listen = ua::parse_listen(arguments.text("listen"));
    if (!listen) return cli::fail(env, listen.error());
    auto printer = arguments.printer(env, output::Printer::Shape::many);
    if (!printer) return cli::fail(env, printer.error());
    auto line = ua::Line::listening(*listen, {.pcap = arguments.text_or_empty("pcap")});
    if (!line) return cli::fail(env, line.error());
    auto answer_plan = plan(arguments, **line);
    if (!answer_plan) return cli::fail(env, answer_plan.error());

    auto& loop = (*line)->loop();
    auto count = static_cast<std::uint64_t>(arguments.integer("count"));
    std::uint64_t ended = 0;
    int signals = 0;
    Result<void> printed;
    ua::Answerer answerer((*line)->agent(), std::move(*answer_plan), [&](const ua::CallReport& report) {
        ++ended;
        if (printed) printed = printer->print(ua::record(report), arguments.quiet() ? std::string{} : ua::text(report));
        bool enough = (count != 0 && ended >= count) || (signals != 0 && answerer.live() == 0);
        if (!printed || enough) loop.stop();
    });
    loop.on_interrupt([&](int) {
        ++signals;
        answerer.hang_up();
        if (answerer.live() == 0) loop.stop();
    });
    if (arguments.given("ready-file")) {
        std::vector<std::string> addresses{(*line)->address()};
        if (auto ready = wire::write_ready_file(arguments.text("ready-file"), addresses); !ready)
            return cli::fail(env, ready.error());
    }
    if (env.err_is_terminal && !arguments.quiet()) cli::note(env, "listening on " + (*line)->address());
    loop.run();

    if (printed) printed = printer->finish();
    if (printed) printed = (*line)->finish();
    if (!printed) return cli::fail(env, printed.error());
    return count != 0 && ended < count ? Exit::inconclusive : Exit::ok;
}

std::vector<cli::Option> answer_options() {
    using cli::Type;
    return {
        {.name = "listen",
         .letter = 'l',
         .type = Type::address,
         .metavar = "[udp:]IP:PORT",
         .help = "where to take calls; port 0 picks a free one",
         .fallback = "udp:127.0.0.1:5060",
         .example = "udp:127.0.0.1:5090"},
        {.name = "count",
         .letter = 'c',
         .type = Type::integer,
         .help = "end after this many calls; 0 goes on until stopped",
         .fallback = "0",
         .min = 0,
         .max = 1'000'000'000},
        {.name = "ready-file", .type = Type::file, .help = "write the bound address to this file when calls can come"},
        {.name = "pcap", .type = Type::file, .help = "write what was sent and received to a capture file"},
        {.name = "status",
         .letter = 's',
         .type = Type::integer,
         .help = "final response; anything but 200 refuses the call",
         .fallback = "200",
         .min = 200,
         .max = 699,
         .group = "Treatment"},
        {.name = "reason",
         .type = Type::text,
         .help = "reason phrase of a refusal in place of the usual one",
         .group = "Treatment"},
        {.name = "delay",
         .type = Type::duration,
         .help = "stay silent for this time first",
         .fallback = "0",
         .group = "Treatment"},
        {.name = "ring",
         .letter = 'r',
         .type = Type::duration,
         .help = "ring for this time before the final response",
         .fallback = "0",
         .group = "Treatment"},
        {.name = "early-media", .help = "ring with 183 and audio in place of 180", .group = "Treatment"},
        {.name = "duration",
         .letter = 'd',
         .type = Type::duration,
         .help = "hang up this long after the answer; 0 leaves it to them",
         .fallback = "0",
         .group = "Treatment"},
        {.name = "header",
         .letter = 'H',
         .type = Type::text,
         .metavar = "'NAME: VALUE'",
         .help = "add this header to every response",
         .repeatable = true,
         .example = "'Reason: Q.850;cause=17'",
         .group = "Treatment"},
        {.name = "echo", .help = "say what is heard", .excludes = {"play", "tone", "silence", "no-media"}, .group = "Media"},
        {.name = "play",
         .type = Type::file,
         .help = "say a sound file (WAV, AIFF, FLAC), again and again",
         .excludes = {"tone", "silence", "no-media"},
         .group = "Media"},
        {.name = "tone",
         .type = Type::number,
         .metavar = "HZ",
         .help = "say a tone of this frequency",
         .fallback = "440",
         .min = 20,
         .max = 3800,
         .excludes = {"silence", "no-media"},
         .group = "Media"},
        {.name = "silence", .help = "say silence", .excludes = {"no-media"}, .group = "Media"},
        {.name = "codec",
         .type = Type::choice,
         .help = "take this codec; repeat for several",
         .choices = {"PCMA", "PCMU"},
         .repeatable = true,
         .excludes = {"no-media"},
         .group = "Media"},
        {.name = "no-media", .help = "answer with an inactive stream: say and hear nothing", .group = "Media"},
    };
}

}  // namespace

const cli::Tool& answer_tool() {
    static const cli::Tool tool{
        .name = "answer",
        .section = "Calls",
        .summary = "be the called party: ring, answer, talk, echo, read digits, or refuse",
        .description = {"Waits for calls, any number at once, and treats each as the options say. At the end of every call "
                        "it prints who called, how it went, and the digits that were heard.",
                        "OPTIONS are answered with 200, or with the status that a call would get."},
        .options = answer_options(),
        .common = {.formats = {output::Format::text, output::Format::json, output::Format::jsonl, output::Format::csv},
                   .output = true,
                   .quiet = true},
        .exits = {{Exit::ok, "as many calls as asked for were taken, whatever they carried; or stopped by a signal"},
                  {Exit::inconclusive, "stopped before as many calls were taken as asked for"}},
        .examples = {{.says = "Refuse one call as busy, after half a second of ringing.",
                      .commands = {"trunkbox answer --listen udp:127.0.0.1:0 --count 1 --status 486 --ring 0.5 "
                                   "--ready-file ready &",
                                   "until [ -s ready ]; do sleep 0.05; done",
                                   "trunkbox call sip:100@$(cut -d: -f2- ready) --expect 486 --quiet; wait"},
                      .prints = {"sip:trunkbox@127.0.0.1:... -> sip:100@127.0.0.1:...: 486 Busy Here"}}},
        .see_also = {"trunkbox-call(1)", "trunkbox-provider(1)"},
        .run = run_answer};
    return tool;
}

}  // namespace trunkbox::tools

// Policies: printed, checked, and compared over a capture.
#include <fmt/format.h>

#include "base/text.h"
#include "captures.h"
#include "config/files.h"
#include "config/sbc_policy.h"
#include "output/verdict.h"
#include "sbc/judge.h"
#include "tool_table.h"

namespace trunkbox::tools {

namespace {

using cli::Arguments;
using cli::Env;
using cli::Exit;
using cli::Type;
using output::Format;
using Shape = output::Printer::Shape;

Exit print_policy(Env& env, const Arguments& arguments) {
    auto policy = config::load_sbc_policy(arguments.text("policy"));
    if (!policy) return cli::fail(env, policy.error());
    auto printer = arguments.printer(env, Shape::one);
    if (!printer) return cli::fail(env, printer.error());
    auto printed = printer->append(config::print_sbc_policy(*policy));
    if (printed) printed = printer->finish();
    return printed ? Exit::ok : cli::fail(env, printed.error());
}

cli::Tool print_command() {
    return {.name = "print",
            .summary = "a policy as a complete document, with a comment on every key and rule",
            .description = {"Where to begin with a policy of one's own: print strict, keep what differs."},
            .positionals = {{.name = "policy", .metavar = "POLICY", .help = "strict, lenient, observe, or a document",
                             .type = Type::text, .complete = cli::Complete::file}},
            .common = {.formats = {Format::text}, .output = true},
            .exits = {{Exit::input, "the document cannot be understood"}},
            .examples = {{.says = "A policy that is read back as it was printed.",
                          .commands = {"trunkbox sbc policy print strict >mine.json",
                                       "trunkbox sbc policy print mine.json | cmp - mine.json && echo the same"},
                          .prints = {"the same"}}},
            .run = print_policy};
}

Exit lint_policy(Env& env, const Arguments& arguments) {
    auto file = arguments.text("file");
    auto text = config::read_file(file);
    if (!text) return cli::fail(env, text.error());
    auto found = config::lint_sbc_policy(*text, file);
    if (!found) return cli::fail(env, found.error());
    auto printer = arguments.printer(env, Shape::many, {"where", "text", "fix"});
    if (!printer) return cli::fail(env, printer.error());
    for (const auto& finding : *found) {
        auto printed = printer->print({{"where", finding.where}, {"text", finding.what}, {"fix", finding.fix}}, finding.text());
        if (!printed) return cli::fail(env, printed.error());
    }
    if (auto finished = printer->finish(); !finished) return cli::fail(env, finished.error());
    return found->empty() ? Exit::ok : Exit::no;
}

cli::Tool lint_command() {
    return {.name = "lint",
            .summary = "what a policy document says and probably does not mean",
            .description = {"A rule that never applies, a change that changes nothing, peers whose networks overlap."},
            .positionals = {{.name = "file", .metavar = "FILE", .help = "policy document", .type = Type::file}},
            .common = {.formats = {Format::text, Format::json, Format::jsonl, Format::csv}, .output = true},
            .exits = {{Exit::ok, "nothing was found"},
                      {Exit::no, "something was"},
                      {Exit::input, "the document cannot be understood"}},
            .examples = {{.says = "A rule that the strict profile has just so.",
                          .commands = {"echo '{\"version\": 1, \"based_on\": \"strict\", \"rules\": {\"M-102\": {\"action\": "
                                       "\"reject 505\"}}}' >mine.json",
                                       "trunkbox sbc policy lint mine.json >found || echo \"exit status $?\""},
                          .prints = {"exit status 1"}}},
            .run = lint_policy};
}

// What two policies say differently of one capture.
class Comparison {
  public:
    Comparison(sbc::Policy a, sbc::Policy b) : a_(std::move(a)), b_(std::move(b)) {}

    Result<void> judge(const net::Datagram& datagram, output::Printer& printer) {
        auto message = sip::MessageView::read(datagram.bytes);
        auto a = a_.judge(datagram, message);
        auto b = b_.judge(datagram, message);
        if (a.action == b.action && a.status == b.status && a.rule == b.rule) return {};
        ++count_;
        auto frame = datagram.frames.empty() ? 0 : datagram.frames.back();
        return printer.print({{"frame", frame}, {"start_line", printable(message.start_line(), 120)},
                              {"a", output::in_words(a)}, {"b", output::in_words(b)}},
                             fmt::format("frame {}: {}\n    a: {}\n    b: {}", frame, printable(message.start_line(), 80),
                                         output::in_words(a), output::in_words(b)));
    }
    [[nodiscard]] std::size_t count() const { return count_; }

  private:
    sbc::Judge a_;
    sbc::Judge b_;
    std::size_t count_ = 0;
};

Exit compare(Env& env, const Arguments& arguments) {
    auto a = config::load_sbc_policy(arguments.text("a"));
    if (!a) return cli::fail(env, a.error());
    auto b = config::load_sbc_policy(arguments.text("b"));
    if (!b) return cli::fail(env, b.error());
    auto printer = arguments.printer(env, Shape::many, {"frame", "start_line", "a", "b"}, false);
    if (!printer) return cli::fail(env, printer.error());
    Comparison comparison(std::move(*a), std::move(*b));
    Result<void> printed;
    auto captures = Captures::read(env, arguments, [&](const net::Datagram& datagram) {
        if (printed) printed = comparison.judge(datagram, *printer);
    }, "over");
    if (!captures) return cli::fail(env, captures.error());
    if (printed) printed = printer->finish();
    if (!printed) return cli::fail(env, printed.error());
    if (captures->partial()) return Exit::inconclusive;
    return comparison.count() == 0 ? Exit::ok : Exit::no;
}

cli::Tool diff_command() {
    return {.name = "diff",
            .summary = "the messages of a capture on which two policies differ",
            .positionals = {{.name = "a", .metavar = "A", .help = "strict, lenient, observe, or a document", .type = Type::text,
                             .complete = cli::Complete::file},
                            {.name = "b", .metavar = "B", .help = "the other one", .type = Type::text,
                             .complete = cli::Complete::file}},
            .options = {{.name = "over", .type = Type::file, .metavar = "CAPTURE",
                         .help = "what both are asked about; '-' is standard input", .repeatable = true, .required = true},
                        bpf_option()},
            .common = {.formats = {Format::text, Format::json, Format::jsonl, Format::csv}, .output = true},
            .exits = {{Exit::ok, "both say the same of every message"},
                      {Exit::no, "they do not"},
                      {Exit::input, "a document cannot be understood, or it is no capture"},
                      {Exit::inconclusive, "the capture could be read in part only"}},
            .examples = {{.says = "Two names for one policy differ on nothing.",
                          .commands = {"trunkbox demo --quiet --pcap demo.pcap",
                                       "trunkbox sbc policy print strict >mine.json",
                                       "trunkbox sbc policy diff strict mine.json --over demo.pcap && echo no difference"},
                          .prints = {"no difference"}}},
            .run = compare};
}

}  // namespace

cli::Tool sbc_policy_command() {
    return {.name = "policy",
            .summary = "print, check and compare policies",
            .commands = {print_command(), lint_command(), diff_command()},
            .see_also = {"trunkbox-policy(5)", "trunkbox-rules(7)"}};
}

}  // namespace trunkbox::tools

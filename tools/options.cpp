// OPTIONS ping of a trunk or an endpoint.
#include "cli/arguments.h"
#include "cli/tool.h"
#include "ua/line.h"
#include "ua/pinger.h"

namespace trunkbox::tools {

namespace {

using cli::Arguments;
using cli::Env;
using cli::Exit;

ua::PingPlan ping_plan(const Arguments& arguments, const ua::Line& line) {
    return {.uri = arguments.text("target"),
            .first_hop = line.first_hop(),
            .count = static_cast<std::uint64_t>(arguments.integer("count")),
            .interval = arguments.duration("interval"),
            .wait = arguments.duration("wait")};
}

Exit verdict(const ua::PingReport& report, int signal, bool counted) {
    // Asked to go on until stopped, being stopped is the proper end.
    if (signal != 0 && counted) return static_cast<Exit>(128 + signal);
    if (report.received == 0 && report.sent > 0) return Exit::unanswered;
    return report.received < report.sent ? Exit::inconclusive : Exit::ok;
}

Exit run_options(Env& env, const Arguments& arguments) {
    auto line = ua::Line::towards(arguments.text("target"), {.pcap = arguments.text_or_empty("pcap")});
    if (!line) return cli::fail(env, line.error());
    auto printer = arguments.printer(env, output::Printer::Shape::one);
    if (!printer) return cli::fail(env, printer.error());

    int signal = 0;
    std::optional<ua::PingReport> report;
    Result<void> printed;
    auto each = [&](const ua::Probe& probe) {
        if (!arguments.quiet() && printed) printed = printer->append(ua::text(probe, (*line)->first_hop()));
    };
    auto done = [&](const ua::PingReport& r) {
        report = r;
        (*line)->loop().stop();
    };
    ua::Pinger pinger((*line)->agent(), ping_plan(arguments, **line), each, done);
    (*line)->loop().on_interrupt([&](int number) {
        signal = number;
        pinger.stop();
    });
    (*line)->loop().run();

    if (printed) printed = printer->print(ua::record(*report), ua::text(*report));
    if (printed) printed = printer->finish();
    if (printed) printed = (*line)->finish();
    if (!printed) return cli::fail(env, printed.error());
    return verdict(*report, signal, arguments.integer("count") != 0);
}

}  // namespace

const cli::Tool& options_tool() {
    static const cli::Tool tool{
        .name = "options",
        .section = "Calls",
        .summary = "ping a trunk or an endpoint with SIP OPTIONS",
        .description = {"Sends OPTIONS requests (RFC 3261 section 11) and tells how many were answered, and how fast. "
                        "Any answer counts: a 404 or 405 shows as well as a 200 that somebody is there."},
        .positionals = {{.name = "target",
                         .metavar = "URI",
                         .help = "whom to ask, e.g. sip:192.0.2.1:5060",
                         .type = cli::Type::uri}},
        .options = {{.name = "count",
                     .letter = 'c',
                     .type = cli::Type::integer,
                     .help = "probes to send; 0 goes on until stopped",
                     .fallback = "1",
                     .min = 0,
                     .max = 1'000'000'000},
                    {.name = "interval",
                     .letter = 'i',
                     .type = cli::Type::duration,
                     .help = "time between probes",
                     .fallback = "1",
                     .min = 0.001},
                    {.name = "wait",
                     .letter = 'w',
                     .type = cli::Type::duration,
                     .help = "how long to wait for each answer",
                     .fallback = "5",
                     .min = 0.001},
                    {.name = "pcap",
                     .type = cli::Type::file,
                     .help = "write what was sent and received to a capture file"}},
        .common = {.formats = {output::Format::text, output::Format::json, output::Format::jsonl, output::Format::csv},
                   .output = true,
                   .quiet = true},
        .exits = {{Exit::ok, "every probe was answered, whatever the answer"},
                  {Exit::input, "the URI cannot be understood or not be reached over UDP"},
                  {Exit::unanswered, "no probe was answered"},
                  {Exit::inconclusive, "some probes were lost"}},
        .examples = {{.says = "Is the far end there?",
                      .commands = {"trunkbox answer --listen 127.0.0.1:0 --ready-file ready >/dev/null &",
                                   "until [ -s ready ]; do sleep 0.05; done",
                                   "trunkbox options sip:$(cut -d: -f2- ready) --count 2 --interval 0.1"},
                      .prints = {"127.0.0.1:...: probe 1: 200 OK in ... ms ...",
                                 "127.0.0.1:...: probe 2: 200 OK in ... ms ...",
                                 "sip:127.0.0.1:...: 2 sent, 2 answered, 0 % lost, rtt min/avg/max/p95 ... ms"}},
                     {.says = "Nobody listens there.",
                      .commands = {"trunkbox options sip:127.0.0.1:9"},
                      .prints = {"127.0.0.1:9: probe 1: 127.0.0.1:9: connection refused",
                                 "sip:127.0.0.1:9: 1 sent, 0 answered, 100 % lost"},
                      .exit = Exit::unanswered}},
        .see_also = {"trunkbox-call(1)", "trunkbox-register(1)"},
        .run = run_options};
    return tool;
}

}  // namespace trunkbox::tools

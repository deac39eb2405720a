// One voice call, from INVITE to BYE.
#include <fmt/format.h>

#include "cli/arguments.h"
#include "cli/tool.h"
#include "output/ladder.h"
#include "ua/caller.h"
#include "ua/line.h"
#include "ua/picture.h"
#include "ua/sound.h"
#include "ua/trunk.h"
#include "trunk_candidates.h"

namespace trunkbox::tools {

namespace {

using cli::Arguments;
using cli::Env;
using cli::Exit;

// With a trunk, or from nobody in particular.
Result<ua::Trunk> trunk_of(Env& env, const Arguments& arguments) {
    if (arguments.given("trunk")) return ua::load_trunk(arguments.text("trunk"), env.variable);
    ua::Trunk none;
    none.profile.identity_header = sip::IdentityHeader::none;
    if (!arguments.given("user")) return none;
    auto password = arguments.secret(env, "password");
    if (!password) return tl::unexpected(password.error());
    none.login = sip::Login{arguments.text("user"), password->value_or("")};
    return none;
}

Result<ua::CallPlan> plan(const Arguments& arguments, const ua::Trunk& trunk, const std::string& target,
                          ua::Line& line) {
    ua::CallPlan plan;
    bool anonymous = !arguments.given("from") && !arguments.given("trunk");
    plan.setup = trunk.caller(target, anonymous ? line.agent().uri("trunkbox") : arguments.text_or_empty("from"));
    plan.setup.timing.answer = arguments.duration("timeout");
    for (const auto& header : arguments.many("header")) {
        auto parsed = ua::parse_header(header);
        if (!parsed) return tl::unexpected(parsed.error());
        plan.setup.headers.push_back(std::move(*parsed));
    }
    plan.setup.contact = fmt::format("<{}>", line.agent().uri(trunk.contact_user().empty() ? "trunkbox"
                                                                                           : trunk.contact_user()));
    plan.first_hop = line.first_hop();
    plan.duration = arguments.duration("duration");
    plan.digits = arguments.text_or_empty("dtmf");
    plan.media = !arguments.flag("no-media");
    plan.audio = {.local = line.agent().local().ip, .seed = line.agent().seed(), .recorder = line.recorder()};
    auto codecs = arguments.given("codec") ? arguments.many("codec") : trunk.profile.codecs;
    auto sound = ua::prepare(plan.audio, {.codecs = codecs,
                                          .play = arguments.text_or_empty("play"),
                                          .tone = arguments.number("tone"),
                                          .silence = arguments.flag("silence"),
                                          .record = arguments.given("record")});
    if (!sound) return tl::unexpected(sound.error());
    if (!plan.digits.empty())
        if (auto good = ua::check_digits(plan.digits); !good) return tl::unexpected(good.error());
    return plan;
}

Exit verdict(const ua::CallReport& report, const Arguments& arguments, int signal) {
    using sip::call::End;
    const auto& outcome = report.outcome;
    if (signal != 0) return static_cast<Exit>(128 + signal);
    if (arguments.given("expect") && outcome.status != 0 && outcome.end != End::unanswered)
        return outcome.status == arguments.integer("expect") ? Exit::ok : Exit::no;
    switch (outcome.end) {
        case End::completed: return report.deaf() || !report.problem.empty() ? Exit::inconclusive : Exit::ok;
        case End::refused: return Exit::refused;
        case End::cancelled:
        case End::unanswered:
        case End::timeout:
        case End::unreachable: return Exit::unanswered;
        case End::no_ack: return Exit::inconclusive;
    }
    return Exit::inconclusive;
}

Result<void> print(Env& env, const Arguments& arguments, output::Printer& printer, const ua::CallReport& report,
                   ua::Line& line) {
    auto record = ua::record(report);
    std::string ladder;
    if (arguments.flag("ladder")) {
        auto picture = ua::picture(*line.recorder(), {report},
                                   {{line.agent().local(), "call"}, {report.audio.local, "call"}});
        ladder = output::text(picture, {.width = static_cast<std::size_t>(env.width), .color = arguments.color(env)});
        record.set("ladder", output::text(picture));
    }
    auto printed = printer.print(record, arguments.quiet() ? std::string{} : ua::text(report));
    if (printed && !ladder.empty()) printed = printer.append(ladder);
    if (printed) printed = printer.finish();
    return printed ? line.finish() : printed;
}

Exit run_call(Env& env, const Arguments& arguments) {
    auto trunk = trunk_of(env, arguments);
    if (!trunk) return cli::fail(env, trunk.error());
    auto target = trunk->target(arguments.text("target"));
    if (!target) return cli::fail(env, target.error());
    auto printer = arguments.printer(env, output::Printer::Shape::one);
    if (!printer) return cli::fail(env, printer.error());
    auto line = ua::Line::towards(arguments.given("trunk") ? trunk->first_hop() : *target,
                                  {.pcap = arguments.text_or_empty("pcap"), .keep_messages = arguments.flag("ladder")});
    if (!line) return cli::fail(env, line.error());
    auto call_plan = plan(arguments, *trunk, *target, **line);
    if (!call_plan) return cli::fail(env, call_plan.error());

    int signal = 0;
    std::optional<ua::CallReport> report;
    auto caller = ua::Caller::place((*line)->agent(), std::move(*call_plan), [&](const ua::CallReport& r) {
        report = r;
        (*line)->loop().stop();
    });
    if (!caller) return cli::fail(env, caller.error());
    (*line)->loop().on_interrupt([&](int number) {
        signal = number;
        (*caller)->hang_up();
    });
    if (!report) (*line)->loop().run();

    if (arguments.given("record"))
        if (auto saved = ua::save_heard(*(*caller)->audio(), arguments.text("record")); !saved)
            return cli::fail(env, saved.error());
    if (auto printed = print(env, arguments, *printer, *report, **line); !printed)
        return cli::fail(env, printed.error());
    return verdict(*report, arguments, signal);
}

std::vector<cli::Option> call_options() {
    using cli::Type;
    return {
        {.name = "trunk",
         .letter = 't',
         .type = Type::text,
         .metavar = "NAME|FILE",
         .help = "call over this trunk: its address, identity, login and codecs",
         .example = "acme.json",
         .complete = cli::Complete::live},
        {.name = "from", .type = Type::uri, .help = "calling party's URI; by default the trunk's, or our own address"},
        {.name = "user",
         .type = Type::text,
         .help = "user name for a challenge, when no trunk is used",
         .excludes = {"trunk"}},
        {.name = "password", .type = Type::secret, .help = "password that goes with --user", .excludes = {"trunk"}},
        {.name = "header",
         .letter = 'H',
         .type = Type::text,
         .metavar = "'NAME: VALUE'",
         .help = "add this header to the INVITE",
         .repeatable = true,
         .example = "'X-Test: 1'"},
        {.name = "duration",
         .letter = 'd',
         .type = Type::duration,
         .help = "hang up this long after the answer, when all digits are out; 0 leaves it to them",
         .fallback = "5"},
        {.name = "timeout",
         .type = Type::duration,
         .help = "give up when there is no answer after this time",
         .fallback = "60",
         .min = 0.1},
        {.name = "expect",
         .type = Type::integer,
         .metavar = "STATUS",
         .help = "exit with 0 for this final status, with 1 for any other",
         .min = 200,
         .max = 699},
        {.name = "ladder", .help = "draw the messages and the media of the call"},
        {.name = "pcap", .type = Type::file, .help = "write what was sent and received to a capture file"},
        {.name = "dtmf",
         .type = Type::text,
         .metavar = "DIGITS",
         .help = "send these digits (0-9 * # A-D) as telephone-events once answered",
         .excludes = {"no-media"},
         .example = "1234#",
         .group = "Media"},
        {.name = "tone",
         .type = Type::number,
         .metavar = "HZ",
         .help = "say a tone of this frequency",
         .fallback = "440",
         .min = 20,
         .max = 3800,
         .excludes = {"play", "silence", "no-media"},
         .group = "Media"},
        {.name = "play",
         .type = Type::file,
         .help = "say a sound file (WAV, AIFF, FLAC)",
         .excludes = {"silence", "no-media"},
         .group = "Media"},
        {.name = "silence", .help = "say silence", .excludes = {"no-media"}, .group = "Media"},
        {.name = "record",
         .type = Type::file,
         .help = "write what was heard to a WAV file",
         .excludes = {"no-media"},
         .group = "Media"},
        {.name = "codec",
         .type = Type::choice,
         .help = "offer this codec; repeat for several, in order of preference",
         .choices = {"PCMA", "PCMU"},
         .repeatable = true,
         .excludes = {"no-media"},
         .group = "Media"},
        {.name = "no-media", .help = "offer an inactive stream; nothing need be heard then", .group = "Media"},
    };
}

}  // namespace

const cli::Tool& call_tool() {
    static const cli::Tool tool{
        .name = "call",
        .section = "Calls",
        .summary = "place a voice call and tell how it went",
        .description = {"Places one call (RFC 3261): INVITE, with credentials if challenged; ringing; the answer; voice "
                        "both ways in G.711; digits; and the end, from either side. Interrupted, it cancels or hangs "
                        "up.",
                        "The target is a SIP URI, or over a trunk a telephone number in any spelling that the trunk's "
                        "region allows."},
        .positionals = {{.name = "target", .help = "SIP URI, or a number with --trunk"}},
        .options = call_options(),
        .common = {.formats = {output::Format::text, output::Format::json, output::Format::jsonl, output::Format::csv},
                   .output = true,
                   .color = true,
                   .quiet = true},
        .exits = {{Exit::ok, "answered and heard, or ended with the status that --expect names"},
                  {Exit::no, "ended with another status than --expect names"},
                  {Exit::input, "the profile, a sound file or a URI in it cannot be understood"},
                  {Exit::refused, "refused; the status is in the output"},
                  {Exit::unanswered, "no answer in time, or unreachable"},
                  {Exit::inconclusive, "answered, but nothing was heard, or not all digits could be sent"},
                  {Exit::interrupted, "interrupted; the call was cancelled or hung up"},
                  {Exit::terminated, "likewise, by SIGTERM"}},
        .notes = {"A peer that never responds is given up after 32 seconds or --timeout, whichever is shorter; a BYE that "
                  "is not answered after 8 seconds."},
        .examples = {{.says = "Call a far end on this machine that echoes what it hears.",
                      .commands = {"trunkbox answer --listen 127.0.0.1:0 --echo --count 1 --ready-file ready >/dev/null &",
                                   "until [ -s ready ]; do sleep 0.05; done",
                                   "trunkbox call sip:100@$(cut -d: -f2- ready) --duration 1 --dtmf 42#"},
                      .prints = {"sip:trunkbox@127.0.0.1:... -> sip:100@127.0.0.1:...: 200 OK after ... s, talked ... "
                                 "s, hung up by us",
                                 "  PCMA: sent ... packets, received ...", "  digits received: 42#"}},
                     {.says = "Assert that a number is busy.",
                      .commands = {"trunkbox answer --listen 127.0.0.1:0 --status 486 --count 1 --ready-file busy >/dev/null &",
                                   "until [ -s busy ]; do sleep 0.05; done",
                                   "trunkbox call sip:100@$(cut -d: -f2- busy) --expect 486"},
                      .prints = {"sip:trunkbox@127.0.0.1:... -> sip:100@127.0.0.1:...: 486 Busy Here"}}},
        .see_also = {"trunkbox-answer(1)", "trunkbox-register(1)", "trunkbox-provider(1)",
                     "trunkbox-trunk(5)"},
        .run = run_call,
        .complete = trunk_candidates};
    return tool;
}

}  // namespace trunkbox::tools

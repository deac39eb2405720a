// Registration of a trunk: once, kept up, queried, removed.
#include <fmt/format.h>

#include "base/text.h"
#include "cli/arguments.h"
#include "cli/tool.h"
#include "ua/line.h"
#include "ua/registrant.h"
#include "ua/report.h"
#include "ua/trunk.h"
#include "trunk_candidates.h"

namespace trunkbox::tools {

namespace {

using cli::Arguments;
using cli::Env;
using cli::Exit;
using sip::registration::Mode;
using sip::registration::Outcome;

Mode mode_of(const Arguments& arguments) {
    if (arguments.flag("query")) return Mode::query;
    if (arguments.flag("remove")) return arguments.flag("all") ? Mode::remove_all : Mode::remove;
    return arguments.flag("once") ? Mode::once : Mode::keep;
}

Exit verdict(const Outcome& outcome, int signal) {
    using sip::registration::End;
    switch (outcome.end) {
        case End::done: return Exit::ok;  // a kept registration, stopped by a signal, ends in order
        case End::refused: return Exit::refused;
        case End::timeout:
        case End::unreachable: return signal != 0 ? static_cast<Exit>(128 + signal) : Exit::unanswered;
    }
    return Exit::ok;
}

std::string text(const Outcome& outcome, const std::string& aor, Mode mode) {
    std::string out;
    if (outcome.end != sip::registration::End::done)
        return fmt::format("{}: not registered: {}\n", aor, ua::describe(outcome));
    if (outcome.registered)
        out = fmt::format("{}: registered for {} s\n", aor, outcome.expires);
    else if (mode != Mode::query)
        out = fmt::format("{}: not registered any more\n", aor);
    else if (outcome.bindings.empty())
        out = fmt::format("{}: no bindings\n", aor);
    else
        out = fmt::format("{}:\n", aor);
    for (const auto& binding : outcome.bindings)
        out += binding.expires ? fmt::format("  {} for {} s\n", printable(binding.uri, 300), *binding.expires)
                               : fmt::format("  {}\n", printable(binding.uri, 300));
    return out;
}

// A query knows nothing of a binding of ours: whatever is bound counts.
Outcome seen_by(Mode mode, Outcome outcome) {
    if (mode == Mode::query && outcome.end == sip::registration::End::done && !outcome.bindings.empty()) {
        outcome.registered = true;
        outcome.expires = outcome.bindings.front().expires.value_or(0);
    }
    return outcome;
}

Exit run_register(Env& env, const Arguments& arguments) {
    auto trunk = ua::load_trunk(arguments.text("trunk"), env.variable);
    if (!trunk) return cli::fail(env, trunk.error());
    if (arguments.given("expires")) trunk->profile.expires = std::chrono::seconds(arguments.integer("expires"));
    auto printer = arguments.printer(env, output::Printer::Shape::one);
    if (!printer) return cli::fail(env, printer.error());
    auto line = ua::Line::towards(trunk->first_hop(),
                                  {.pcap = arguments.text_or_empty("pcap")});
    if (!line) return cli::fail(env, line.error());

    auto mode = mode_of(arguments);
    auto contact = arguments.given("contact") ? arguments.text("contact")
                                              : (*line)->agent().uri(trunk->contact_user());
    auto setup = trunk->registration(mode, contact);
    if (!setup) return cli::fail(env, setup.error());
    // An earlier run of ours was bound to another port of this machine.
    setup->any_port = !arguments.given("contact");

    int signal = 0;
    std::optional<Outcome> outcome;
    auto say = [&](const std::string& message) {
        if (!arguments.quiet() && (env.err_is_terminal || arguments.verbose())) cli::note(env, message);
    };
    ua::Registrant registrant(
        (*line)->agent(), std::move(*setup), (*line)->first_hop(),
        {.registered = [&](const auto& o) { say(fmt::format("registered for {} s", o.expires)); },
         .lost = [&](const auto& lost) { cli::note(env, "registration lost: " + ua::describe(lost.outcome)); },
         .ended =
             [&](const auto& o) {
                 outcome = seen_by(mode, o);
                 (*line)->loop().stop();
             }});
    (*line)->loop().on_interrupt([&](int number) {
        signal = number;
        registrant.stop();
        if (mode != Mode::keep) (*line)->loop().stop();
    });
    if (!outcome) (*line)->loop().run();
    // Stopped before the registrar had said anything: there is nothing to tell.
    if (!outcome || (signal != 0 && (mode != Mode::keep || outcome->status == 0))) return static_cast<Exit>(128 + signal);

    auto printed = printer->print(ua::record(*outcome),
                                  arguments.quiet() ? std::string{} : text(*outcome, trunk->profile.aor, mode));
    if (printed) printed = printer->finish();
    if (printed) printed = (*line)->finish();
    if (!printed) return cli::fail(env, printed.error());
    return verdict(*outcome, signal);
}

}  // namespace

const cli::Tool& register_tool() {
    static const cli::Tool tool{
        .name = "register",
        .section = "Calls",
        .summary = "register a trunk, keep it registered, query or remove it",
        .description = {"Registers the address of record of a trunk profile (RFC 3261 section 10). Without --once it "
                        "stays, refreshes the registration before it expires, and removes it when it is stopped.",
                        "Challenges are answered with MD5 or SHA-256, whichever the registrar names first. A 423 is "
                        "answered with the longer expiry that the registrar asks for."},
        .options = {{.name = "trunk",
                     .letter = 't',
                     .type = cli::Type::text,
                     .metavar = "NAME|FILE",
                     .help = "trunk profile, by name or file",
                     .required = true,
                     .example = "acme.json",
                     .complete = cli::Complete::live},
                    {.name = "once", .help = "register once and leave the binding to expire",
                     .excludes = {"query", "remove"}},
                    {.name = "query", .help = "ask which contacts are bound", .excludes = {"remove"}},
                    {.name = "remove", .help = "remove what this machine has bound, or the binding of --contact"},
                    {.name = "all", .help = "with --remove: remove every binding of the address of record"},
                    {.name = "contact",
                     .type = cli::Type::uri,
                     .help = "URI to bind in place of this machine's own address"},
                    {.name = "expires",
                     .type = cli::Type::integer,
                     .metavar = "SECONDS",
                     .help = "expiry to ask for in place of the profile's",
                     .min = 1,
                     .max = 4294967295.0},
                    {.name = "pcap",
                     .type = cli::Type::file,
                     .help = "write what was sent and received to a capture file"}},
        .common = {.formats = {output::Format::text, output::Format::json, output::Format::jsonl, output::Format::csv},
                   .output = true,
                   .quiet = true,
                   .verbose = true},
        .exits = {{Exit::ok, "done as asked; a kept registration was stopped and removed"},
                  {Exit::input, "the profile or a URI in it cannot be understood"},
                  {Exit::refused, "the registrar refused"},
                  {Exit::unanswered, "the registrar did not answer"},
                  {Exit::interrupted, "interrupted before it was done"},
                  {Exit::terminated, "likewise, by SIGTERM"}},
        .examples = {{.says = "Register a trunk of the loopback provider once, for the address at which a PBX waits.",
                      .commands = {"trunkbox provider --listen 127.0.0.1:0 --write-trunk acme.json --ready-file ready "
                                   ">/dev/null &",
                                   "until [ -s ready ]; do sleep 0.05; done",
                                   "trunkbox register --trunk acme.json --once --contact sip:pbx@192.0.2.10:5060"},
                      .prints = {"sip:acme@provider.example.com: registered for 3600 s",
                                 "  sip:pbx@192.0.2.10:5060 for 3600 s"}},
                     {.says = "Who is registered there?",
                      .commands = {"trunkbox register --trunk acme.json --query --format csv"},
                      .prints = {"registered,status,reason,expires,contacts,seconds", "true,200,OK,...,..."}},
                     {.says = "Remove that binding again.",
                      .commands = {"trunkbox register --trunk acme.json --remove --contact sip:pbx@192.0.2.10:5060"},
                      .prints = {"sip:acme@provider.example.com: not registered any more"}}},
        .see_also = {"trunkbox-call(1)", "trunkbox-provider(1)", "trunkbox-trunk(5)"},
        .run = run_register,
        .complete = trunk_candidates};
    return tool;
}

}  // namespace trunkbox::tools

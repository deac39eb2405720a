// The whole provider on this machine.
#include <fmt/format.h>

#include "cli/arguments.h"
#include "cli/tool.h"
#include "config/files.h"
#include "config/trunk_profile.h"
#include "provider/files.h"
#include "provider/provider.h"
#include "ua/line.h"
#include "wire/ready_file.h"

namespace trunkbox::tools {

namespace {

using cli::Arguments;
using cli::Env;
using cli::Exit;

Result<config::ProviderConfig> load(const Arguments& arguments) {
    auto file = arguments.text_or_empty("config");
    std::string text(config::default_provider_config());
    if (!file.empty()) {
        auto read = config::read_file(file);
        if (!read) return tl::unexpected(read.error());
        text = std::move(*read);
    }
    auto config = config::read_provider_config(text, file.empty() ? "default" : file);
    if (config && arguments.given("db")) config->directory_place = arguments.text("db");
    if (!config || !arguments.given("listen")) return config;
    auto listen = ua::parse_listen(arguments.text("listen"));
    if (!listen) return tl::unexpected(listen.error());
    config->listen = *listen;
    return config;
}

output::Record record(const provider::Event& event) {
    output::Record out{{"time", rfc3339(event.time)}, {"station", event.station}, {"event", event.kind}};
    out.set("text", event.text);
    out.set("detail", event.detail);
    return out;
}

std::string text(const provider::Event& event) {
    return fmt::format("{} {:<14} {}\n", rfc3339(event.time, 3), event.station, event.text);
}

Result<void> announce(const Arguments& arguments, provider::Provider& provider) {
    if (arguments.given("write-trunk")) {
        auto written = provider::write_trunk(provider, arguments.text("write-trunk"), arguments.text_or_empty("trunk"));
        if (!written) return written;
    }
    if (!arguments.given("ready-file")) return {};
    std::vector<std::string> addresses{"udp:" + provider.listen().text()};
    return wire::write_ready_file(arguments.text("ready-file"), addresses);
}

Exit run_provider(Env& env, const Arguments& arguments) {
    if (arguments.flag("print-config")) {
        env.out << config::default_provider_config();
        return Exit::ok;
    }
    auto config = load(arguments);
    if (!config) return cli::fail(env, config.error());
    auto printer = arguments.printer(env, output::Printer::Shape::many);
    if (!printer) return cli::fail(env, printer.error());

    sofia::Library library;
    sofia::Loop loop(library);
    auto recorder = wire::Recorder::open({.pcap = arguments.text_or_empty("pcap")});
    if (!recorder) return cli::fail(env, recorder.error());
    Result<void> printed;
    auto tell = [&](const provider::Event& event) {
        if (printed) printed = printer->print(record(event), arguments.quiet() ? std::string{} : text(event));
        if (!printed) loop.stop();
    };
    auto provider = provider::Provider::open(
        loop, std::move(*config), {.environment = env.variable, .recorder = &*recorder, .tell = tell});
    if (!provider) return cli::fail(env, provider.error());
    if (auto ready = announce(arguments, **provider); !ready) return cli::fail(env, ready.error());
    if (env.err_is_terminal && !arguments.quiet())
        cli::note(env, "listening on udp:" + (*provider)->listen().text());

    bool ending = false;
    sofia::Timer patience;
    loop.on_interrupt(
        [&](int) {
            ending = true;
            (*provider)->hang_up();
            // Long enough for a BYE and its answer; nobody waits for a peer that is gone.
            patience = loop.after(2s, [&] { loop.stop(); });
        },
        [&] {
            auto reloaded = (*provider)->reload_routes();
            tell({.time = loop.now(),
                  .station = "proxy",
                  .kind = reloaded ? "reloaded" : "not_reloaded",
                  .text = reloaded ? "routes read again" : reloaded.error().text(),
                  .detail = {}});
        });
    loop.run_until([&] { return !printed || (ending && (*provider)->live() == 0); });
    if (printed) printed = printer->finish();
    if (printed) printed = recorder->close();
    return printed ? Exit::ok : cli::fail(env, printed.error());
}

}  // namespace

const cli::Tool& provider_tool() {
    static const cli::Tool tool{
        .name = "provider",
        .section = "Provider",
        .summary = "be a whole SIP trunk provider on this machine",
        .description = {"Runs, in one process: the edge SBC, which judges every datagram from its bytes before anything "
                        "else reads it, hides the inside and anchors the media; the registrar; the proxy, which compares "
                        "what all carriers ask for a call, takes the cheapest and the next when that fails; a second SBC "
                        "for each carrier; and the carriers themselves.",
                        "Calls to a number of the directory are delivered as 'trunkbox centrex resolve' says; all others go to "
                        "the world. Phones ring at once or one after another, each as long as it may; the first answer ends "
                        "the others, and a phone that is busy does not make the caller wait. When none of them answers, the "
                        "directory is asked again with what they showed: who answered 486 or 600 is busy, who rang in vain did "
                        "not answer, whoever else refused or was silent is not reachable; up to eight times, until nothing more "
                        "follows. A mailbox is elsewhere: its caller gets 480.",
                        "A directory that 'trunkbox centrex' edits is asked anew for each call: whoever logs in at another desk "
                        "is called there, whoever is barred from a number outside gets 403, and a trunk shows no number that is "
                        "neither assigned to its tenant nor allowed to all of it; its main number stands in, and if that may not "
                        "be shown either, the call gets 403. What happens is told on standard output, an event a line.",
                        "A configuration that names a route table as 'routes' (see trunkbox-lcr(1)) has it read again on "
                        "SIGHUP: calls in progress stay where they are, the next ones go by the new table, and a table "
                        "that cannot be read changes nothing."},
        .options = {{.name = "listen",
                     .letter = 'l',
                     .type = cli::Type::address,
                     .metavar = "[udp:]IP:PORT",
                     .help = "where phones and PBXs reach the edge, in place of what the configuration says; port 0 "
                             "picks a free one",
                     .example = "127.0.0.1:5080"},
                    {.name = "config",
                     .letter = 'c',
                     .type = cli::Type::file,
                     .help = "configuration; without it, what --print-config prints"},
                    {.name = "db",
                     .type = cli::Type::file,
                     .metavar = "PATH",
                     .help = "the directory that calls go by, a file or postgresql://USER@HOST/NAME, in place of what the "
                             "configuration says"},
                    {.name = "print-config",
                     .help = "print a complete configuration with comments, and end",
                     .excludes = {"config"}},
                    {.name = "write-trunk",
                     .type = cli::Type::file,
                     .help = "write the profile of a trunk here, and its password to a file of mode 600 beside it"},
                    {.name = "trunk",
                     .type = cli::Type::text,
                     .metavar = "NAME",
                     .help = "which trunk --write-trunk writes; by default the first"},
                    {.name = "ready-file",
                     .type = cli::Type::file,
                     .help = "write the bound address to this file when calls can come"},
                    {.name = "pcap",
                     .type = cli::Type::file,
                     .help = "write what all stations send and receive to a capture file"}},
        .common = {.formats = {output::Format::text, output::Format::jsonl, output::Format::json},
                   .output = true,
                   .quiet = true},
        .exits = {{Exit::ok, "stopped by SIGINT or SIGTERM"},
                  {Exit::input, "the configuration or a deck cannot be understood"}},
        .examples = {{.says = "Start a provider, and call through it.",
                      .commands = {"trunkbox provider --listen 127.0.0.1:0 --write-trunk acme.json --ready-file ready "
                                   ">/dev/null &",
                                   "until [ -s ready ]; do sleep 0.05; done",
                                   "trunkbox call --trunk acme.json +442079460123 --duration 1"},
                      .prints = {"sip:acme@provider.example.com -> sip:+442079460123@provider.example.com: 200 OK after "
                                 "... s, talked ... s, hung up by us",
                                 "  PCMA: sent ... packets, received ..."}}},
        .see_also = {"trunkbox-call(1)", "trunkbox-register(1)", "trunkbox-demo(1)",
                     "trunkbox-provider(5)", "trunkbox-trunk(5)"},
        .run = run_provider};
    return tool;
}

}  // namespace trunkbox::tools

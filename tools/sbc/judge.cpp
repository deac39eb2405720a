// Single messages put through a policy.
#include <istream>
#include <iterator>

#include "config/files.h"
#include "config/sbc_policy.h"
#include "output/verdict.h"
#include "policy_option.h"
#include "sbc/judge.h"
#include "tool_table.h"

namespace trunkbox::tools {

namespace {

using cli::Arguments;
using cli::Env;
using cli::Exit;

Result<std::string> message_in(Env& env, const std::string& path) {
    if (path == "-") return std::string(std::istreambuf_iterator<char>(env.in), {});
    return config::read_file(path, std::size_t{1} << 20);
}

Exit run_judge(Env& env, const Arguments& arguments) {
    auto policy = config::load_sbc_policy(arguments.text("policy"));
    if (!policy) return cli::fail(env, policy.error());
    const sbc::Judge judge(std::move(*policy));
    auto files = arguments.many("files");
    auto printer = arguments.printer(env, files.size() == 1 ? output::Printer::Shape::one : output::Printer::Shape::many);
    if (!printer) return cli::fail(env, printer.error());
    bool all_accepted = true;
    for (const auto& file : files) {
        auto bytes = message_in(env, file);
        if (!bytes) return cli::fail(env, bytes.error());
        auto message = sip::MessageView::read(*bytes);
        auto verdict = judge.judge_message(message);
        all_accepted = all_accepted && verdict.action == sbc::Action::accept;
        auto printed = printer->print(output::record(file, message, verdict), output::text(file, message, verdict));
        if (!printed) return cli::fail(env, printed.error());
    }
    if (auto finished = printer->finish(); !finished) return cli::fail(env, finished.error());
    return all_accepted ? Exit::ok : Exit::no;
}

}  // namespace

cli::Tool sbc_judge_command() {
    using output::Format;
    return {.name = "judge",
            .summary = "one SIP message a file: what an SBC would answer, by which rule, because of which bytes",
            .description = {"A file holds the bytes of one message as they came, in one UDP datagram. Only rules that need "
                            "nothing but the message are asked: what depends on a peer, on a direction or on what came "
                            "before is for 'sbc filter'."},
            .positionals = {{.name = "files",
                             .metavar = "FILE",
                             .help = "a message; '-' is standard input",
                             .type = cli::Type::file,
                             .max = 0}},
            .options = {policy_option()},
            .common = {.formats = {Format::text, Format::json, Format::jsonl, Format::csv}, .output = true},
            .exits = {{Exit::ok, "every message is accepted"},
                      {Exit::no, "one is rejected or dropped, or is no SIP message"},
                      {Exit::input, "the policy cannot be understood"}},
            .examples = {{.says = "A Max-Forwards that is no number.",
                          .commands = {"printf 'OPTIONS sip:203.0.113.1 SIP/2.0\\r\\nVia: SIP/2.0/UDP "
                                       "192.0.2.1;branch=z9hG4bK1\\r\\nMax-Forwards: many\\r\\nFrom: "
                                       "<sip:a@example.com>;tag=1\\r\\nTo: <sip:b@example.com>\\r\\nCall-ID: 1\\r\\nCSeq: 1 "
                                       "OPTIONS\\r\\nContent-Length: 0\\r\\n\\r\\n' >many.sip",
                                       "trunkbox sbc judge many.sip"},
                          .prints = {"many.sip: reject 400 by M-110 at byte 77: Max-Forwards 'many' is no number up to 255",
                                     "    Max-Forwards: many", "    ^"},
                          .exit = Exit::no}},
            .run = run_judge};
}

}  // namespace trunkbox::tools

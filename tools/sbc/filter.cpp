// A capture put through a policy.
#include <future>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "captures.h"
#include "config/sbc_policy.h"
#include "filter_run.h"
#include "pcap/live.h"
#include "policy_option.h"
#include "sbc/ahead.h"
#include "sofia/loop.h"
#include "sofia/startup.h"
#include "store/handover.h"
#include "tool_table.h"
#include "wire/ready_file.h"

namespace trunkbox::tools {

namespace {

using cli::Arguments;
using cli::Env;
using cli::Exit;
using output::Format;

CaptureKind kind_of(const pcap::Reader& reader) { return {reader.link_type(), reader.precision()}; }

Result<Extent> filter_files(Env& env, const Arguments& arguments, FilterRun& filter) {
    bool begun = false;
    return each_frame(env, arguments, [&](const pcap::Reader& reader, const net::Frame& frame) -> Result<void> {
        if (!std::exchange(begun, true))
            if (auto opened = filter.is_of(kind_of(reader)); !opened) return opened;
        return filter.feed(frame);
    });
}

// Frames that another thread has taken apart.
struct Filled {
    sbc::Batch batch{};
    CaptureKind kind{};
};

// Reads captures, takes them apart and reads their messages, ahead of who judges them.
Result<Extent> read_ahead(Env& env, const Arguments& arguments, const sbc::Judge& judge, store::Handover<Filled>& handover) {
    sbc::Ahead ahead(judge);
    auto filled = handover.empty();
    auto extent = each_frame(env, arguments, [&](const pcap::Reader& reader, const net::Frame& frame) -> Result<void> {
        if (filled && filled->batch.full()) {
            handover.fill(std::move(filled));
            filled = handover.empty();
            if (filled) filled->batch.clear();
        }
        if (!filled) return failure(Fault::system, "", "the frames are not wanted any more", "");
        if (filled->batch.empty()) filled->kind = kind_of(reader);
        ahead.take(frame, filled->batch);
        return {};
    });
    if (filled && extent) {
        ahead.finish(filled->batch);
        handover.fill(std::move(filled));
    }
    handover.end();
    return extent;
}

Result<Extent> filter_files_ahead(Env& env, const Arguments& arguments, FilterRun& filter) {
    store::Handover<Filled> handover;
    auto reading = std::async(std::launch::async, [&] { return read_ahead(env, arguments, filter.judge(), handover); });
    Result<void> judged;
    while (auto filled = handover.full()) {
        if (judged) judged = filter.is_of(filled->kind);
        if (judged) judged = filter.feed(filled->batch);
        if (!judged) handover.stop();
        handover.give_back(std::move(filled));
    }
    auto extent = reading.get();
    return judged ? extent : tl::unexpected(judged.error());
}

Result<Extent> filter_live(Env& env, const Arguments& arguments, FilterRun& filter) {
    auto live = pcap::Live::open(arguments.text("live"), {.filter = arguments.text_or_empty("bpf")});
    if (!live) return tl::unexpected(live.error());
    sofia::Library library;
    sofia::Loop loop(library);
    loop.on_interrupt([&](int) { loop.stop(); });
    Result<void> taken = filter.is_of({live->link_type(), live->precision()});
    Extent extent;
    auto watch = loop.watch(live->descriptor(), [&] {
        auto came = live->each([&](const net::Frame& frame) {
            extent.frames = frame.number;
            if (taken) taken = filter.feed(frame);
        });
        if (taken && !came) taken = came;
        if (!taken) loop.stop();
    });
    if (arguments.given("ready-file")) {
        std::vector<std::string> interfaces{arguments.text("live")};
        if (auto ready = wire::write_ready_file(arguments.text("ready-file"), interfaces); !ready)
            return tl::unexpected(ready.error());
    }
    if (taken) loop.run();
    if (!taken) return tl::unexpected(taken.error());
    if (auto lost = live->lost(); lost > 0) {
        cli::note(env, fmt::format("{} packets came faster than they were read", lost));
        extent.partial = true;
    }
    return extent;
}

Result<Extent> filter_all(Env& env, const Arguments& arguments, FilterRun& filter) {
    bool files = !arguments.many("captures").empty();
    if (arguments.given("live") == files)
        return failure(Fault::usage, "", "there must be captures or --live, one of them", "write e.g. 'sbc filter trunk.pcap'");
    if (files && arguments.given("ready-file"))
        return failure(Fault::usage, "", "--ready-file is for --live", "leave it out: files need no waiting for");
    if (!files) return filter_live(env, arguments, filter);
    return arguments.integer("jobs") > 1 ? filter_files_ahead(env, arguments, filter) : filter_files(env, arguments, filter);
}

cli::Positional captures_or_none() {
    auto captures = captures_positional();
    captures.min = 0;
    return captures;
}

Exit run_filter(Env& env, const Arguments& arguments) {
    auto policy = config::load_sbc_policy(arguments.text("policy"));
    if (!policy) return cli::fail(env, policy.error());
    FilterRun filter(arguments, std::move(*policy));
    if (auto prepared = filter.prepare(env, arguments); !prepared) return cli::fail(env, prepared.error());
    auto extent = filter_all(env, arguments, filter);
    if (!extent) return cli::fail(env, extent.error());
    if (auto finished = filter.finish(); !finished) return cli::fail(env, finished.error());
    if (auto printed = filter.print(); !printed) return cli::fail(env, printed.error());
    if (filter.unread() > 0)
        cli::note(env, fmt::format("{} packets are of a link type that is not read", filter.unread()));
    if (filter.failed()) return Exit::no;
    return extent->partial || filter.unread() > 0 ? Exit::inconclusive : Exit::ok;
}

}  // namespace

cli::Tool sbc_filter_command() {
    using cli::Type;
    return {
        .name = "filter",
        .summary = "put captures through a policy: a verdict a message, the rule, the bytes, an exit code",
        .description =
            {"Every message of the captures is judged as the provider's edge would judge it, by the time of the capture. "
             "Every frame is counted once: accepted, rejected (a message of it is rejected or dropped), non_sip, or "
             "unknown (cut by the snap length, so that nothing can be said).",
             "A verdict file has a JSON object a line for each SIP message, and for any other payload that a rule dropped or "
             "had a finding on: frame, frames, time, src, dst, transport, call_id, method, action, status, rule, reason, "
             "offset, findings. Kept beside its capture it is a test: --expect says where the verdicts of today differ. "
             "Keys that do not matter may be left out of it.",
             "Frames are written to --accepted and --rejected as they were captured, in the order in which they were decided: "
             "one that carries a part of a message comes when the message is whole."},
        .positionals = {captures_or_none()},
        .options = {policy_option(),
                    {.name = "accepted", .type = Type::file, .metavar = "FILE", .help = "capture of the accepted frames"},
                    {.name = "rejected", .type = Type::file, .metavar = "FILE", .help = "capture of the rejected frames"},
                    {.name = "verdicts", .type = Type::file, .metavar = "FILE", .help = "a verdict a line, as JSON"},
                    {.name = "expect", .type = Type::file, .metavar = "FILE",
                     .help = "verdicts that were saved before; differences are listed, and exit 1"},
                    {.name = "fail-on", .type = Type::choice,
                     .help = "exit 1 if a message is rejected or dropped, or also if one raises an alert",
                     .choices = {"reject", "alert"}},
                    bpf_option(),
                    {.name = "jobs", .letter = 'j', .type = Type::integer, .help = "threads: with 2 or more, one reads ahead of the judging",
                     .fallback = "1", .min = 1, .max = 64},
                    {.name = "live", .type = Type::text, .metavar = "INTERFACE",
                     .help = "judge what comes in there, until SIGINT or SIGTERM; 'any' is all interfaces",
                     .excludes = {"jobs"}},
                    {.name = "ready-file", .type = Type::file, .metavar = "FILE", .help = "with --live: written once packets are seen"}},
        .common = {.formats = {Format::text, Format::json, Format::junit, Format::github}, .output = true, .explain = true},
        .exits = {{Exit::ok, "every frame was read, and nothing is as --fail-on or --expect say it must not be"},
                  {Exit::no, "something is"},
                  {Exit::input, "it is no capture, or the policy or verdict file cannot be understood"},
                  {Exit::inconclusive, "the captures could be read in part only"}},
        .examples = {{.says = "The demonstration's capture as a test: what is refused today is refused tomorrow.",
                      .commands = {"trunkbox demo --quiet --pcap demo.pcap",
                                   "trunkbox sbc filter demo.pcap --verdicts expected.jsonl --rejected bad.pcap >summary",
                                   "trunkbox sbc filter demo.pcap --expect expected.jsonl | tail -1"},
                      .prints = {"0 differences from what was expected"}}},
        .see_also = {"trunkbox-policy(5)", "trunkbox-rules(7)", "pcap-filter(7)"},
        .run = run_filter};
}

}  // namespace trunkbox::tools

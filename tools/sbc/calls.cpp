// The calls of a capture, a row each.
#include <algorithm>

#include <fmt/format.h>

#include "captures.h"
#include "output/calls.h"
#include "output/render.h"
#include "tool_table.h"
#include "trace/calls.h"

namespace trunkbox::tools {

namespace {

using cli::Arguments;
using cli::Env;
using cli::Exit;

// The columns of CSV, the same for every call, so that rows need not wait for each other.
std::vector<std::string> columns() {
    std::vector<std::string> names;
    for (const auto& cell : output::flatten(output::record(trace::Call{}))) names.push_back(cell.column);
    return names;
}

// Text and JSON come in the order of the INVITEs, JSON lines and CSV as the calls end.
class CallList {
  public:
    explicit CallList(output::Printer printer) : printer_(std::move(printer)) {}

    void add(std::vector<trace::Call> calls) {
        count_ += calls.size();
        for (trace::Call& call : calls) {
            call.streams.clear();
            if (waits())
                all_.push_back(std::move(call));
            else if (printed_)
                printed_ = printer_.print(output::record(call), {});
        }
    }
    Result<void> finish() {
        std::ranges::stable_sort(all_, {}, &trace::Call::invited);
        if (printed_ && printer_.format() == output::Format::text) printed_ = printer_.append(output::text(all_));
        for (const trace::Call& call : all_)
            if (printed_ && printer_.format() != output::Format::text)
                printed_ = printer_.print(output::record(call), {});
        if (printed_) printed_ = printer_.finish();
        return printed_;
    }
    [[nodiscard]] std::size_t count() const { return count_; }

  private:
    [[nodiscard]] bool waits() const {
        return printer_.format() == output::Format::text || printer_.format() == output::Format::json;
    }

    output::Printer printer_;
    std::vector<trace::Call> all_;
    std::size_t count_ = 0;
    Result<void> printed_{};
};

Exit run_calls(Env& env, const Arguments& arguments) {
    auto printer = arguments.printer(env, output::Printer::Shape::many, columns(), false);
    if (!printer) return cli::fail(env, printer.error());
    CallList listing(std::move(*printer));
    trace::Calls calls;
    auto captures = Captures::read(env, arguments, [&](const net::Datagram& datagram) {
        calls.receive(datagram);
        if (auto closed = calls.take(); !closed.empty()) listing.add(std::move(closed));
        (void)calls.take_streams();
    });
    if (!captures) return cli::fail(env, captures.error());
    listing.add(calls.finish());
    if (auto printed = listing.finish(); !printed) return cli::fail(env, printed.error());
    if (calls.counters().evicted > 0)
        cli::note(env, fmt::format("{} calls were given before their end, as too many were open at once",
                                   calls.counters().evicted));
    if (captures->partial() || calls.counters().evicted > 0) return Exit::inconclusive;
    return listing.count() > 0 ? Exit::ok : Exit::no;
}

}  // namespace

cli::Tool sbc_calls_command() {
    using output::Format;
    return {
        .name = "calls",
        .summary = "the calls of a capture, a row each",
        .description =
            {"A call is an INVITE outside a dialog and what became of it; each leg of a back-to-back user agent is "
             "one of its own. The post-dial delay is the time from the INVITE to the first 180 or 183, else to the "
             "answer or refusal. A call is over 32 s after its BYE or refusal, and one without an answer after "
             "three minutes without a message.",
             "Audio says whose RTP is in the capture: both, caller, callee or none. Packets, loss, jitter and MOS of "
             "each direction are those of the stream nearest to its listener, where relays stand between. MOS is the "
             "E-model's (ITU-T G.107) as 'trunkbox sbc streams' states it, caller before callee. Digits are RFC "
             "4733 events and SIP INFO.",
             "Text and JSON are in the order of the INVITEs. JSON lines and CSV come as the calls end, so that memory "
             "stays bounded however large the capture."},
        .positionals = {captures_positional()},
        .options = {bpf_option()},
        .common = {.formats = {Format::text, Format::json, Format::jsonl, Format::csv}, .output = true},
        .exits = {{Exit::ok, "the capture was read, and holds at least one call"},
                  {Exit::no, "it holds none"},
                  {Exit::input, "it is no capture"},
                  {Exit::inconclusive, "it could be read in part only, or more calls were open at once than are kept"}},
        .examples = {{.says = "Which of the demonstration's calls were answered and heard both ways, leg by leg?",
                      .commands = {"trunkbox demo --quiet --pcap demo.pcap",
                                   "trunkbox sbc calls demo.pcap --format jsonl | grep -c '\"audio\":\"both\"'"},
                      .prints = {"9"}}},
        .run = run_calls};
}

}  // namespace trunkbox::tools

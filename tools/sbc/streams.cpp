// The RTP streams of a capture, a row each.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "captures.h"
#include "output/render.h"
#include "output/streams.h"
#include "tool_table.h"
#include "trace/calls.h"

namespace trunkbox::tools {

namespace {

using cli::Arguments;
using cli::Env;
using cli::Exit;

std::vector<std::string> columns() {
    std::vector<std::string> names;
    for (const auto& cell : output::flatten(output::record(trace::Stream{}))) names.push_back(cell.column);
    return names;
}

// Streams of calls and of none, each once although calls may share one.
class Listing {
  public:
    void add(std::vector<trace::Call> calls) {
        for (trace::Call& call : calls) add(std::move(call.streams));
    }
    void add(std::vector<trace::Stream> streams) {
        for (trace::Stream& stream : streams) all_.insert_or_assign(stream.id, std::move(stream));
    }
    // In the order of their first packets, numbered from 1.
    [[nodiscard]] std::vector<trace::Stream> finish() && {
        std::vector<trace::Stream> made;
        for (auto& [id, stream] : all_) made.push_back(std::move(stream));
        for (std::size_t i = 0; i < made.size(); ++i) made[i].id = i + 1;
        return made;
    }

  private:
    std::map<std::uint64_t, trace::Stream> all_;
};

Exit run(Env& env, const Arguments& arguments) {
    auto printer = arguments.printer(env, output::Printer::Shape::many, columns(), false);
    if (!printer) return cli::fail(env, printer.error());
    Listing listing;
    trace::Calls calls;
    auto captures = Captures::read(env, arguments, [&](const net::Datagram& datagram) {
        calls.receive(datagram);
        if (auto closed = calls.take(); !closed.empty()) listing.add(std::move(closed));
        if (auto strays = calls.take_streams(); !strays.empty()) listing.add(std::move(strays));
    });
    if (!captures) return cli::fail(env, captures.error());
    listing.add(calls.finish());
    listing.add(calls.take_streams());
    auto streams = std::move(listing).finish();

    Result<void> printed;
    if (printer->format() == output::Format::text) printed = printer->append(output::text(streams));
    for (const trace::Stream& stream : streams)
        if (printed && printer->format() != output::Format::text) printed = printer->print(output::record(stream), {});
    if (printed) printed = printer->finish();
    if (!printed) return cli::fail(env, printed.error());
    if (captures->partial()) return Exit::inconclusive;
    return streams.empty() ? Exit::no : Exit::ok;
}

}  // namespace

cli::Tool sbc_streams_command() {
    using cli::Type;
    using output::Format;
    return {.name = "streams",
            .summary = "the RTP streams of a capture, a row each: loss, jitter, MOS, digits",
            .description =
                {"RTP is found by the SDP of offers and answers. Where the capture holds none for an address, it is what "
                 "looks like RTP: version 2, a payload type in use, and three packets of one source in sequence.",
                 "Packets are all that came, also the same one again. Lost are the sequence numbers between the first and "
                 "the highest that never came (RFC 3550 A.1, A.3), the gap is the longest run of them. Jitter is RFC 3550 "
                 "A.8 by the clock of the payload type, mean and highest over the packets within a talk spurt; "
                 "telephone-events stay out of it, as their timestamps stand still. Silence is time that the sender did "
                 "not send.",
                 "R and MOS are the E-model's (ITU-T G.107) with all parameters at their defaults, the codec's Ie and Bpl "
                 "of G.113 (G.711 without loss concealment), this loss and its burst ratio. The delay is half the round "
                 "trip that RTCP tells, and 0 without RTCP; one packet; and a jitter buffer of twice the mean jitter. "
                 "Codecs of which G.113 gives no factors have no MOS."},
            .positionals = {captures_positional()},
            .options = {bpf_option()},
            .common = {.formats = {Format::text, Format::json, Format::jsonl, Format::csv}, .output = true},
            .exits = {{Exit::ok, "the capture was read, and holds at least one stream"},
                      {Exit::no, "it holds none"},
                      {Exit::input, "it is no capture"},
                      {Exit::inconclusive, "it could be read in part only"}},
            .examples = {{.says = "Both directions of every leg of the demonstration's three calls.",
                          .commands = {"trunkbox demo --quiet --pcap demo.pcap",
                                       "trunkbox sbc streams demo.pcap --format csv | grep -c PCMA"},
                          .prints = {"18"}}},
            .run = run};
}

}  // namespace trunkbox::tools

// The RTP streams of a capture, a row each.
#include <map>
#include <optional>

#include <fmt/format.h>

#include "captures.h"
#include "output/render.h"
#include "output/streams.h"
#include "output/wav_files.h"
#include "tool_table.h"
#include "trace/calls.h"

namespace trunkbox::tools {

namespace {

using cli::Arguments;
using cli::Env;
using cli::Exit;

// Streams of calls and of none, each once although calls may share one.
class StreamList {
  public:
    explicit StreamList(std::optional<output::WavFiles> files) : files_(std::move(files)) {}

    void listen(trace::Streams& streams) {
        if (files_) streams.listen([this](const trace::MediaPacket& packet) { files_->receive(packet); });
    }
    void add(trace::Calls& calls) {
        for (trace::Call& call : calls.take()) add(std::move(call.streams));
        add(calls.take_streams());
    }
    void finish(trace::Calls& calls) {
        for (trace::Call& call : calls.finish()) add(std::move(call.streams));
        add(calls.take_streams());
        // Numbered from 1 in the order of their first packets.
        std::uint64_t number = 0;
        for (auto& [id, row] : rows_) row.stream.id = ++number;
    }
    Result<void> print(output::Printer& printer) {
        if (!problem_) return problem_;
        if (printer.format() == output::Format::text) {
            std::vector<trace::Stream> streams;
            for (const auto& [id, row] : rows_) streams.push_back(row.stream);
            if (auto printed = printer.append(output::text(streams)); !printed) return printed;
        } else {
            for (const auto& [id, row] : rows_)
                if (auto printed = printer.print(record(row), {}); !printed) return printed;
        }
        return printer.finish();
    }
    [[nodiscard]] bool empty() const { return rows_.empty(); }

    // The columns of CSV, the same for every stream.
    static std::vector<std::string> columns() {
        std::vector<std::string> names;
        for (const auto& cell : output::flatten(record(Row{}))) names.push_back(cell.column);
        return names;
    }

  private:
    struct Row {
        trace::Stream stream{};
        std::string wav{};
    };

    static output::Record record(const Row& row) {
        auto made = output::record(row.stream);
        made.set("wav", row.wav.empty() ? output::Value{} : output::Value{row.wav});
        return made;
    }
    void add(std::vector<trace::Stream> streams) {
        for (trace::Stream& stream : streams) {
            Row& row = rows_[stream.id];
            if (files_ && row.wav.empty() && problem_) {
                auto kept = files_->keep(stream);
                if (kept) row.wav = std::move(*kept);
                else problem_ = tl::unexpected(kept.error());
            }
            row.stream = std::move(stream);
        }
    }

    std::optional<output::WavFiles> files_;
    std::map<std::uint64_t, Row> rows_;
    Result<void> problem_{};
};

Exit run_streams(Env& env, const Arguments& arguments) {
    auto printer = arguments.printer(env, output::Printer::Shape::many, StreamList::columns(), false);
    if (!printer) return cli::fail(env, printer.error());
    std::optional<output::WavFiles> files;
    if (arguments.given("wav")) {
        auto opened = output::WavFiles::open(arguments.text("wav"));
        if (!opened) return cli::fail(env, opened.error());
        files.emplace(std::move(*opened));
    }
    StreamList listing(std::move(files));
    trace::Calls calls;
    listing.listen(calls.streams());
    auto captures = Captures::read(env, arguments, [&](const net::Datagram& datagram) {
        calls.receive(datagram);
        listing.add(calls);
    });
    if (!captures) return cli::fail(env, captures.error());
    listing.finish(calls);
    if (auto printed = listing.print(*printer); !printed) return cli::fail(env, printed.error());
    if (captures->partial()) return Exit::inconclusive;
    return listing.empty() ? Exit::no : Exit::ok;
}

}  // namespace

cli::Tool sbc_streams_command() {
    using cli::Type;
    using output::Format;
    return {
        .name = "streams",
        .summary = "the RTP streams of a capture, a row each: loss, jitter, MOS, digits",
        .description =
            {"RTP is found by the SDP of offers and answers. Where the capture holds none for an address, it is what "
             "looks like RTP: version 2, a payload type in use, and three packets of one source in sequence.",
             "Packets are all that came, also the same one again. Lost are the sequence numbers between the first and "
             "the highest that never came (RFC 3550 A.1, A.3), the gap is the longest run of them. Jitter is RFC 3550 "
             "A.8 by the clock of the payload type, mean and highest without the first packets of talk spurts; "
             "telephone-events stay out of it, as their timestamps stand still. Silence is time that the sender did "
             "not send.",
             "R and MOS are the E-model's (ITU-T G.107) with all parameters at their defaults, the codec's Ie and Bpl "
             "of G.113 (G.711 without loss concealment), this loss and its burst ratio. The delay is half the round "
             "trip that RTCP tells, and 0 without RTCP; one packet; and a jitter buffer of twice the mean jitter. "
             "Codecs of which G.113 gives no factors have no MOS.",
             "A WAV file begins with the stream's first packet and keeps its time: what was lost, came more than a "
             "second "
             "late or was not sent is silence, and so are digits. The same directory may be given again; files of the "
             "same "
             "name are replaced."},
        .positionals = {captures_positional()},
        .options = {{.name = "wav",
                     .type = Type::directory,
                     .help = "write the audio of each stream there, a WAV file each, if it is PCMA, PCMU or G722"},
                    bpf_option()},
        .common = {.formats = {Format::text, Format::json, Format::jsonl, Format::csv}, .output = true},
        .exits = {{Exit::ok, "the capture was read, and holds at least one stream"},
                  {Exit::no, "it holds none"},
                  {Exit::input, "it is no capture"},
                  {Exit::inconclusive, "it could be read in part only"}},
        .examples = {{.says = "Both directions of every leg of the demonstration's three calls.",
                      .commands = {"trunkbox demo --quiet --pcap demo.pcap",
                                   "trunkbox sbc streams demo.pcap --format csv | grep -c PCMA"},
                      .prints = {"18"}}},
        .run = run_streams};
}

}  // namespace trunkbox::tools

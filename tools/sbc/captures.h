// The captures that a command of `sbc` reads.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/arguments.h"
#include "cli/tool.h"
#include "net/dissector.h"
#include "pcap/reader.h"

namespace trunkbox::tools {

inline cli::Positional captures_positional() {
    return {.name = "captures",
            .metavar = "CAPTURE",
            .help = "pcap or pcapng file, also packed by gzip or zstd; '-' is standard input",
            .type = cli::Type::file,
            .max = 0};
}

inline cli::Option bpf_option() {
    return {.name = "bpf",
            .type = cli::Type::text,
            .metavar = "FILTER",
            .help = "only packets that pass this filter, as pcap-filter(7) describes it",
            .example = "udp and host 192.0.2.1"};
}

// What of the captures could be read.
struct Extent {
    std::uint64_t frames = 0;
    bool partial = false;  // a capture is damaged or cut: that is noted, and what it gave was sound
};

// Each frame of the captures that an argument or option names, one after the other as one, numbered from 1. Error: a capture that cannot be opened, a
// filter that is none, or what `take` says.
template <class Take>  // Result<void>(const pcap::Reader&, const net::Frame&)
Result<Extent> each_frame(cli::Env& env, const cli::Arguments& arguments, const Take& take,
                          std::string_view captures = "captures") {
    Extent extent;
    for (const auto& path : arguments.many(captures)) {
        auto reader = pcap::Reader::open(path, {.filter = arguments.text_or_empty("bpf")});
        if (!reader) return tl::unexpected(reader.error());
        auto stops = [&](const Error& error) {
            cli::note(env, error.text());
            extent.partial = true;
        };
        const std::uint64_t before = extent.frames;
        for (;;) {
            auto packet = reader->next();
            if (!packet && packet.error().fault == Fault::usage) return tl::unexpected(packet.error());
            if (!packet) stops(packet.error());
            if (!packet || !*packet) break;
            net::Frame frame = **packet;
            frame.number += before;
            extent.frames = frame.number;
            if (auto taken = take(*reader, frame); !taken) return tl::unexpected(taken.error());
        }
        if (reader->cut()) stops(*reader->cut());
    }
    return extent;
}

// Takes captures apart, one after the other as one: a call that begins in one of them may end in the next.
class Captures final : private net::DatagramSink {
  public:
    using Receive = std::function<void(const net::Datagram&)>;

    // Each datagram, in the order of the files. Error: as each_frame.
    static Result<Captures> read(cli::Env& env, const cli::Arguments& arguments, const Receive& receive,
                                 std::string_view captures = "captures") {
        Captures all(receive);
        net::Dissector dissector(all);
        auto feed = [&](const pcap::Reader&, const net::Frame& frame) -> Result<void> {
            dissector.feed(frame);
            return {};
        };
        auto extent = each_frame(env, arguments, feed, captures);
        if (!extent) return tl::unexpected(extent.error());
        dissector.finish();
        all.extent_ = *extent;
        if (all.unknown_link_ > 0) {
            cli::note(env, fmt::format("{} packets are of a link type that is not read", all.unknown_link_));
            all.extent_.partial = true;
        }
        return all;
    }

    [[nodiscard]] bool partial() const { return extent_.partial; }
    [[nodiscard]] std::uint64_t frames() const { return extent_.frames; }

  private:
    explicit Captures(const Receive& receive) : receive_(&receive) {}

    void datagram(const net::Datagram& datagram) override { (*receive_)(datagram); }
    void settled(const net::Settled& settled) override {
        if (settled.fate == net::Fate::unknown_link) ++unknown_link_;
    }

    const Receive* receive_;
    Extent extent_;
    std::uint64_t unknown_link_ = 0;
};

}  // namespace trunkbox::tools

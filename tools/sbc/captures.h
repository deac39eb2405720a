// The captures that a command of `sbc` reads.
#pragma once

#include <functional>
#include <optional>
#include <string>
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

// Takes captures apart, one after the other as one: a call that begins in one of them may end in the next.
class Captures final : private net::DatagramSink {
  public:
    using Receive = std::function<void(const net::Datagram&)>;

    // Each datagram, in the order of the files. Error: a capture that cannot be opened, or a filter that is none. What
    // can be read of a damaged one is read; that it was not all is noted, and partial() from then on.
    static Result<Captures> read(cli::Env& env, const cli::Arguments& arguments, const Receive& receive) {
        Captures all(receive);
        net::Dissector dissector(all);
        for (const auto& path : arguments.many("captures"))
            if (auto read = all.read_one(env, path, arguments.text_or_empty("bpf"), dissector); !read)
                return tl::unexpected(read.error());
        dissector.finish();
        if (all.unknown_link_ > 0) {
            cli::note(env, fmt::format("{} packets are of a link type that is not read", all.unknown_link_));
            all.partial_ = true;
        }
        return all;
    }

    [[nodiscard]] bool partial() const { return partial_; }
    [[nodiscard]] std::uint64_t frames() const { return frames_; }

  private:
    explicit Captures(const Receive& receive) : receive_(&receive) {}

    Result<void> read_one(cli::Env& env, const std::string& path, const std::string& filter, net::Dissector& dissector) {
        auto reader = pcap::Reader::open(path, {.filter = filter});
        if (!reader) return tl::unexpected(reader.error());
        auto stops = [&](const Error& error) {
            cli::note(env, error.text());
            partial_ = true;
        };
        const std::uint64_t before = frames_;
        for (;;) {
            auto packet = reader->next();
            if (!packet) {
                if (packet.error().fault == Fault::usage) return tl::unexpected(packet.error());
                stops(packet.error());
                return {};
            }
            if (!*packet) break;
            net::Frame frame = **packet;
            frame.number += before;
            frames_ = frame.number;
            dissector.feed(frame);
        }
        if (reader->cut()) stops(*reader->cut());
        return {};
    }

    void datagram(const net::Datagram& datagram) override { (*receive_)(datagram); }
    void settled(const net::Settled& settled) override {
        if (settled.fate == net::Fate::unknown_link) ++unknown_link_;
    }

    const Receive* receive_;
    std::uint64_t frames_ = 0;
    std::uint64_t unknown_link_ = 0;
    bool partial_ = false;
};

}  // namespace trunkbox::tools

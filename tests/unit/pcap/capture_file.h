// Capture files made by hand, byte by byte.
#pragma once

#include <doctest/doctest.h>

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "net/packet.h"
#include "pcap/reader.h"
#include "pcap/writer.h"

namespace trunkbox::test {

inline const auto from = *net::Endpoint::parse("192.0.2.1:5060");
inline const auto to = *net::Endpoint::parse("198.51.100.2:5070");
inline const Time noon = *parse_rfc3339("2026-11-22T12:00:00.123456789Z");

struct File {
    std::string path = "/tmp/trunkbox-pcap-XXXXXX";
    File() {
        int descriptor = mkstemp(path.data());
        REQUIRE(descriptor >= 0);
        close(descriptor);
    }
    ~File() { std::remove(path.c_str()); }
    void put(std::string_view bytes) { std::ofstream(path, std::ios::binary) << bytes; }
    [[nodiscard]] std::string get() const {
        std::ostringstream all;
        all << std::ifstream(path, std::ios::binary).rdbuf();
        return all.str();
    }
};

inline std::string le32(std::uint32_t value) {
    std::string out;
    for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(value >> shift & 0xff);
    return out;
}
inline std::string be32(std::uint32_t value) {
    auto out = le32(value);
    return {out.rbegin(), out.rend()};
}
inline std::string le16(unsigned value) { return le32(value).substr(0, 2); }

struct Read {
    std::vector<Time> times;
    std::vector<std::string> packets;
    std::vector<std::uint64_t> numbers;
    std::vector<int> links;
    std::string error;
    std::string cut;
};

inline Read read_all(const std::string& path, const pcap::ReadOptions& options = {}) {
    Read all;
    auto reader = pcap::Reader::open(path, options);
    if (!reader) {
        all.error = reader.error().text();
        return all;
    }
    for (;;) {
        auto packet = reader->next();
        if (!packet) {
            all.error = packet.error().text();
            return all;
        }
        if (!*packet) {
            if (reader->cut()) all.cut = reader->cut()->text();
            return all;
        }
        all.numbers.push_back((*packet)->number);
        all.links.push_back((*packet)->link_type);
        all.times.push_back((*packet)->time);
        all.packets.emplace_back((*packet)->bytes);
    }
}

// A pcapng file, block by block, of either byte order.
struct Ng {
    bool big = false;
    std::string bytes{};

    [[nodiscard]] std::string n32(std::uint32_t value) const { return big ? be32(value) : le32(value); }
    [[nodiscard]] std::string n16(unsigned value) const { return big ? be32(value).substr(2) : le16(value); }

    Ng& block(std::uint32_t type, std::string body) {
        body.resize((body.size() + 3) / 4 * 4);
        auto total = n32(static_cast<std::uint32_t>(body.size() + 12));
        bytes += n32(type) + total + body + total;
        return *this;
    }
    Ng& section() { return block(0x0a0d0d0a, n32(0x1a2b3c4d) + n16(1) + n16(0) + std::string(8, '\xff')); }
    // resolution: if_tsresol.
    Ng& interface(unsigned link, char resolution, std::string options = {}, std::uint32_t snap_length = 0) {
        return block(1, n16(link) + n16(0) + n32(snap_length) + options + n16(9) + n16(1) +
                            std::string{resolution, 0, 0, 0} + n32(0));
    }
    Ng& packet(std::uint32_t interface, std::uint64_t units, const std::string& packet) {
        auto length = static_cast<std::uint32_t>(packet.size());
        return block(6, n32(interface) + n32(static_cast<std::uint32_t>(units >> 32)) +
                            n32(static_cast<std::uint32_t>(units)) + n32(length) + n32(length) + packet);
    }
};

}  // namespace trunkbox::test

// Frames in, datagrams and fates out, with the accounting checked on the way.
#pragma once

#include <doctest/doctest.h>

#include "support/accounts.h"
#include "support/frames.h"

namespace trunkbox::test {

// What a dissector gives, copied.
struct Delivered {
    Time time{};
    Flow flow{};
    net::Transport transport{};
    std::string bytes{};
    bool cut = false, opaque = false;
    std::vector<std::uint64_t> frames{};
    std::vector<net::Anomaly> oddities{};
};

class Dissection final : public Accounts {
  public:
    using Accounts::Accounts;
    using Accounts::feed;

    std::uint64_t feed(const Part& part, std::size_t captured = ~std::size_t{0}) {
        return feed(part.link_type, part.bytes.substr(0, std::min(captured, part.bytes.size())), part.bytes.size());
    }
    // The payloads, in order.
    [[nodiscard]] std::vector<std::string> payloads() const {
        std::vector<std::string> bytes;
        for (const auto& one : all) bytes.push_back(one.bytes);
        return bytes;
    }

    std::vector<Delivered> all;

    void datagram(const net::Datagram& datagram) override {
        Accounts::datagram(datagram);
        Delivered one{datagram.time, {datagram.from, datagram.to}, datagram.transport, std::string(datagram.bytes),
                      datagram.cut, datagram.opaque, {datagram.frames.begin(), datagram.frames.end()}, {}};
        for (const auto& oddity : datagram.oddities) one.oddities.push_back(oddity.what);
        all.push_back(std::move(one));
    }
};

// The one datagram of one frame.
inline Delivered only(const Part& part) {
    Dissection dissection;
    dissection.feed(part);
    dissection.finish();
    REQUIRE(dissection.all.size() == 1);
    CHECK(dissection.fate(1) == net::Fate::delivered);
    return dissection.all[0];
}

inline const Flow flow4 = flow("192.0.2.1:5060", "198.51.100.2:5070");
inline const Flow flow6 = flow("[2001:db8::1]:5060", "[2001:db8::2]:5070");
inline const Flow tunnel4 = flow("203.0.113.1:40000", "203.0.113.2:40001");
inline const Flow tunnel6 = flow("[2001:db8:1::1]:40000", "[2001:db8:1::2]:40001");

inline std::string message(std::string_view body = "", std::string_view method = "OPTIONS") {
    std::string all(method);
    all += " sip:alice@example.com SIP/2.0\r\nCall-ID: ";
    all += std::to_string(body.size()) + "@example.com\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
    return all + std::string(body);
}

using Oddities = std::vector<net::Anomaly>;

// One direction of a connection, its bytes counted from a first sequence number.
struct Connection {
    explicit Connection(const Flow& of = flow4, std::uint32_t first = 1000) : flow(of), start(first) {}

    Flow flow;
    std::uint32_t start;
    Dissection dissection{};

    std::uint64_t segment(std::size_t at, std::string_view bytes, unsigned flags = tcp_ack) {
        return dissection.feed(ethernet(ip(flow, tcp(flow, start + static_cast<std::uint32_t>(at), bytes, flags))));
    }
    std::uint64_t syn() {
        return dissection.feed(ethernet(ip(flow, tcp(flow, start - 1, "", tcp_syn))));
    }
    const Delivered& last() {
        REQUIRE_FALSE(dissection.all.empty());
        return dissection.all.back();
    }
};

using Frames = std::vector<std::uint64_t>;
using Payloads = std::vector<std::string>;

}  // namespace trunkbox::test

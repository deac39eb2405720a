// WebSocket and SCTP, which keep the bounds of messages.
#include <algorithm>

#include "unit/net/dissect.h"

using namespace trunkbox;
using namespace trunkbox::test;
using net::Anomaly;
using net::Fate;
using net::Transport;

namespace {

constexpr std::uint32_t mask = 0x12345678;
const std::string upgrade =
    "GET /sip HTTP/1.1\r\nHost: example.com\r\nupgrade: WebSocket\r\nSec-WebSocket-Protocol: sip\r\n\r\n";
const std::string switching = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";

struct Stream {
    Dissection dissection{};
    std::uint32_t at = 1;
    void send(std::string_view bytes) {
        dissection.feed(ethernet(ip(flow4, tcp(flow4, at, bytes))));
        at += static_cast<std::uint32_t>(bytes.size());
    }
};

}  // namespace

TEST_CASE("WebSocket: after the upgrade and in the middle, masked or not") {
    for (const auto& start : {upgrade, switching, std::string()})
        for (auto key : {std::optional<std::uint32_t>(mask), std::optional<std::uint32_t>()}) {
            Stream stream;
            if (!start.empty()) stream.send(start);
            auto a = message("a"), b = message(std::string(70'000, 'b'));
            stream.send(web_socket(a, key));
            stream.send(web_socket(b, key).substr(0, 40'000));
            stream.send(web_socket(b, key).substr(40'000) + web_socket(a, key));
            auto& all = stream.dissection.all;
            REQUIRE(all.size() == (start.empty() ? 3 : 4));
            if (!start.empty()) {
                CHECK(all[0].opaque);
                CHECK(all[0].transport == Transport::tcp);
                all.erase(all.begin());
            }
            CHECK(Payloads{all[0].bytes, all[1].bytes, all[2].bytes} == Payloads{a, b, a});
            for (const auto& one : all) {
                CHECK(one.transport == Transport::ws);
                CHECK_FALSE(one.opaque);
            }
        }
}

TEST_CASE("WebSocket: split at every byte, and in several frames with a ping between") {
    auto text = message("a body");
    auto frame = web_socket(text, mask);
    auto all = upgrade + frame;
    for (std::size_t cut = 1; cut < all.size(); ++cut) {
        Stream stream;
        stream.send(all.substr(0, cut));
        stream.send(all.substr(cut));
        REQUIRE(stream.dissection.all.size() == 2);
        CHECK(stream.dissection.all[1].bytes == text);
        stream.dissection.complete();
    }
    Stream stream;
    stream.send(upgrade);
    stream.send(web_socket(text.substr(0, 20), mask, false));
    stream.send(web_socket("ping", 99, true, 9));
    stream.send(web_socket(text.substr(20, 20), 5, false, 0));
    stream.send(web_socket(text.substr(40), 6, true, 0));
    auto& delivered = stream.dissection.all;
    REQUIRE(delivered.size() == 3);
    CHECK(delivered[1].opaque);
    CHECK(delivered[2].bytes == text);
    CHECK(delivered[2].frames == Frames{2, 3, 4, 5});
    stream.dissection.complete();
}

TEST_CASE("WebSocket: what is none, what is packed, what is no SIP, what is too long, what ends") {
    {
        Stream stream;  // binary bytes that look like a frame's header
        stream.send(std::string("\x81\x20\x01\x02\x03\x04 not SIP at all, by any reading"));
        CHECK(stream.dissection.all.at(0).opaque);
        CHECK(stream.dissection.all.at(0).transport == Transport::tcp);
    }
    {
        Stream stream;
        stream.send("GET / HTTP/1.1\r\nUpgrade: h2c\r\n\r\n" + web_socket(message(), mask));
        CHECK(stream.dissection.all.size() == 1);
        CHECK(stream.dissection.all[0].opaque);
    }
    {
        Stream stream;
        stream.send(upgrade);
        auto packed = web_socket(message());
        packed[0] = static_cast<char>(packed[0] | 0x40);
        stream.send(packed);
        stream.send(web_socket("{}", mask));
        stream.send(std::string("\x83\x01x", 3));  // an opcode that is none
        REQUIRE(stream.dissection.all.size() == 4);
        CHECK(stream.dissection.all[1].opaque);
        CHECK(stream.dissection.all[2].bytes == "{}");
        CHECK_FALSE(stream.dissection.all[2].opaque);
        CHECK(stream.dissection.all[3].transport == Transport::tcp);
    }
    {
        net::DissectorLimits limits;
        limits.message_bytes = 100;
        Dissection dissection(limits);
        auto whole = web_socket(message(std::string(300, 'x')), mask);
        auto next = web_socket("OPTIONS sip:a@example.com SIP/2.0\r\n\r\n");
        dissection.feed(ethernet(ip(flow4, tcp(flow4, 1, whole.substr(0, 60)))));
        dissection.feed(ethernet(ip(flow4, tcp(flow4, 61, whole.substr(60) + next))));
        REQUIRE(dissection.all.size() == 2);
        CHECK(dissection.all[0].oddities == std::vector<Anomaly>{Anomaly::message_too_long});
        CHECK(dissection.all[0].bytes.starts_with("OPTIONS"));
        CHECK(dissection.all[1].bytes.starts_with("OPTIONS"));
        CHECK(dissection.all[1].oddities.empty());
    }
    {
        Stream stream;
        stream.send(upgrade);
        stream.send(web_socket(message("body"), mask).substr(0, 60));
        stream.dissection.finish();
        REQUIRE(stream.dissection.all.size() == 2);
        CHECK(stream.dissection.all[1].cut);
        CHECK(stream.dissection.all[1].transport == Transport::ws);
        CHECK(stream.dissection.all[1].bytes.starts_with("OPTIONS"));
    }
}

TEST_CASE("SCTP: a message a chunk, several chunks a packet, chunks that carry none") {
    for (const auto& flow : {flow4, flow6}) {
        auto text = message("body");
        std::string sack("\x03\0\0\x10", 4);
        sack += std::string(12, '\0');
        Dissection dissection;
        dissection.feed(ethernet(ip(flow, sctp(flow, data_chunk(1, text)))));
        dissection.feed(ethernet(ip(flow, sctp(flow, sack + data_chunk(2, "x") + data_chunk(3, text)))));
        dissection.feed(ethernet(ip(flow, sctp(flow, sack))));
        CHECK(dissection.payloads() == Payloads{text, "x", text});
        CHECK(dissection.all[0].transport == Transport::sctp);
        CHECK(dissection.all[0].flow.from == flow.from);
        CHECK(dissection.all[1].frames == Frames{2});
        CHECK(dissection.fate(3) == Fate::no_payload);
        // Repeated by the sender.
        dissection.feed(ethernet(ip(flow, sctp(flow, data_chunk(3, text)))));
        CHECK(dissection.fate(4) == Fate::surplus);
        dissection.finish();
    }
}

TEST_CASE("SCTP: a message in several chunks, in any order, numbers that wrap") {
    auto text = message("a body of some length");
    for (std::uint32_t first : {7U, 0xffffffffU, 0xfffffffeU}) {
        auto part = [&](std::uint32_t number, std::string_view bytes, unsigned flags) {
            return ethernet(ip(flow4, sctp(flow4, data_chunk(number, bytes, flags))));
        };
        std::vector<Part> parts{part(first, text.substr(0, 30), chunk_begins), part(first + 1, text.substr(30, 30), 0),
                                part(first + 2, text.substr(60), chunk_ends)};
        std::vector<std::size_t> order{0, 1, 2};
        do {
            Dissection dissection;
            dissection.feed(ethernet(ip(flow4, sctp(flow4, data_chunk(first - 1U, "before")))));
            for (auto i : order) dissection.feed(parts[i]);
            dissection.feed(parts[1]);
            CHECK(dissection.payloads() == Payloads{"before", text});
            CHECK(dissection.all[1].frames == Frames{2, 3, 4});
            CHECK(dissection.fate(5) == Fate::surplus);
            dissection.complete();
        } while (std::next_permutation(order.begin(), order.end()));
    }
}

TEST_CASE("SCTP: what is missing, cut, damaged, too much") {
    auto begin = data_chunk(1, "begin", chunk_begins), end = data_chunk(3, "end", chunk_ends);
    Dissection dissection;
    dissection.feed(ethernet(ip(flow4, sctp(flow4, begin + end))));
    CHECK(dissection.all.empty());
    dissection.now += 5s;
    dissection.feed(ethernet({"", 0x0806}));
    CHECK(dissection.payloads() == Payloads{"begin", "end"});
    CHECK(dissection.all[0].cut);
    CHECK_FALSE(dissection.all[0].opaque);
    CHECK(dissection.all[1].opaque);
    CHECK(dissection.counts().holes == 2);

    auto whole = ethernet(ip(flow4, sctp(flow4, data_chunk(1, std::string(100, 'x')))));
    for (std::size_t captured = 34; captured < whole.bytes.size(); ++captured) {
        Dissection cut;
        cut.feed(whole, captured);
        bool header = captured < 34 + 12 + 16;
        CHECK(cut.fate(1) == (header ? Fate::cut : Fate::delivered));
        if (!header) CHECK(cut.all[0].cut);
    }
    for (auto length : {0U, 3U, 16U, 200U}) {
        auto chunk = data_chunk(1, "hello");
        chunk.replace(2, 2, n16(length));
        Dissection damaged;
        damaged.feed(ethernet(ip(flow4, sctp(flow4, chunk))));
        CHECK(damaged.fate(1) == Fate::damaged);
    }
    net::DissectorLimits limits;
    limits.streams = 5;
    Dissection many(limits);
    for (std::uint32_t tag = 1; tag <= 20; ++tag)
        many.feed(ethernet(ip(flow4, sctp(flow4, begin, tag))));
    CHECK(many.counts().streams_evicted == 15);
    Dissection endless;
    for (std::uint32_t i = 0; i < 5000; ++i) endless.feed(ethernet(ip(flow4, sctp(flow4, data_chunk(i, "x", 0)))));
    CHECK(endless.counts().streams_evicted == 4);
    endless.finish();
}

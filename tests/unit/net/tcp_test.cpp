#include <algorithm>

#include "unit/net/dissect.h"

using namespace trunkbox;
using namespace trunkbox::test;
using net::Anomaly;
using net::Fate;

namespace {

using Oddities = std::vector<Anomaly>;

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

}  // namespace

TEST_CASE("one message a segment, over IPv4 and IPv6, with and without the SYN") {
    for (const auto& flow : {flow4, flow6})
        for (bool opened : {false, true}) {
            Connection c(flow);
            if (opened) CHECK(c.syn() == 1);
            auto first = message("one"), second = message("two!", "MESSAGE");
            c.segment(0, first);
            c.segment(first.size(), second);
            CHECK(c.dissection.payloads() == Payloads{first, second});
            CHECK(c.last().flow.to == flow.to);
            CHECK(c.last().transport == net::Transport::tcp);
            CHECK_FALSE(c.last().opaque);
            CHECK_FALSE(c.last().cut);
            c.dissection.complete();
            c.dissection.finish();
            CHECK(c.dissection.all.size() == 2);
        }
}

TEST_CASE("split at every byte, into two and into bytes") {
    auto text = message("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\n");
    for (std::size_t cut = 1; cut < text.size(); ++cut) {
        Connection c;
        c.segment(0, std::string_view(text).substr(0, cut));
        CHECK(c.dissection.all.empty());
        c.segment(cut, std::string_view(text).substr(cut));
        REQUIRE(c.dissection.payloads() == Payloads{text});
        CHECK(c.last().frames == Frames{1, 2});
        CHECK(c.dissection.fate(1) == Fate::delivered);
    }
    Connection c;
    for (std::size_t i = 0; i < text.size(); ++i) c.segment(i, std::string_view(text).substr(i, 1));
    CHECK(c.dissection.payloads() == Payloads{text});
    CHECK(c.last().frames.size() == text.size());
    c.dissection.complete();
}

TEST_CASE("several messages in a segment, and the end of one with the beginning of the next") {
    auto a = message("a"), b = message("bb"), d = message("ddd");
    Connection c;
    auto all = a + b + d;
    c.segment(0, all.substr(0, a.size() + 10));
    c.segment(a.size() + 10, all.substr(a.size() + 10, b.size()));
    c.segment(a.size() + b.size() + 10, all.substr(a.size() + b.size() + 10));
    CHECK(c.dissection.payloads() == Payloads{a, b, d});
    CHECK(c.dissection.all[0].frames == Frames{1});
    CHECK(c.dissection.all[1].frames == Frames{1, 2});
    CHECK(c.dissection.all[2].frames == Frames{2, 3});
    c.dissection.complete();
}

TEST_CASE("Content-Length in any form, or none that can be read") {
    auto with = [](const std::string& header) { return "OPTIONS sip:a@example.com SIP/2.0\r\n" + header + "\r\n"; };
    for (const auto& header : {"Content-Length: 3\r\n", "l: 3\r\n", "L:003\r\n", "CONTENT-LENGTH \t:  3  \r\n",
                               "l:\r\n 3\r\n", "x: 9\r\nl: 3\r\nl: 9\r\n", "x: a\r\n l: 9\r\nl: 3\r\n"}) {
        Connection c;
        c.segment(0, with(header) + "abc" + message());
        CHECK(c.dissection.payloads() == Payloads{with(header) + "abc", message()});
    }
    for (const auto& header : {"Content-Length: -3\r\n", "l: 3x\r\n", "l: 99999999999999999999\r\n", "l:\r\n", "x: 3\r\n",
                               "l: 2147483648\r\n"}) {
        Connection c;
        c.segment(0, with(header) + message());
        CHECK(c.dissection.payloads() == Payloads{with(header), message()});
    }
    // Lines that end in LF alone.
    std::string feeds = "SIP/2.0 200 OK\nl: 2\n\nhi";
    Connection c;
    c.segment(0, feeds + feeds);
    CHECK(c.dissection.payloads() == Payloads{feeds, feeds});
}

TEST_CASE("keep-alives, and empty lines before a message") {
    Connection c;
    auto text = message();
    c.segment(0, "\r\n\r\n");
    c.segment(4, text + "\r\n");
    c.segment(6 + text.size(), "\r\n" + text);
    c.segment(8 + 2 * text.size(), "\r");
    c.segment(9 + 2 * text.size(), "\n");
    CHECK(c.dissection.payloads() == Payloads{"\r\n\r\n", text, "\r\n", "\r\n" + text, "\r\n"});
    for (const auto& one : c.dissection.all) CHECK((!one.opaque && one.oddities.empty()));
    CHECK(c.dissection.all[4].frames == Frames{4, 5});
}

TEST_CASE("malformed start lines are still those of messages") {
    for (const auto& line : {"INVITE  sip:a@example.com  SIP/2.0", "INVITE <sip:a@example.com> SIP/7.0  ",
                             "SIP/2.0 4294967301 better not", "sip/2.0 200", "X sip:a@example.com; lr SIP/2.0"}) {
        Connection c;
        c.segment(0, std::string(line) + "\r\nl: 0\r\n\r\n");
        CHECK_FALSE(c.last().opaque);
    }
    for (const auto& line : {"INVITE sip:a@example.com", "INVITE SIP/2.0", "IN(ITE sip:a SIP/2.0", "a b RTSP/1.0"}) {
        Connection c;
        c.segment(0, std::string(line) + "\r\nl: 0\r\n\r\n");
        CHECK(c.last().opaque);
        CHECK(c.last().oddities.empty());
    }
}

TEST_CASE("bytes between messages, in one segment, in several, at the end") {
    auto text = message();
    Connection c;
    c.segment(0, text + "garbage\r\nmore\r\n" + text);
    CHECK(c.dissection.payloads() == Payloads{text, "garbage\r\nmore\r\n", text});
    CHECK(c.dissection.all[1].opaque);
    CHECK(c.dissection.all[1].oddities == Oddities{Anomaly::bytes_between});
    CHECK(c.dissection.all[2].oddities.empty());

    Connection other;
    other.segment(0, text);
    other.segment(text.size(), "a body that no length told of, line one\r\nline two\r\n");
    other.segment(text.size() + 51, text);
    CHECK(other.dissection.all.size() == 3);
    CHECK(other.dissection.all[1].oddities == Oddities{Anomaly::bytes_between});
    CHECK(other.last().bytes == text);
    CHECK(other.dissection.counts().holes == 0);
}

TEST_CASE("out of order, whatever the order") {
    auto a = message("a"), b = message("bb", "MESSAGE");
    auto all = a + b;
    std::vector<std::size_t> cuts{0, 20, a.size() - 3, a.size() + 5, all.size()};
    std::vector<std::size_t> order{0, 1, 2, 3};
    do {
        Connection c;
        c.syn();
        for (auto i : order) c.segment(cuts[i], std::string_view(all).substr(cuts[i], cuts[i + 1] - cuts[i]));
        CHECK(c.dissection.payloads() == Payloads{a, b});
        c.dissection.complete();
        CHECK(c.dissection.counts().holes == 0);
        for (const auto& one : c.dissection.all) CHECK(one.oddities.empty());
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("sequence numbers that wrap") {
    auto text = message(std::string(100, 'x'));
    for (std::uint32_t back = 1; back < 150; back += 7) {
        Connection c(flow4, 0U - back);
        c.syn();
        c.segment(60, std::string_view(text).substr(60));
        c.segment(0, std::string_view(text).substr(0, 60));
        c.segment(text.size(), text);
        CHECK(c.dissection.payloads() == Payloads{text, text});
    }
}

TEST_CASE("retransmission and overlap: equal bytes are no oddity") {
    auto text = message("body");
    Connection c;
    c.syn();
    c.segment(0, text.substr(0, 40));
    c.segment(0, text.substr(0, 40));
    c.segment(10, text.substr(10, 50));
    c.segment(70, text.substr(70));
    c.segment(70, text.substr(70));
    c.segment(50, text.substr(50, 30));
    c.segment(0, text);
    c.segment(30, text.substr(30, 40));
    CHECK(c.dissection.payloads() == Payloads{text});
    CHECK(c.last().oddities.empty());
    c.dissection.complete();
    CHECK(c.dissection.fate(3) == Fate::surplus);
    CHECK(c.dissection.fate(8) == Fate::surplus);
    CHECK(c.last().frames == Frames{2, 4, 5, 7});
}

TEST_CASE("retransmission and overlap: different bytes are told") {
    auto text = message("body");
    auto changed = text;
    changed[30] = '!';
    {
        Connection c;  // of a message that waits
        c.segment(0, text.substr(0, 40));
        c.segment(20, changed.substr(20));
        CHECK(c.dissection.payloads() == Payloads{text});
        CHECK(c.last().oddities == Oddities{Anomaly::segment_overlap});
    }
    {
        Connection c;  // the same, a repetition
        c.segment(0, text.substr(0, 40));
        c.segment(0, changed.substr(0, 40));
        CHECK(c.last().oddities == Oddities{Anomaly::segment_overlap});
        CHECK(c.last().opaque);
        CHECK(c.last().frames == Frames{2});
    }
    {
        Connection c;  // of one that was delivered
        c.segment(0, text);
        c.segment(0, changed);
        CHECK(c.dissection.payloads() == Payloads{text, changed});
        CHECK(c.last().opaque);
        CHECK(c.last().oddities == Oddities{Anomaly::segment_overlap});
    }
    {
        Connection c;  // of one that is ahead
        c.syn();
        c.segment(20, text.substr(20));
        c.segment(25, changed.substr(25, 20));
        c.segment(0, text.substr(0, 20));
        REQUIRE(c.dissection.all.size() == 2);
        CHECK(c.dissection.all[0].bytes == text);
        CHECK(c.last().oddities == Oddities{Anomaly::segment_overlap});
        c.dissection.complete();
    }
    {
        Connection c;  // of one that is ahead, by one that fits
        c.syn();
        c.segment(20, changed.substr(20));
        c.segment(0, text.substr(0, 40));
        CHECK(c.last().oddities == Oddities{Anomaly::segment_overlap});
    }
}

TEST_CASE("a lost segment: given up in time, and found again at the next message") {
    auto a = message(std::string(100, 'a')), b = message("b"), d = message("d");
    SUBCASE("in a body: the next message has its place") {
        Connection c;
        c.syn();
        c.segment(0, a.substr(0, a.size() - 50));
        c.segment(a.size() - 20, a.substr(a.size() - 20) + b);
        CHECK(c.dissection.all.empty());
        c.dissection.now += 4s;
        c.segment(a.size() + b.size(), d);
        CHECK(c.dissection.payloads() == Payloads{a.substr(0, a.size() - 50), b, d});
        CHECK(c.dissection.all[0].cut);
        CHECK_FALSE(c.dissection.all[1].cut);
    }
    SUBCASE("in a header section: what follows is searched for a start line") {
        Connection c;
        c.syn();
        c.segment(0, a.substr(0, 40));
        c.segment(60, a.substr(60) + "\r\n" + b);
        c.dissection.now += 4s;
        c.segment(a.size() + 2 + b.size(), d);
        auto payloads = c.dissection.payloads();
        REQUIRE(payloads.size() == 4);
        CHECK(payloads[0] == a.substr(0, 40));
        CHECK(c.dissection.all[0].cut);
        CHECK(c.dissection.all[1].opaque);
        CHECK(c.dissection.all[1].oddities.empty());
        CHECK(payloads[2] == b);
        CHECK(payloads[3] == d);
    }
    SUBCASE("between messages") {
        Connection c;
        c.syn();
        c.segment(0, a);
        c.segment(a.size() + 77, b);
        c.dissection.finish();
        CHECK(c.dissection.payloads() == Payloads{a, b});
    }
    SUBCASE("too many segments behind it") {
        Connection c;
        c.syn();
        for (std::size_t i = 0; i < 257; ++i) c.segment(9 + i * b.size(), b);
        CHECK(c.dissection.all.size() == 257);
        CHECK(c.dissection.counts().holes == 1);
    }
}

TEST_CASE("a snap length that cuts segments") {
    auto a = message(std::string(300, 'a')), b = message("b");
    auto frame = [](std::size_t at, std::string_view bytes) {
        return ethernet(ip(flow4, tcp(flow4, 1000 + static_cast<std::uint32_t>(at), bytes)));
    };
    Dissection dissection;
    dissection.feed(frame(0, a), 200);
    dissection.feed(frame(a.size(), b));
    CHECK(dissection.payloads() == Payloads{a.substr(0, 146), b});
    CHECK(dissection.all[0].cut);
    CHECK(dissection.all[0].frames == Frames{1});
    CHECK_FALSE(dissection.all[1].cut);
    dissection.complete();
    for (std::size_t captured = 34; captured < 54; ++captured) {
        Dissection headers;
        headers.feed(frame(0, a), captured);
        CHECK(headers.fate(1) == Fate::cut);
    }
}

TEST_CASE("the end: by FIN, RST, a new SYN, the end of the capture") {
    auto text = message("body");
    auto half = text.substr(0, 50);
    auto end = [&](auto finish) {
        Connection c;
        c.syn();
        c.segment(0, text + half);
        finish(c);
        REQUIRE(c.dissection.all.size() >= 2);
        CHECK(c.dissection.all[1].bytes == half);
        return c.dissection.all[1].cut;
    };
    auto place = text.size() + half.size();
    CHECK_FALSE(end([&](Connection& c) { c.segment(place, "", tcp_fin | tcp_ack); }));
    CHECK_FALSE(end([&](Connection& c) { c.segment(place, "", tcp_rst); }));
    CHECK(end([&](Connection& c) { c.dissection.finish(); }));
    CHECK(end([&](Connection& c) {
        c.start = 500'000;
        c.syn();
        c.segment(0, text);
        CHECK(c.last().bytes == text);
    }));
    CHECK(end([&](Connection& c) {
        c.dissection.now += 700s;
        c.dissection.feed(ethernet({"", 0x0806}));
    }));
    // One of another place ends nothing, nor does a FIN before what is missing.
    Connection c;
    c.syn();
    c.segment(0, half);
    c.segment(0, "", tcp_rst);
    c.segment(text.size(), "", tcp_fin | tcp_ack);
    CHECK(c.dissection.all.empty());
    c.segment(half.size(), text.substr(half.size()));
    CHECK(c.dissection.payloads() == Payloads{text});
    // A FIN with the last bytes, and a SYN with the first.
    Connection both;
    both.dissection.feed(ethernet(ip(flow4, tcp(flow4, 999, text, tcp_syn))));
    both.segment(text.size(), text, tcp_fin | tcp_ack);
    CHECK(both.dissection.payloads() == Payloads{text, text});
}

TEST_CASE("begun in the middle: of a message, of a connection, out of order") {
    auto a = message("v=0\r\ns=-\r\n"), b = message("b");
    Connection c;
    c.segment(0, a.substr(50) + b);
    CHECK(c.dissection.payloads() == Payloads{a.substr(50), b});
    CHECK(c.dissection.all[0].opaque);
    CHECK(c.dissection.all[0].oddities.empty());
    Connection early;
    early.segment(a.size(), b);
    early.segment(0, a);
    CHECK(early.dissection.payloads() == Payloads{b, a});
    early.dissection.complete();
    // Ports that are used again without a SYN that was captured.
    Connection again;
    again.segment(0, a);
    again.segment(1'500'000'000, b);
    CHECK(again.dissection.payloads() == Payloads{a, b});
}

TEST_CASE("what is no SIP is handed up, a segment at a time") {
    std::string tls("\x16\x03\x01\x00\x05hello", 10);
    Connection c;
    c.segment(0, tls);
    c.segment(10, "and on and on\n" + message());
    c.segment(2000, "later");
    c.dissection.finish();
    REQUIRE(c.dissection.all.size() == 3);
    for (const auto& one : c.dissection.all) {
        CHECK(one.opaque);
        CHECK(one.transport == net::Transport::tcp);
        CHECK(one.oddities.empty());
        CHECK(one.frames.size() == 1);
    }
    Connection http;
    http.segment(0, "GET / HTTP/1.1\r\nHost: exa");
    http.segment(25, "mple.com\r\n\r\n");
    http.segment(37, "OPTIONS is what the body says\r\n");
    CHECK(http.dissection.all.size() == 2);
    CHECK(http.dissection.all[0].frames == Frames{1, 2});
    for (const auto& one : http.dissection.all) CHECK(one.opaque);
    // SIP that follows something else on the same connection is not missed, split or not.
    Connection other;
    auto text = message();
    other.segment(0, "something else\n");
    other.segment(15, text.substr(0, 12));
    other.segment(27, text.substr(12));
    CHECK(other.last().bytes == text);
    CHECK_FALSE(other.last().opaque);
}

TEST_CASE("messages longer than is kept") {
    net::DissectorLimits limits;
    limits.message_bytes = 1000;
    auto run = [&](const std::string& text) {
        Dissection dissection(limits);
        std::uint32_t at = 0;
        auto all = text + message("next");
        for (; at < all.size(); at += 300)
            dissection.feed(ethernet(ip(flow4, tcp(flow4, 1 + at, all.substr(at, 300)))));
        dissection.finish();
        REQUIRE(dissection.all.size() >= 2);
        CHECK(dissection.all.back().bytes == message("next"));
        return dissection.all[0];
    };
    auto fits = message(std::string(900, 'x'));
    CHECK(run(fits).bytes == fits);
    auto body = run(message(std::string(2000, 'x')));
    CHECK(body.oddities == Oddities{Anomaly::message_too_long});
    CHECK(body.bytes.starts_with("OPTIONS"));
    CHECK(body.bytes.size() <= 1000);
    auto header = run("OPTIONS sip:a@example.com SIP/2.0\r\nx: " + std::string(2000, 'x') + "\r\n\r\n");
    CHECK(header.oddities == Oddities{Anomaly::message_too_long});
}

TEST_CASE("streams are bounded in number and in bytes") {
    net::DissectorLimits limits;
    limits.streams = 10;
    Dissection many(limits);
    auto half = message("body").substr(0, 60);
    for (std::uint16_t port = 1; port <= 30; ++port) {
        auto one = flow4;
        one.from.port = port;
        many.feed(ethernet(ip(one, tcp(one, 1, half))));
    }
    CHECK(many.counts().streams_evicted == 20);
    CHECK(many.all.size() == 20);
    CHECK(many.all[0].cut);
    CHECK(many.all[0].flow.from.port == 1);
    // Those that keep nothing go first, whatever their age.
    for (std::uint16_t port = 100; port < 120; ++port) {
        auto one = flow4;
        one.from.port = port;
        many.feed(ethernet(ip(one, tcp(one, 1, "", tcp_syn))));
    }
    CHECK(many.all.size() == 20);
    many.finish();
    CHECK(many.all.size() == 30);

    limits = {};
    limits.stream_bytes = 100'000;
    Dissection bytes(limits);
    auto start = message(std::string(5000, 'x')).substr(0, 4000);
    for (std::uint16_t port = 1; port <= 100; ++port) {
        auto one = flow4;
        one.from.port = port;
        bytes.feed(ethernet(ip(one, tcp(one, 1, start.substr(0, 1400)))));
        bytes.feed(ethernet(ip(one, tcp(one, 1401, start.substr(1400, 1400)))));
    }
    CHECK(bytes.counts().streams_evicted > 50);
    bytes.finish();
    CHECK(bytes.all.size() == 100);
}

#include <algorithm>

#include "unit/net/dissect.h"

using namespace trunkbox;
using namespace trunkbox::test;
using net::Anomaly;
using net::Fate;

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

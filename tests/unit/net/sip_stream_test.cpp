// Where the messages of a TCP stream begin and end.
#include "unit/net/dissect.h"

using namespace trunkbox;
using namespace trunkbox::test;
using net::Anomaly;
using net::Fate;

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
    for (const auto& header : {"Content-Length: -3\r\n", "l: 3x\r\n", "l: 99999999999999999999\r\n", "l:\r\n",
                               "x: 3\r\n", "l: 2147483648\r\n"}) {
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

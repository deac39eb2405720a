#include "trace/ladder.h"

#include <doctest/doctest.h>

#include "unit/trace/messages.h"

using namespace trunkbox;
using namespace trunkbox::trace;
using namespace trunkbox::trace::test;

TEST_CASE("ladder: stations by name, arrows with method, number, status and SDP") {
    std::string_view sdp =
        "v=0\r\nc=IN IP4 192.0.2.1\r\nm=audio 40000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n";
    std::vector<Message> seen = {
        message({.start = "INVITE", .body = sdp}),
        message({.at = 10ms, .from = proxy, .to = phone, .start = "180 Ringing", .to_tag = "b"})};
    Ladder l = ladder(seen, {.names = {{phone, "phone"}, {proxy, "proxy"}}});
    REQUIRE(l.participants.size() == 2);
    CHECK(l.participants[0].name == "phone");
    REQUIRE(l.arrows.size() == 2);
    CHECK(l.arrows[0].head == "INVITE");
    CHECK(l.arrows[0].tail == "+442079460123");
    CHECK(l.arrows[0].note == "PCMA 192.0.2.1:40000");
    CHECK(l.arrows[1].head == "180");
    CHECK(l.arrows[1].tail == "Ringing");
    CHECK(l.arrows[1].from == 1);
    CHECK(l.arrows[1].to == 0);
    CHECK_FALSE(l.arrows[1].retransmission);
}

TEST_CASE("ladder: a retransmission is marked, the second sight of one packet is not drawn") {
    std::vector<Message> seen = {message({.start = "INVITE"}), message({.at = 1ms, .start = "INVITE"}),
                                 message({.at = 500ms, .start = "INVITE"})};
    Ladder l = ladder(seen);
    REQUIRE(l.arrows.size() == 2);
    CHECK_FALSE(l.arrows[0].retransmission);
    CHECK(l.arrows[1].retransmission);
}

TEST_CASE("ladder: the answers of two branches are no retransmissions of each other") {
    std::vector<Message> seen = {
        message({.start = "INVITE"}),
        message({.at = 20ms, .from = proxy, .to = phone, .start = "180 Ringing", .to_tag = "b"}),
        message({.at = 30ms, .from = proxy, .to = phone, .start = "180 Ringing", .to_tag = "c"}),
        message({.at = 90ms, .from = proxy, .to = phone, .start = "180 Ringing", .to_tag = "c"})};
    Ladder l = ladder(seen);
    REQUIRE(l.arrows.size() == 4);
    CHECK_FALSE(l.arrows[2].retransmission);
    CHECK(l.arrows[3].retransmission);
}

TEST_CASE("ladder: order and time: columns as asked, arrows by time stamp") {
    std::vector<Message> seen = {message({.at = 50ms, .from = proxy, .to = phone, .start = "200 OK", .to_tag = "b"}),
                                 message({.at = 10ms, .start = "INVITE"})};
    Ladder l = ladder(seen, {.names = {{phone, "phone"}, {proxy, "proxy"}}, .order = {"phone", "proxy"}});
    CHECK(l.participants[0].name == "phone");
    CHECK(l.arrows[0].head == "INVITE");
    CHECK(l.arrows[0].from == 0);
    CHECK(l.start == Time{} + 10ms);
}

TEST_CASE("ladder: two addresses of one station are one column; other calls and no SIP stay out") {
    std::vector<Message> seen = {message({.start = "INVITE"}),
                                 message({.at = 1ms, .from = gateway, .to = phone, .start = "INVITE", .call_id = "c2"}),
                                 message({.at = 2ms, .from = gateway, .to = phone, .start = "BYE", .call_id = "c3"}),
                                 {.time = Time{} + 3ms, .from = phone, .to = proxy, .bytes = "GET / HTTP/1.1\r\n\r\n"}};
    Ladder l = ladder(seen, {.names = {{proxy, "edge"}, {gateway, "edge"}}, .call_ids = {"c1", "c2"}});
    REQUIRE(l.participants.size() == 2);
    CHECK(l.participants[0].name == "192.0.2.1:5060");
    CHECK(l.participants[1].addresses == std::vector{proxy, gateway});
    CHECK(l.arrows.size() == 2);
}

TEST_CASE("ladder: bands of media stand at their time") {
    std::vector<Message> seen = {message({.start = "INVITE"}), message({.at = 2s, .start = "BYE", .to_tag = "b"})};
    Ladder l = ladder(seen, {.bands = {{.begin = Time{} + 1s, .end = Time{} + 1900ms, .from = proxy, .to = phone,
                                        .head = "RTP", .tail = "PCMA 45 packets"}}});
    REQUIRE(l.arrows.size() == 3);
    CHECK(l.arrows[1].kind == Arrow::Kind::media);
    CHECK(l.arrows[1].from == 1);
    CHECK(l.arrows[1].tail == "PCMA 45 packets");
    CHECK(l.arrows[1].end == Time{} + 1900ms);
}

TEST_CASE("ladder: nothing, and messages that break off") {
    CHECK(ladder({}) == Ladder{});
    std::string whole = message({.start = "INVITE", .body = "v=0\r\nm=audio 1 RTP/AVP 0\r\n"}).bytes;
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        std::vector<Message> seen = {{.time = {}, .from = phone, .to = proxy, .bytes = whole.substr(0, size)}};
        CHECK(ladder(seen).arrows.size() <= 1);
    }
}

TEST_CASE("ladder: the note of an SDP body") {
    CHECK(sdp_note("") == "");
    CHECK(sdp_note("c=IN IP4 192.0.2.1\r\nm=audio 4000 RTP/AVP 96\r\na=rtpmap:96 opus/48000/2\r\n") ==
          "opus 192.0.2.1:4000");
    CHECK(sdp_note("c=IN IP6 2001:db8::1\nm=audio 4000 RTP/AVP 0\n") == "PCMU [2001:db8::1]:4000");
    CHECK(sdp_note("c=IN IP4 192.0.2.1\r\nm=video 5000 RTP/AVP 31\r\nm=audio 4000 RTP/AVP 8\r\nc=IN IP4 192.0.2.9\r\n"
                   "m=audio 4002 RTP/AVP 0\r\nc=IN IP4 192.0.2.10\r\n") == "PCMA 192.0.2.9:4000");
    CHECK(sdp_note("c=IN IP4 192.0.2.1\r\nm=audio 4000 RTP/AVP\r\n") == "");
    CHECK(sdp_note("m=audio 4000 RTP/AVP 8\r\n") == "");
    CHECK(sdp_note("c=IN\r\nm=audio 4000 RTP/AVP 8\r\n") == "");
    CHECK(sdp_note("c=IN IP4 192.0.2.1\r\nm=audio 4000 RTP/AVP 125\r\n") == "payload type 125 192.0.2.1:4000");
}

TEST_CASE("ladder: media joins the column of whoever announced it first") {
    constexpr std::string_view sdp = "v=0\r\nc=IN IP4 192.0.2.1\r\nm=audio 40000 RTP/AVP 8\r\n";
    const net::Endpoint ear{net::Ip::v4(0xc0000201), 40000}, mouth{net::Ip::v4(0xc6336401), 50000};
    std::vector<Message> messages = {
        message({.start = "INVITE", .body = sdp}),
        message({.at = 1ms, .from = proxy, .to = gateway, .start = "INVITE", .body = sdp})};
    LadderOptions options{
        .bands = {{.begin = Time{} + 1s, .end = Time{} + 2s, .from = mouth, .to = ear, .head = "RTP"}}};
    Ladder drawn = ladder(messages, options);
    REQUIRE(drawn.participants.size() == 4);
    CHECK(drawn.participants[0].name == "192.0.2.1:5060");
    CHECK(drawn.participants[0].addresses == std::vector{phone, ear});
    CHECK(drawn.arrows.back().to == 0);
    CHECK(drawn.participants[drawn.arrows.back().from].name == "198.51.100.1:50000");

    // A name that was given to the address is stronger.
    options.names[ear] = "recorder";
    CHECK(ladder(messages, options).participants[3].name == "198.51.100.1:50000");
    CHECK(ladder(messages, options).participants.size() == 5);
}

#include "media/sdp_reader.h"

#include <fmt/format.h>
#include <doctest/doctest.h>

using namespace trunkbox;
using namespace trunkbox::media;

TEST_CASE("sdp reader: an offer as it is usually sent") {
    Session session = read_sdp(
        "v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
        "m=audio 40000 RTP/AVP 8 0 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n"
        "a=fmtp:101 0-15\r\na=ptime:30\r\na=sendonly\r\na=rtcp:40009 IN IP4 192.0.2.9\r\n");
    REQUIRE(session.streams.size() == 1);
    const Stream& stream = session.streams.front();
    CHECK(rtp_endpoint(session, stream)->text() == "192.0.2.1:40000");
    CHECK(rtcp_endpoint(stream, *rtp_endpoint(session, stream)).text() == "192.0.2.9:40009");
    CHECK(stream.direction == Direction::sendonly);
    CHECK(stream.ptime == Duration(30ms));
    REQUIRE(stream.formats.size() == 3);
    CHECK(stream.formats[0].codec.name == "PCMA");
    CHECK(stream.formats[1].codec.name == "PCMU");
    CHECK(stream.formats[2] == Format{.payload_type = 101, .codec = {.name = "telephone-event", .fmtp = "0-15"}});
}

TEST_CASE("sdp reader: lines of LF alone, IPv6, two streams, the session's direction, rtcp-mux") {
    Session session = read_sdp(
        "c=IN IP6 2001:db8::1\na=inactive\nm=audio 4000 RTP/SAVP 96\na=rtpmap:96 opus/48000/2\na=rtcp-mux\n"
        "m=video 4002/2 UDP/TLS/RTP/SAVPF 97\nc=IN IP4 198.51.100.7/127\na=sendrecv\n");
    REQUIRE(session.streams.size() == 2);
    CHECK(session.streams[0].direction == Direction::inactive);
    CHECK(session.streams[1].direction == Direction::sendrecv);
    CHECK(session.streams[0].formats[0].codec == Codec{.name = "opus", .clock_rate = 48000, .channels = 2});
    CHECK(rtp_endpoint(session, session.streams[0])->text() == "[2001:db8::1]:4000");
    CHECK(rtp_endpoint(session, session.streams[1])->text() == "198.51.100.7:4002");
    auto rtp = *rtp_endpoint(session, session.streams[0]);
    CHECK(rtcp_endpoint(session.streams[0], rtp) == rtp);
    CHECK(rtcp_endpoint(session.streams[1], rtp).port == 4001);
}

TEST_CASE("sdp reader: what is broken is passed over, the rest is taken") {
    Session session = read_sdp(
        "nonsense\nm=\nm=audio\nm=audio 70000 RTP/AVP 0\nc=IN IP4 192.0.2.66\na=rtpmap:0 X/1\n"
        "m=audio 4000 RTP/AVP 0 300 x 8\nc=IN\nc=IN IP4 192.0.2.1\na=rtpmap:8\na=rtpmap:8 /8000\na=rtpmap:0 PCMU/0\n"
        "a=rtpmap:0 PCMU/99999999999\na=fmtp:55 z\na=ptime:x\na=rtcp:0\n=\n");
    REQUIRE(session.streams.size() == 1);
    CHECK(session.streams[0].formats.size() == 2);
    CHECK(session.streams[0].formats[0].codec == Codec{.name = "PCMU"});
    CHECK(session.streams[0].formats[1].codec == Codec{.name = "PCMA"});
    CHECK(rtp_endpoint(session, session.streams[0])->text() == "192.0.2.1:4000");
    CHECK(rtcp_endpoint(session.streams[0], *rtp_endpoint(session, session.streams[0])).port == 4001);
    CHECK(read_sdp("").streams.empty());
    CHECK(read_sdp(std::string(100'000, 'm')).streams.empty());
}

TEST_CASE("sdp reader: a thousand streams of a thousand formats and attributes are cut short") {
    std::string body;
    for (int i = 0; i < 1000; ++i) {
        body += "m=audio 4000 RTP/AVP";
        for (int j = 0; j < 1000; ++j) body += fmt::format(" {}", j % 128);
        body += "\n";
        for (int j = 0; j < 100; ++j) body += "a=x\n";
    }
    Session session = read_sdp(body);
    CHECK(session.streams.size() == 32);
    CHECK(session.streams.back().formats.size() == 128);
    CHECK(session.streams.front().attributes.size() == 64);
}

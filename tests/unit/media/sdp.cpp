#include "media/sdp.h"

#include "support.h"
#include <doctest/doctest.h>

using namespace trunkbox;
using namespace trunkbox::media;

TEST_CASE("an RTP endpoint is the stream's address, or else the session's") {
    Session session{.connection = Address{.text = "192.0.2.1"}};
    session.streams.push_back({.port = 40000});
    CHECK(rtp_endpoint(session, session.streams[0])->text() == "192.0.2.1:40000");
    session.streams[0].connection = Address{.text = "2001:db8::1", .ip6 = true};
    CHECK(rtp_endpoint(session, session.streams[0])->text() == "[2001:db8::1]:40000");
}

TEST_CASE("no c= line and a host name are errors") {
    Session session;
    session.streams.push_back({.port = 40000});
    CHECK(rtp_endpoint(session, session.streams[0]).error().text() ==
          "the 'audio' stream has no c= line; every stream needs one, its own or the session's");
    session.connection = Address{.text = "media.example.com"};
    CHECK(rtp_endpoint(session, session.streams[0]).error().text() ==
          "c= names 'media.example.com'; write a literal address");
    session.connection = Address{.text = ""};
    CHECK(!rtp_endpoint(session, session.streams[0]));
}

TEST_CASE("audio is RTP audio that is not refused") {
    Session session;
    session.streams = {{.type = "audio", .port = 0},
                       {.type = "video", .port = 4000},
                       {.type = "audio", .port = 4002, .protocol = "udptl"},
                       {.type = "Audio", .port = 4004, .protocol = "rtp/savp"}};
    CHECK(session.streams[0].is_audio());
    CHECK(first_audio(session) == &session.streams[3]);
    session.streams.pop_back();
    CHECK(first_audio(session) == nullptr);
    CHECK(first_audio({}) == nullptr);
}

TEST_CASE("static payload types are those of RFC 3551") {
    CHECK(static_codec(0)->matches({.name = "pcmu"}));
    CHECK(static_codec(8)->matches({.name = "PCMA"}));
    CHECK(static_codec(9)->matches({.name = "G722", .clock_rate = 8000}));
    CHECK(static_codec(10)->matches({.name = "L16", .clock_rate = 44100, .channels = 2}));
    CHECK(static_codec(18)->matches({.name = "G729"}));
    for (int unassigned : {1, 2, 19, 24, 27, 35, 96, 127, 255}) {
        CHECK(!static_codec(static_cast<std::uint8_t>(unassigned)));
    }
}

TEST_CASE("codecs match by name without case, clock rate and channels") {
    const Codec pcma{.name = "PCMA", .fmtp = "x"};
    CHECK(pcma.matches({.name = "pcma"}));
    CHECK(!pcma.matches({.name = "PCMA", .clock_rate = 16000}));
    CHECK(!pcma.matches({.name = "PCMA", .channels = 2}));
    CHECK(!pcma.matches({.name = "PCMU"}));
}

TEST_CASE("a direction is a pair of sending and receiving") {
    for (Direction d : {Direction::sendrecv, Direction::sendonly, Direction::recvonly, Direction::inactive}) {
        CHECK(direction_of(sends(d), receives(d)) == d);
    }
    CHECK(name(Direction::recvonly) == "recvonly");
}

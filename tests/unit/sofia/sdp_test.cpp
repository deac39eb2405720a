#include <doctest/doctest.h>

#include "sofia/sdp.h"

using namespace trunkbox;
using media::Direction;

namespace {

const std::string head =
    "v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n";

media::Session read(const std::string& text) {
    auto session = sofia::parse_sdp(text);
    REQUIRE_MESSAGE(session, (session ? "" : session.error().text()));
    return *session;
}

}  // namespace

TEST_CASE("an ordinary offer") {
    auto session = read(head +
                        "a=group:x\r\nm=audio 4000 RTP/AVP 8 0 101 96\r\na=rtpmap:8 PCMA/8000\r\n"
                        "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=rtpmap:96 opus/48000/2\r\n"
                        "a=ptime:20\r\na=maxptime:150\r\na=recvonly\r\na=rtcp-mux\r\n");
    CHECK(session.origin == media::Origin{"-", 1, 2, {"192.0.2.1", false}});
    CHECK(session.name == "-");
    CHECK(session.attributes == std::vector<media::Attribute>{{"group", "x"}});
    REQUIRE(session.streams.size() == 1);
    const auto& stream = session.streams[0];
    CHECK(stream.type == "audio");
    CHECK(stream.port == 4000);
    CHECK(stream.protocol == "RTP/AVP");
    REQUIRE(stream.formats.size() == 4);
    CHECK(stream.formats[0] == media::Format{8, {.name = "PCMA"}});
    CHECK(stream.formats[1] == media::Format{0, {.name = "PCMU"}});
    CHECK(stream.formats[2] == media::Format{101, {.name = "telephone-event", .fmtp = "0-15"}});
    CHECK(stream.formats[3] == media::Format{96, {.name = "opus", .clock_rate = 48000, .channels = 2}});
    CHECK(stream.direction == Direction::recvonly);
    CHECK(stream.ptime == Duration(20ms));
    CHECK(stream.attributes == std::vector<media::Attribute>{{"maxptime", "150"}, {"rtcp-mux", ""}});
    CHECK_FALSE(stream.connection);
}

TEST_CASE("the session's direction counts for streams without one, refused streams included") {
    auto session = read(head + "a=sendonly\r\nm=audio 4000 RTP/AVP 8\r\nm=audio 0 RTP/AVP 8\r\na=inactive\r\n"
                               "m=audio 0 RTP/AVP 8\r\n");
    REQUIRE(session.streams.size() == 3);
    CHECK(session.attributes.empty());
    CHECK(session.streams[0].direction == Direction::sendonly);
    CHECK(session.streams[1].direction == Direction::inactive);
    CHECK(session.streams[2].direction == Direction::sendonly);
    CHECK(session.streams[2].port == 0);
}

TEST_CASE("addresses: of the stream, IPv6, host names, multicast") {
    auto session = read("v=0\r\no=- 1 2 IN IP4 host.example.com\r\ns=-\r\nt=0 0\r\n"
                        "m=audio 4000 RTP/AVP 8\r\nc=IN IP6 2001:db8::1\r\n"
                        "m=audio 4002 RTP/AVP 8\r\nc=IN IP4 233.252.0.1/127\r\nm=audio 4004 RTP/AVP 8\r\n");
    CHECK(session.origin.address == media::Address{"host.example.com", false});
    CHECK_FALSE(session.connection);
    REQUIRE(session.streams.size() == 3);
    CHECK(session.streams[0].connection == media::Address{"2001:db8::1", true});
    CHECK(session.streams[1].connection == media::Address{"233.252.0.1", false});
    CHECK_FALSE(session.streams[2].connection);
}

TEST_CASE("other profiles of RTP, and what is not RTP") {
    auto session = read(head + "m=audio 4000 UDP/TLS/RTP/SAVPF 111 0 98\r\na=rtpmap:111 opus/48000/2\r\n"
                               "a=fmtp:111 useinbandfec=1\r\na=rtpmap:98 broken\r\na=rtcp-mux\r\n"
                               "m=audio 4002 RTP/SAVP 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x\r\n"
                               "m=image 4004 udptl t38\r\na=T38FaxVersion:0\r\n");
    REQUIRE(session.streams.size() == 3);
    const auto& web = session.streams[0];
    REQUIRE(web.formats.size() == 3);
    CHECK(web.formats[0] ==
          media::Format{111, {.name = "opus", .clock_rate = 48000, .channels = 2, .fmtp = "useinbandfec=1"}});
    CHECK(web.formats[1] == media::Format{0, {.name = "PCMU"}});
    CHECK(web.formats[2].codec.name.empty());
    CHECK(web.raw_formats.empty());
    CHECK(web.attributes == std::vector<media::Attribute>{{"rtcp-mux", ""}});
    CHECK(session.streams[1].attributes[0].value == "1 AES_CM_128_HMAC_SHA1_80 inline:x");
    CHECK(session.streams[2].raw_formats == std::vector<std::string>{"t38"});
    CHECK(session.streams[2].formats.empty());
}

TEST_CASE("the field's habits are forgiven: no t=, no s=, LF alone, no last line end") {
    CHECK(read("v=0\no=- 1 2 IN IP4 192.0.2.1\nc=IN IP4 192.0.2.1\nm=audio 4000 RTP/AVP 0").streams.size() == 1);
    CHECK(read("v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns= \r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n").streams.empty());
}

TEST_CASE("what is written is read back the same") {
    media::Session session{.origin = {"trunkbox", 18446744073709551615ULL, 7, {"2001:db8::5", true}},
                           .name = "call",
                           .connection = media::Address{"192.0.2.5", false},
                           .attributes = {{"tool", "trunkbox"}}};
    session.streams.push_back({.port = 4000,
                               .formats = {{8, {.name = "PCMA"}},
                                           {101, {.name = "telephone-event", .fmtp = "0-16"}},
                                           {96, {.name = "opus", .clock_rate = 48000, .channels = 2}}},
                               .direction = Direction::sendonly,
                               .ptime = 20ms,
                               .attributes = {{"rtcp", "4001"}, {"rtcp-mux", ""}}});
    session.streams.push_back({.type = "image", .port = 0, .protocol = "udptl", .raw_formats = {"t38"}});
    session.streams.push_back({.port = 4002,
                               .protocol = "RTP/SAVPF",
                               .formats = {{0, {.name = "PCMU"}}},
                               .connection = media::Address{"2001:db8::6", true},
                               .direction = Direction::inactive});
    auto text = sofia::print_sdp(session);
    CHECK(read(text) == session);
    CHECK(sofia::print_sdp(read(text)) == text);
}

TEST_CASE("no text of a session begins a line of its own") {
    media::Session session{.name = "x\r\nm=audio 9 RTP/AVP 0", .attributes = {{"a\nb", "c\rd"}}};
    session.streams.push_back({.port = 4000, .formats = {{8, {.name = "PCMA"}}}});
    auto back = read(sofia::print_sdp(session));
    CHECK(back.streams.size() == 1);
    CHECK(back.name == "x  m=audio 9 RTP/AVP 0");
}

TEST_CASE("garbage is an error with its reason") {
    std::string nul = head + "m=audio 4000 RTP/AVP 0\r\n";
    nul[10] = '\0';
    for (const auto& bad :
         {std::string(), std::string("hello"), std::string(1, '\0'), nul, std::string(70'000, 'v'),
          std::string("v=1\r\n"), std::string("v=0\r\n"), head + "m=audio\r\n", head + "m=audio 65536 RTP/AVP 0\r\n",
          head + "m=audio 4000 RTP/AVP 200\r\n", head + "m=audio 4000 RTP/AVPF 200\r\n",
          head + "m=audio -1 RTP/AVP 0\r\n", head + "c=IN IP4\r\n",
          std::string("v=0\r\ns=-\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n")}) {
        auto session = sofia::parse_sdp(bad);
        REQUIRE_FALSE(session);
        CHECK(session.error().fault == Fault::input);
        CHECK_FALSE(session.error().what.empty());
    }
}

TEST_CASE("a format that is no token does not hang the reader") {
    for (std::string_view line : {"m=audio 9 X /\r\n", "m=audio 9 RT /AVP 8\r\n", "m=audio 9 RT:/AVP 8\r\n",
                                  "m=audio 9 X a/b\r\n", "m=audio 9 X \xff\r\n", "m=audio 9 /X 8\r\n", " m=audio 9 X /\r\n", "m=audio 9 RTP/AVPF \t\r\n"}) {
        auto session = sofia::parse_sdp(head + std::string(line));
        REQUIRE_FALSE(session);
        CHECK(session.error().text().find("does not belong in m=") != std::string::npos);
    }
    CHECK(read(head + "m=audio  4000  RTP/AVP  8  0\r\n").streams[0].formats.size() == 2);
}

TEST_CASE("a description of 60 kB is read") {
    std::string text = head;
    while (text.size() < 30'000) text += "a=candidate:1 1 UDP 1 192.0.2.1 4000 typ host\r\n";
    text += "m=audio 4000 RTP/AVP 8\r\n";
    while (text.size() < 60'000) text += "a=x-note:" + std::string(80, 'n') + "\r\n";
    CHECK(read(text).streams[0].attributes.size() > 300);
    std::string many = head;
    while (many.size() < 60'000) many += "m=audio 4000 RTP/AVP 8\r\n";
    CHECK(read(many).streams.size() > 2000);
}

TEST_CASE("every cut and every damaged byte of a description is read or refused, never worse") {
    auto text = head + "a=sendonly\r\nm=audio 4000/2 RTP/AVP 8 101\r\nc=IN IP6 2001:db8::1\r\nb=AS:64\r\n"
                       "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\n";
    std::size_t accepted = 0;
    for (std::size_t cut = 0; cut < text.size(); ++cut)
        if (auto session = sofia::parse_sdp(std::string_view(text).substr(0, cut))) accepted += session->streams.size();
    CHECK(accepted > 0);
    for (std::size_t place = 0; place < text.size(); ++place)
        for (char byte : {'\r', '\n', ' ', ':', '/', '=', '\xff', '9', '\x01'}) {
            auto damaged = text;
            damaged[place] = byte;
            auto session = sofia::parse_sdp(damaged);
            if (session) CHECK_FALSE(sofia::print_sdp(*session).empty());
            else CHECK_FALSE(session.error().what.empty());
        }
}

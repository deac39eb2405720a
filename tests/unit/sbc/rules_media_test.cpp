#include "unit/sbc/rtp_script.h"

using namespace trunkbox;
using namespace trunkbox::sbc;
using namespace trunkbox::sbc::test;

namespace {

const net::Endpoint intruder{net::Ip::v4(0xcb007109), 4000};

// A call whose two ends describe these lines; then its callee speaks.
struct Talking {
    explicit Talking(std::string_view caller_line = "m=audio 4000 RTP/AVP 8\r\n",
                     std::string_view callee_line = "m=audio 4000 RTP/AVP 8\r\n", Policy policy = Policy::strict())
        : script(std::move(policy)) {
        CHECK(said(script.at(0, phone, edge, call.request("INVITE", 1, {.sdp = sdp(1, "192.0.2.1", caller_line)}))) == "accept");
        CHECK(said(script.at(1, edge, phone, call.response(200, "INVITE", 1, {.sdp = sdp(1, "198.51.100.1", callee_line)}))) ==
              "accept");
        CHECK(said(script.at(1.1, phone, edge, call.request("ACK", 1))) == "accept");
        CHECK(sender.talk(script, 1.2, 10) == "");
        CHECK(back.talk(script, 1.2, 10) == "");
    }
    Verdict end(double seconds) { return script.at(seconds, phone, edge, call.request("BYE", 2)); }

    Call call;
    Script script;
    Sender sender;
    Sender back{.from = caller_media, .to = callee_media, .ssrc = 0x2222};
};

}  // namespace

TEST_CASE("media: a call both ways, with early media, hold and moving ports, raises nothing") {
    Call call;
    Script script;
    Sender early{.from = callee_media, .to = caller_media};
    CHECK(said(script.at(0, phone, edge, call.request("INVITE", 1, {.sdp = sdp(1)}))) == "accept");
    CHECK(early.talk(script, 0.5, 100) == "");
    CHECK(said(script.at(3, edge, phone, call.response(200, "INVITE", 1, {.sdp = sdp(1, "198.51.100.1")}))) == "accept");
    CHECK(said(script.at(3.1, phone, edge, call.request("ACK", 1))) == "accept");
    CHECK(early.talk(script, 3.2, 200) == "");
    auto moved = sdp(2, "192.0.2.1", "m=audio 4010 RTP/AVP 8\r\n");
    CHECK(said(script.at(8, phone, edge, call.request("INVITE", 2, {.sdp = moved}))) == "accept");
    CHECK(said(script.at(8.1, edge, phone, call.response(200, "INVITE", 2, {.sdp = sdp(1, "198.51.100.1")}))) == "accept");
    CHECK(said(script.at(8.2, phone, edge, call.request("ACK", 2))) == "accept");
    CHECK(early.talk(script, 8.2, 40) == "");
    Sender after{.from = callee_media, .to = {caller_media.ip, 4010}};
    CHECK(after.talk(script, 9, 200) == "");
    CHECK(said(script.at(20, phone, edge, call.request("BYE", 3))) == "accept");
    CHECK(after.talk(script, 20, 20) == "");
}

TEST_CASE("R-901 media that nothing describes, on a host that has some") {
    Talking talking;
    Sender orphan{.from = intruder, .to = {caller_media.ip, 4002}};
    CHECK(orphan.talk(talking.script, 2, 50) == "");  // what describes it may be on its way
    CHECK(orphan.talk(talking.script, 4.5, 100) == "0: non_sip P-007 (alert R-901); ");
    SUBCASE("of a host that nothing describes, nothing can be said") {
        Sender elsewhere{.from = intruder, .to = {net::Ip::v4(0xcb007120), 4002}};
        CHECK(elsewhere.talk(talking.script, 7, 300) == "");
    }
}

TEST_CASE("R-902 media from where nobody said that they come from") {
    Talking talking;
    Sender injected{.from = intruder, .ssrc = 0x3333};
    CHECK(talking.sender.talk(talking.script, 5, 10) == "");
    CHECK(injected.talk(talking.script, 5.2, 2) == "0: drop R-902; 1: drop R-902; ");
    CHECK(talking.sender.talk(talking.script, 5.3, 10) == "");
    SUBCASE("a source behind a translator is learnt when the described one is silent") {
        Sender translated{.from = {intruder.ip, 4010}};
        CHECK(translated.talk(talking.script, 10, 50) == "");
        CHECK(talking.sender.send(talking.script, 11.1).action == Action::non_sip);  // the described one may come back
        Sender third{.from = {net::Ip::v4(0xcb007130), 4000}};
        CHECK(said(third.send(talking.script, 11.2)) == "drop R-902");
    }
}

TEST_CASE("R-902 the media addresses of a peer may send") {
    Policy policy = Policy::strict();
    policy.peers = {{.name = "carrier", .networks = {*Network::parse("203.0.113.200")}, .media = {*Network::parse("203.0.113.0/28")}}};
    Talking talking("m=audio 4000 RTP/AVP 8\r\n", "m=audio 4000 RTP/AVP 8\r\n", policy);
    Sender relay{.from = intruder, .ssrc = 0x1111};
    CHECK(talking.sender.talk(talking.script, 5, 10) == "");
    CHECK(relay.talk(talking.script, 5.2, 4) == "");
}

TEST_CASE("R-903 another SSRC in the middle of a stream") {
    Talking talking;
    CHECK(talking.sender.talk(talking.script, 8, 10) == "");
    talking.sender.ssrc = 0x9999;
    CHECK(talking.sender.talk(talking.script, 8.2, 10) == "0: non_sip P-007 (alert R-903); ");
    SUBCASE("by turns") {
        Sender second = talking.sender;
        second.ssrc = 0x1111;
        second.sequence = 5000;
        CHECK(said(second.send(talking.script, 8.5)) == "non_sip P-007 (alert R-903)");
        CHECK(said(talking.sender.send(talking.script, 8.52)) == "non_sip P-007");  // once of a stream
    }
    SUBCASE("behind a new session description it is lawful") {
        auto anew = sdp(2, "198.51.100.1");
        talking.script.at(9, edge, phone, talking.call.request_back("INVITE", 50, {.sdp = anew}));
        talking.script.at(9.1, phone, edge, talking.call.response_back(200, "INVITE", 50, {.sdp = sdp(1)}));
        talking.sender.ssrc = 0x7777;
        CHECK(talking.sender.talk(talking.script, 9.2, 10) == "");
    }
}

TEST_CASE("R-904 numbers that jump") {
    Talking talking;
    Sender& sender = talking.sender;
    sender.sequence = static_cast<std::uint16_t>(sender.sequence + 2990);
    CHECK(sender.talk(talking.script, 8, 1) == "");
    sender.sequence = static_cast<std::uint16_t>(sender.sequence - 3500);
    CHECK(said(sender.send(talking.script, 8.1)) == "non_sip P-007 (note R-904)");
    sender.timestamp += 1'000'000;
    CHECK(said(sender.send(talking.script, 8.2)) == "non_sip P-007 (note R-904)");
    sender.timestamp += 1'000'000;
    sender.marker = true;
    CHECK(said(sender.send(talking.script, 8.3)) == "non_sip P-007");
}

TEST_CASE("R-905 a payload type that nobody described") {
    Talking talking;
    Sender& sender = talking.sender;
    sender.type = 0;
    auto verdict = sender.send(talking.script, 8);
    CHECK(said(verdict) == "drop R-905");
    CHECK(verdict.reason == "payload type 0, which neither end described");
    CHECK(verdict.offset == 1);
    sender.type = 13;
    CHECK(said(sender.send(talking.script, 8.02)) == "non_sip P-007");
    SUBCASE("of what only the other end described it may be") {
        Talking both("m=audio 4000 RTP/AVP 8 18\r\n", "m=audio 4000 RTP/AVP 8\r\n");
        both.back.type = 18;
        CHECK(said(both.back.send(both.script, 8)) == "non_sip P-007");
    }
}

TEST_CASE("R-906 media after the call, and calls without") {
    Talking talking;
    CHECK(said(talking.end(10)) == "accept");
    CHECK(talking.sender.talk(talking.script, 10, 200) == "");
    CHECK(talking.sender.talk(talking.script, 16, 200) == "0: non_sip P-007 (alert R-906); ");
    SUBCASE("nothing came for long") {
        Talking dead;
        auto verdict = dead.end(40);
        CHECK(said(verdict) == "accept (alert R-906)");
        CHECK(verdict.findings.front().reason == "no RTP in the last 38 seconds of the call");
    }
    SUBCASE("one side was silent") {
        Call call;
        Script script;
        CHECK(connect(script, call));
        Sender sender;
        CHECK(sender.talk(script, 5, 1600) == "");
        auto verdict = script.at(37.5, phone, edge, call.request("BYE", 2));
        CHECK(said(verdict) == "accept (alert R-906)");
        CHECK(verdict.findings.front().reason == "one side sent no RTP for 34 seconds of the call");
    }
    SUBCASE("a short call, or one of which no media were captured") {
        Talking brief;
        CHECK(said(brief.end(25)) == "accept");
        Call call;
        Script script;
        CHECK(connect(script, call));
        CHECK(said(script.at(300, phone, edge, call.request("BYE", 2))) == "accept");
    }
}

TEST_CASE("R-907 audio that can be read where SRTP was agreed") {
    const std::string_view line = "m=audio 4000 RTP/SAVP 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WnD7c1ksDGs+dIefCEo8omPg4uO8DYIinNGL5yxQ\r\n";
    auto begin = [&](const std::string& payload) {
        Call call;
        Script script;
        script.at(0, phone, edge, call.request("INVITE", 1, {.sdp = sdp(1, "192.0.2.1", line)}));
        script.at(1, edge, phone, call.response(200, "INVITE", 1, {.sdp = sdp(1, "198.51.100.1", line)}));
        Sender sender{.payload = payload};
        return sender.talk(script, 2, 3);
    };
    std::string noise;
    for (int i = 0; i < 160; ++i) noise += static_cast<char>(i * 151 + 7);
    CHECK(begin(noise) == "0: non_sip P-007 (alert R-907); ");
    CHECK(begin(std::string(170, '\x55')) == "0: non_sip P-007 (alert R-907); ");
    CHECK(begin(noise + "0123456789").empty());
    CHECK(begin(noise + "0123").empty());
}

TEST_CASE("R-908 more than the codec makes, and packets of another length") {
    Talking talking;
    CHECK(talking.sender.talk(talking.script, 2, 100) == "");
    talking.sender.payload.resize(400, '\x12');  // 2.5 times as much
    CHECK(talking.sender.talk(talking.script, 5, 200).ends_with(": non_sip P-007 (note R-908); "));
    SUBCASE("the packet time that was asked for") {
        Talking asked("m=audio 4000 RTP/AVP 8\r\na=ptime:20\r\n");
        asked.sender.payload.resize(240, '\x12');
        CHECK(asked.sender.talk(asked.script, 5, 20) == "0: non_sip P-007 (note R-908); ");
    }
}

TEST_CASE("R-909 RTCP from elsewhere, and a goodbye that is none") {
    Talking talking;
    const net::Endpoint from{callee_media.ip, 4001}, to{caller_media.ip, 4001};
    auto report = [](std::uint32_t ssrc) { return std::string("\x80\xc9\x00\x01", 4) + big_endian(ssrc, 4); };
    auto goodbye = [&](std::uint32_t ssrc) { return report(ssrc) + std::string("\x81\xcb\x00\x01", 4) + big_endian(ssrc, 4); };
    CHECK(said(talking.script.at(5, from, to, report(0x1111))) == "non_sip P-007");
    CHECK(said(talking.script.at(5, {intruder.ip, 4001}, to, goodbye(0x1111))) == "non_sip P-007 (alert R-909)");
    CHECK(talking.sender.talk(talking.script, 5, 20) == "");
    CHECK(said(talking.script.at(6, from, to, goodbye(0x1111))) == "non_sip P-007");
    CHECK(talking.sender.talk(talking.script, 6.1, 20) == "");  // on their way
    CHECK(talking.sender.talk(talking.script, 7.5, 20) == "0: non_sip P-007 (alert R-909); ");
}

TEST_CASE("R-910 digits that no finger presses") {
    const std::string_view line = "m=audio 4000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n";
    Talking talking(line, line);
    Sender& sender = talking.sender;
    sender.type = 101;
    sender.step = 0;
    auto event = [&](double at, unsigned duration, bool ends) {
        sender.payload = std::string("\x05", 1) + (ends ? '\x8a' : '\x0a') + big_endian(duration, 2);
        return said(sender.send(talking.script, at));
    };
    CHECK(event(5, 160, false) == "non_sip P-007");
    CHECK(event(5.1, 800, true) == "non_sip P-007");
    CHECK(event(5.12, 800, true) == "non_sip P-007");
    CHECK(event(5.14, 400, true) == "non_sip P-007 (note R-910)");  // shorter again
    sender.timestamp += 2000;
    CHECK(event(6, 0, true) == "non_sip P-007 (note R-910)");
    sender.timestamp += 2000;
    CHECK(event(7, 40'000, false) == "non_sip P-007 (note R-910)");  // five seconds, at once
    int noted = 0;
    for (int i = 0; i < 30; ++i) {
        sender.timestamp += 160;
        if (event(10 + 0.02 * i, 160, true) != "non_sip P-007") ++noted;
    }
    CHECK(noted == 1);
}

TEST_CASE("media that cannot be read raise nothing, and a flood of streams is bounded") {
    Talking talking;
    for (std::size_t size = 0; size < 20; ++size) {
        std::string bytes(size, '\x80');
        CHECK(talking.script.at(5, callee_media, {caller_media.ip, 9999}, bytes).action == Action::non_sip);
    }
    Sender sender{.to = {net::Ip::v4(0xcb007120), 4002}};
    for (std::uint32_t i = 0; i < 100'000; ++i) {
        sender.from = host(i, static_cast<std::uint16_t>(1024 + i % 50'000));
        sender.send(talking.script, 6 + i * 0.0001);
    }
    CHECK(talking.script.memory().bytes() <= Memory::most_bytes());
}

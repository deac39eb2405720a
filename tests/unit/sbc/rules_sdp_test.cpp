#include "unit/sbc/messages.h"

using namespace trunkbox;
using namespace trunkbox::sbc;
using namespace trunkbox::sbc::test;

namespace {

// The sound session description with one place changed.
std::string offer(std::string_view what, std::string_view by) { return with_sdp(invite(), with(std::string(sound_sdp), what, by)); }
std::string answer(std::string_view what, std::string_view by) {
    return with_sdp(with(ringing(), "180 Ringing", "200 OK"), with(std::string(sound_sdp), what, by));
}

}  // namespace

TEST_CASE("S-801 session descriptions against their grammar") {
    struct Case {
        std::string_view what, by;
    };
    const Case bad[] = {{"v=0\r\n", ""},
                        {"o=- 1 1 IN IP4 192.0.2.1\r\n", ""},
                        {"s=-\r\n", ""},
                        {"t=0 0\r\n", ""},
                        {"c=IN IP4 192.0.2.1\r\n", ""},
                        {"c=IN IP4 192.0.2.1", "c=IN"},
                        {"o=- 1 1 IN IP4 192.0.2.1", "o=-"},
                        {"4000", "65536"},
                        {"4000", "x"},
                        {" 8 101", ""},
                        {"s=-\r\nc=IN IP4 192.0.2.1\r\n", "c=IN IP4 192.0.2.1\r\ns=-\r\n"},
                        {"t=0 0\r\n", "no type\r\nt=0 0\r\n"},
                        {"m=audio", "m=audio 4002 RTP/AVP 0\r\nt=0 0\r\nm=audio"}};
    for (const Case& row : bad) {
        INFO(row.what, " -> ", row.by);
        CHECK(strict("S-801", offer(row.what, row.by)) == "reject 488");
        CHECK(lenient("S-801", offer(row.what, row.by)) == "note");
        CHECK(strict("S-801", answer(row.what, row.by)) == "note");
    }
    const Case good[] = {{"4000", "4000/2"},
                         {"4000", "0"},
                         {"\r\na=rtpmap", "\r\nc=IN IP4 192.0.2.1\r\na=rtpmap"},
                         {"s=-", "s= "},
                         {"t=0 0\r\n", "t=0 0\r\nr=7d 1h 0\r\nt=1 2\r\nz=0 0\r\n"},
                         {"a=rtpmap:101", "a=rtpmap:31"},
                         {"t=0 0\r\n", "b=AS:64\r\nt=0 0\r\na=sendrecv\r\n"}};
    for (const Case& row : good) CHECK_MESSAGE(strict("S-801", offer(row.what, row.by)) == "", row.by);
    std::string each = offer("c=IN IP4 192.0.2.1\r\n", "");
    CHECK(strict("S-801", with_sdp(invite(), "v=0\no=- 1 1 IN IP4 192.0.2.1\ns=-\nt=0 0\nm=audio 4000 RTP/AVP 8\nc=IN IP4 192.0.2.1\n")) == "");
    CHECK(strict("S-801", with_body(invite(), "text/plain", "m=audio")) == "");
    CHECK(strict("S-801", with_body(invite(), "application/sdpx", "m=audio")) == "");
}

TEST_CASE("a session description is judged as a part of a body, too") {
    auto in_parts = [](std::string_view sdp) {
        std::string body = "--b\r\nContent-Type: application/sdp\r\n\r\n" + std::string(sdp) +
                           "\r\n--b\r\nContent-Type: application/isup;version=itu-t92+\r\n\r\n\x01\x20\r\n--b--\r\n";
        return with(with_sdp(invite(), body), "application/sdp", "multipart/mixed;boundary=b");
    };
    CHECK(strict("S-801", in_parts(sound_sdp)) == "");
    CHECK(strict("S-801", in_parts(with(std::string(sound_sdp), "t=0 0\r\n", ""))) == "reject 488");
}

TEST_CASE("S-802 where media go") {
    auto at = [](std::string_view address) { return offer("c=IN IP4 192.0.2.1", "c=" + std::string(address)); };
    CHECK(between(phone, edge, "S-802", at("IN IP4 192.0.2.1")) == "");
    CHECK(between(phone, edge, "S-802", at("IN IP4 203.0.113.9")) == "note");
    CHECK(between(phone, edge, "S-802", at("IN IP4 127.0.0.1")) == "reject 488");
    CHECK(between(phone, edge, "S-802", at("IN IP6 ::1")) == "reject 488");
    CHECK(between(phone, edge, "S-802", at("IN IP4 198.51.100.1")) == "reject 488");
    CHECK(between(phone, edge, "S-802", at("IN IP4 233.252.0.1/127")) == "note");
    CHECK(between(phone, edge, "S-802", at("IN IP4 0.0.0.0")) == "");
    CHECK(between(phone, edge, "S-802", at("IN IP6 hold.invalid")) == "");
    CHECK(between(phone, edge, "S-802", answer("c=IN IP4 192.0.2.1", "c=IN IP4 127.0.0.1")) == "note");
    CHECK(between(edge, phone, "S-802", at("IN IP4 198.51.100.1")) == "");
    CHECK(strict("S-802", at("IN IP4 127.0.0.1")) == "");
    Policy anchored = edge_policy();
    anchored.peers[1].media = {*Network::parse("203.0.113.0/28")};
    CHECK(between(phone, edge, "S-802", at("IN IP4 203.0.113.9"), anchored) == "");
    CHECK(between(phone, edge, "S-802", at("IN IP4 203.0.113.99"), anchored) == "note");
    // A laboratory on one machine.
    net::Endpoint local{net::Ip::v4(0x7f000001), 5070}, own{net::Ip::v4(0x7f000001), 5060};
    Policy loopback;
    loopback.own = {*Network::parse("127.0.0.1:5060")};
    CHECK(between(local, own, "S-802", at("IN IP4 127.0.0.1"), loopback) == "");
}

TEST_CASE("S-803 media at the port of a service") {
    for (std::string_view bad : {"22", "1023", "5060", "5061"}) {
        CHECK(strict("S-803", offer("4000", bad)) == "reject 488");
        CHECK(lenient("S-803", offer("4000", bad)) == "note");
        CHECK(strict("S-803", answer("4000", bad)) == "note");
    }
    for (std::string_view good : {"0", "9", "1024", "5062", "65535"}) CHECK(strict("S-803", offer("4000", good)) == "");
    Policy policy = Policy::strict();
    policy.rules["S-803"].always.parameters["least"] = 10'000;
    CHECK(outcome(judged(offer("4000", "4000"), policy), "S-803") == "reject 488");
    CHECK(outcome(judged(offer("4000", "10000"), policy), "S-803") == "");
}

TEST_CASE("S-804 codecs and SRTP") {
    Policy policy = Policy::strict();
    CHECK(outcome(judged(with_sdp(invite()), policy), "S-804") == "");
    policy.lists.codecs = {"opus", "pcmu", "telephone-event"};
    CHECK(outcome(judged(with_sdp(invite()), policy), "S-804") == "reject 488");
    CHECK(outcome(judged(offer(" 8 101", " 8 0"), policy), "S-804") == "");
    CHECK(outcome(judged(offer("telephone-event/8000", "opus/48000/2"), policy), "S-804") == "");
    CHECK(outcome(judged(offer("RTP/AVP 8 101", "UDPTL t38"), policy), "S-804") == "");
    CHECK(outcome(judged(offer("4000", "0"), policy), "S-804") == "");
    CHECK(outcome(judged(answer("4000", "4002"), policy), "S-804") == "note");
    policy.lists.codecs.clear();
    policy.rules["S-804"].inbound.parameters["srtp"] = 1;
    CHECK(outcome(judged(with_sdp(invite()), policy), "S-804") == "");
    policy.rules["S-804"].always.parameters["srtp"] = 1;
    CHECK(outcome(judged(with_sdp(invite()), policy), "S-804") == "reject 488");
    CHECK(outcome(judged(offer("RTP/AVP", "RTP/SAVPF"), policy), "S-804") == "");
}

TEST_CASE("a session description cut at every byte is judged") {
    for (std::size_t i = 0; i <= sound_sdp.size(); ++i) {
        std::string bytes = with_sdp(invite(), sound_sdp.substr(0, i));
        CHECK(between(phone, edge, "P-010", bytes) == "");
    }
    std::string many = std::string(sound_sdp.substr(0, sound_sdp.find("m=")));
    for (int i = 0; i < 300; ++i) many += "m=audio 4000 RTP/AVP 8\r\n";
    CHECK(strict("S-801", with_sdp(invite(), many)) == "");
}

#include "provider/relay.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "config/provider.h"
#include "provider/identity.h"
#include "sofia/sdp.h"

using namespace trunkbox;
using namespace trunkbox::provider;

namespace {

struct Bench {
    sofia::Library library;
    sofia::Loop loop{library};
    std::unique_ptr<Relay> relay = std::move(
        *Relay::open(loop, net::Ip::v4(0x7f000001), net::Ip::v4(0x7f000001), nullptr));
};

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

const std::string phone =
    "v=0\r\no=alice 77 5 IN IP4 192.0.2.9\r\ns=Alice's laptop\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n"
    "a=candidate:1 1 UDP 1 192.0.2.9 40000 typ host\r\n"
    "m=audio 40000 RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n"
    "a=rtcp:40001 IN IP4 192.0.2.9\r\na=ice-pwd:secret\r\na=ptime:20\r\na=sendrecv\r\n"
    "m=video 40002 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n";

media::Session read(const std::string& sdp) {
    auto session = sofia::parse_sdp(sdp);
    REQUIRE(session.has_value());
    return *session;
}

}  // namespace

TEST_CASE("an offer passes without a trace of where it came from") {
    Bench bench;
    auto passed = bench.relay->pass(phone, Face::outside);
    REQUIRE(passed.has_value());
    CAPTURE(*passed);
    for (const char* trace : {"192.0.2.9", "alice", "Alice", "40000", "40001", "40002", "candidate", "ice-pwd", "rtcp"})
        CHECK_FALSE(contains(*passed, trace));
    auto session = read(*passed);
    REQUIRE(session.streams.size() == 2);
    CHECK(session.streams[0].port == bench.relay->local(Face::inside).port);
    CHECK(session.streams[1].port == 0);
    CHECK(contains(*passed, "a=rtpmap:101 telephone-event/8000"));
    CHECK(contains(*passed, "a=ptime:20"));
    CHECK(contains(*passed, "a=sendrecv"));
    CHECK(bench.relay->local(Face::inside).port != bench.relay->local(Face::outside).port);
}

TEST_CASE("hold stays hold, in each of its spellings") {
    Bench bench;
    auto replace = [](std::string text, std::string_view from, std::string_view to) {
        text.replace(text.find(from), from.size(), to);
        return text;
    };
    CHECK(contains(*bench.relay->pass(replace(phone, "sendrecv", "sendonly"), Face::outside), "a=sendonly"));
    auto old = bench.relay->pass(replace(phone, "c=IN IP4 192.0.2.9", "c=IN IP4 0.0.0.0"), Face::outside);
    REQUIRE(old.has_value());
    CHECK(contains(*old, "0.0.0.0"));
}

TEST_CASE("the version grows with each description, the session stays") {
    Bench bench;
    auto first = read(*bench.relay->pass(phone, Face::outside));
    auto second = read(*bench.relay->pass(phone, Face::outside));
    CHECK(second.origin.session_id == first.origin.session_id);
    CHECK(second.origin.version == first.origin.version + 1);
}

TEST_CASE("an offer of our own, and an answer by ourselves, speak only what was agreed on") {
    Bench bench;
    auto offer = bench.relay->offer(Face::outside);
    REQUIRE(offer.has_value());
    CHECK(read(*offer).streams.front().port == bench.relay->local(Face::outside).port);
    (void)bench.relay->pass("v=0\r\no=- 1 1 IN IP4 192.0.2.8\r\ns=-\r\nc=IN IP4 192.0.2.8\r\nt=0 0\r\n"
                            "m=audio 30000 RTP/AVP 8\r\n",
                            Face::inside);
    auto answer = bench.relay->answer(phone, Face::outside);
    REQUIRE(answer.has_value());
    CHECK(contains(*answer, "PCMA"));
    CHECK_FALSE(contains(*answer, "PCMU"));
    auto g722 = bench.relay->answer("v=0\r\no=- 1 1 IN IP4 192.0.2.8\r\ns=-\r\nc=IN IP4 192.0.2.8\r\nt=0 0\r\n"
                                    "m=audio 30000 RTP/AVP 9\r\n",
                                    Face::outside);
    CHECK_FALSE(g722.has_value());
}

TEST_CASE("what is no description, or has no audio, does not pass") {
    Bench bench;
    for (std::string sdp : {std::string(), std::string("nonsense"), std::string("v=0\r\n"), phone.substr(0, 60),
                            std::string("v=0\r\no=- 1 1 IN IP4 192.0.2.8\r\ns=-\r\nc=IN IP4 192.0.2.8\r\nt=0 0\r\n"
                                        "m=video 30000 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"),
                            std::string(60'000, 'a')}) {
        CAPTURE(sdp.substr(0, 80));
        CHECK_FALSE(bench.relay->pass(sdp, Face::outside).has_value());
        CHECK_FALSE(bench.relay->answer(sdp, Face::outside).has_value());
    }
}

namespace {

config::TrunkConfig trunk() {
    config::TrunkConfig trunk;
    trunk.name = "acme";
    trunk.region = "FR";
    trunk.numbers = {*numbering::NumberRange::parse("+33199000000-+33199000999")};
    return trunk;
}

std::string calling(std::string_view headers) {
    auto text = fmt::format("INVITE sip:x@example.com SIP/2.0\r\n{}\r\n", headers);
    return calling_number(sip::MessageView::read(text), trunk()).text();
}

}  // namespace

TEST_CASE("a trunk shows a number of its own, else its main number") {
    CHECK(calling("From: <sip:+33199000007@example.com>\r\n") == "+33199000007");
    CHECK(calling("From: <sip:0199000007@example.com>\r\n") == "+33199000007");
    CHECK(calling("From: <sip:+442079460123@example.com>\r\n") == "+33199000000");
    CHECK(calling("From: <sip:acme@example.com>\r\n") == "+33199000000");
    CHECK(calling("P-Asserted-Identity: \"A\" <sip:+33199000008@example.com>\r\n"
                  "From: <sip:+33199000007@example.com>\r\n") == "+33199000008");
    CHECK(calling("P-Asserted-Identity: <sip:+442079460123@example.com>\r\n"
                  "P-Preferred-Identity: <sip:+33199000009@example.com>\r\n"
                  "From: <sip:+33199000007@example.com>\r\n") == "+33199000009");
    for (const char* broken : {"", "From:\r\n", "From: <<\r\n", "P-Asserted-Identity: ,,,\r\n",
                               "From: <sip:%00+3319900000%37@example.com>\r\n"})
        CHECK(calling(broken) == "+33199000000");
}

TEST_CASE("the dialled number and the wish for privacy") {
    auto view = [](const std::string& text) { return sip::MessageView::read(text); };
    std::string dial = "INVITE sip:%2B44207946%30123@example.com SIP/2.0\r\nPrivacy: session; ID\r\n\r\n";
    CHECK(dialled(view(dial)) == "+442079460123");
    CHECK(dialled_number(view(dial), "")->text() == "+442079460123");
    CHECK(wants_privacy(view(dial)));
    for (std::string text : {"INVITE sip:alice@example.com SIP/2.0\r\nPrivacy: none\r\n\r\n",
                             "INVITE sip:example.com SIP/2.0\r\n\r\n", "INVITE  SIP/2.0\r\n\r\n", ""}) {
        CHECK_FALSE(dialled_number(view(text), "FR").has_value());
        CHECK_FALSE(wants_privacy(view(text)));
    }
}

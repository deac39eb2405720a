#include "unit/sbc/messages.h"

using namespace trunkbox;
using namespace trunkbox::sbc;
using namespace trunkbox::sbc::test;

namespace {

std::string request(std::string_view method, std::string message = invite()) {
    return with(with(std::move(message), "INVITE sip", std::string(method) + " sip"), "1 INVITE", "1 " + std::string(method));
}

std::string in_dialog(std::string message) {
    return with(std::move(message), "To: <sip:+442079460123@example.com>", "To: <sip:+442079460123@example.com>;tag=b1");
}

}  // namespace

TEST_CASE("A-410 strangers that call") {
    CHECK(between(stranger, edge, "A-410", invite()) == "reject 403");
    CHECK(between(stranger, edge, "A-410", with(invite(), "sip:+442079460123@example.com SIP", "tel:00442079460123 SIP")) == "reject 403");
    CHECK(between(phone, edge, "A-410", invite()) == "");
    CHECK(between(edge, stranger, "A-410", invite()) == "");
    CHECK(between(stranger, edge, "A-410", in_dialog(invite())) == "");
    CHECK(between(stranger, edge, "A-410", request("OPTIONS")) == "");
    CHECK(between(stranger, edge, "A-410", with(invite(), "sip:+442079460123@example.com SIP", "sip:alice@example.com SIP")) == "");
    Policy open = edge_policy();
    open.peers.clear();
    CHECK(between(stranger, edge, "A-410", invite(), open) == "");
}

TEST_CASE("A-425 messages and subscriptions from outside") {
    for (std::string_view method : {"MESSAGE", "SUBSCRIBE"}) {
        CHECK(between(stranger, edge, "A-425", request(method)) == "reject 403");
        CHECK(between(phone, edge, "A-425", request(method)) == "reject 403");
        CHECK(between(phone, edge, "A-425", request(method), edge_policy(Policy::lenient())) == "alert");
        CHECK(between(carrier, edge, "A-425", request(method)) == "");
        CHECK(between(edge, phone, "A-425", request(method)) == "");
        CHECK(between(phone, edge, "A-425", in_dialog(request(method))) == "");
        CHECK(between(phone, edge, "A-425", plus(request(method), "Authorization: Digest username=\"a\"")) == "");
    }
    CHECK(between(stranger, edge, "A-425", request("OPTIONS")) == "");
}

TEST_CASE("A-427 links that phones fetch") {
    for (std::string_view line : {"Alert-Info: <http://192.0.2.66/ring.wav>", "Call-Info: <sip:a@example.com>, <https://example.com/x>;purpose=icon",
                                  "Error-Info: <HTTP://example.com/>", "Call-Info: http://example.com"}) {
        CHECK(between(phone, edge, "A-427", plus(invite(), line)) == "strip");
        CHECK(between(phone, edge, "A-427", plus(invite(), line), edge_policy(Policy::lenient())) == "note");
        CHECK(between(carrier, edge, "A-427", plus(invite(), line)) == "");
        CHECK(between(edge, phone, "A-427", plus(invite(), line)) == "");
    }
    for (std::string_view line : {"Alert-Info: <urn:alert:source:external>", "Call-Info: <sip:answer@example.com>;answer-after=0",
                                  "Call-Info: <https://example.com/d>;purpose=EmergencyCallData.ProviderInfo",
                                  "Geolocation: <https://example.com/location>"})
        CHECK_MESSAGE(between(phone, edge, "A-427", plus(invite(), line)) == "", line);
}

TEST_CASE("F-501 dear destinations") {
    auto dialled = [](std::string_view number) {
        std::string bytes = with(invite(), "sip:+442079460123@example.com SIP", std::string(number) + " SIP");
        return outcome(judged(bytes), "F-501");
    };
    for (std::string_view bad : {"sip:+882161234567@example.com", "sip:00979123456789@example.com", "tel:+881-6-1234-5678",
                                 "sip:011870123456789@example.com", "sip:+8821(6)1234567;phone-context=x@example.com"})
        CHECK_MESSAGE(dialled(bad) == "alert", bad);
    for (std::string_view good : {"sip:+442079460123@example.com", "sip:8821612345@example.com", "sip:+882x@example.com",
                                  "sip:alice@example.com", "tel:911;phone-context=+1"})
        CHECK_MESSAGE(dialled(good) == "", good);
    CHECK(outcome(judged(request("OPTIONS", with(invite(), "sip:+442079460123@example.com SIP", "sip:+8821612345@example.com SIP"))), "F-501") == "");
}

TEST_CASE("I-601 identities from outside the trust domain") {
    for (std::string_view line : {"P-Asserted-Identity: <sip:+33199000001@example.com>", "P-Preferred-Identity: <tel:+33199000001>"}) {
        CHECK(between(phone, edge, "I-601", plus(invite(), line)) == "strip");
        CHECK(between(stranger, edge, "I-601", plus(ringing(), line)) == "strip");
        CHECK(between(carrier, edge, "I-601", plus(invite(), line)) == "");
        CHECK(between(edge, phone, "I-601", plus(invite(), line)) == "");
    }
    Policy policy = edge_policy();
    policy.lists.own_domains = {"Example.com"};
    CHECK(between(stranger, edge, "I-601", invite(), policy) == "reject 403");
    CHECK(between(carrier, edge, "I-601", invite(), policy) == "");
    CHECK(between(stranger, edge, "I-601", plus(invite(), "Proxy-Authorization: Digest username=\"a\""), policy) == "");
    CHECK(between(stranger, edge, "I-601", registration(), policy) == "");
    CHECK(between(stranger, edge, "I-601", in_dialog(invite()), policy) == "");
    CHECK(between(stranger, edge, "I-601", invite()) == "");
}

TEST_CASE("I-602 numbers that are not the peer's") {
    Policy policy = edge_policy();
    policy.peers[0].numbers = {*numbering::NumberRange::parse("+33199000000-+33199000099")};
    auto asserted = [](std::string_view uri) { return plus(invite(), "P-Asserted-Identity: <" + std::string(uri) + ">"); };
    CHECK(between(carrier, edge, "I-602", asserted("sip:+33199000100@example.com"), policy) == "reject 403");
    CHECK(between(carrier, edge, "I-602", asserted("tel:+33199000100"), policy) == "reject 403");
    CHECK(between(carrier, edge, "I-602", asserted("sip:+33199000100@example.com"), [&] {
              Policy lenient = edge_policy(Policy::lenient());
              lenient.peers[0].numbers = policy.peers[0].numbers;
              return lenient;
          }()) == "rewrite");
    CHECK(between(carrier, edge, "I-602", asserted("sip:+33199000099@example.com"), policy) == "");
    CHECK(between(carrier, edge, "I-602", asserted("sip:alice@example.com"), policy) == "");
    CHECK(between(carrier, edge, "I-602", plus(asserted("tel:+33199000100"), "Diversion: <tel:+33199000001>"), policy) == "note");
    CHECK(between(carrier, edge, "I-602", asserted("tel:+33199000100")) == "");
    CHECK(between(edge, carrier, "I-602", asserted("tel:+33199000100"), policy) == "");
}

TEST_CASE("I-603 an identity that is to stay within the trust domain") {
    auto with_privacy = [](std::string_view privacy) {
        return plus(plus(invite(), "P-Asserted-Identity: <tel:+33199000001>"), "Privacy: " + std::string(privacy));
    };
    CHECK(between(edge, phone, "I-603", with_privacy("id")) == "strip");
    CHECK(between(edge, stranger, "I-603", with_privacy("header; ID;critical")) == "strip");
    CHECK(between(edge, carrier, "I-603", with_privacy("id")) == "");
    CHECK(between(edge, phone, "I-603", with_privacy("none")) == "");
    CHECK(between(edge, phone, "I-603", plus(invite(), "Privacy: id")) == "");
    CHECK(between(phone, edge, "I-603", with_privacy("id")) == "");
}

TEST_CASE("T-701 private addresses that go outside") {
    auto leak = [](std::string_view what, std::string_view by) { return with(invite(), what, by); };
    const std::string leaks[] = {leak("UDP 192.0.2.1:5060", "UDP 10.1.2.3:5060"),
                                 leak("sip:desk1@192.0.2.1:5060", "sip:desk1@192.168.1.9"),
                                 leak("Call-ID: c1@192.0.2.1", "Call-ID: c1@172.16.0.1"),
                                 plus(invite(), "Record-Route: <sip:100.64.0.1;lr>"),
                                 plus(invite(), "Route: <sip:a.example.com;lr>, <sip:[fd00::1];lr>"),
                                 with_sdp(invite(), with(std::string(sound_sdp), "o=- 1 1 IN IP4 192.0.2.1", "o=- 1 1 IN IP4 10.0.0.1")),
                                 with_sdp(invite(), with(std::string(sound_sdp), "c=IN IP4 192.0.2.1", "c=IN IP4 169.254.1.1")),
                                 with_sdp(invite(), std::string(sound_sdp) + "m=video 4002 RTP/AVP 31\r\nc=IN IP6 fe80::1\r\n"),
                                 plus(ringing(), "Contact: <sip:10.0.0.1>"),
                                 plus(ringing(), "Warning: 399 10.0.0.1:5060 \"x\"")};
    for (const std::string& bytes : leaks) {
        INFO(bytes);
        CHECK(between(edge, stranger, "T-701", bytes) == "rewrite");
        CHECK(between(edge, stranger, "T-701", bytes, edge_policy(Policy::lenient())) == "alert");
        CHECK(between(edge, carrier, "T-701", bytes) == "");
        CHECK(between(stranger, edge, "T-701", bytes) == "");
        CHECK(between(edge, {net::Ip::v4(0x0a000009), 5060}, "T-701", bytes) == "");
    }
    // What the far end wrote itself goes back to it.
    CHECK(between(edge, stranger, "T-701", with(ringing(), "192.0.2.1:5060", "10.1.2.3:5060")) == "");
    CHECK(between(edge, stranger, "T-701", in_dialog(leak("Call-ID: c1@192.0.2.1", "Call-ID: c1@10.0.0.1"))) == "");
    CHECK(between(edge, stranger, "T-701", invite()) == "");
    CHECK(between(edge, stranger, "T-701", leak("192.0.2.1:5060;branch", "172.32.0.1;branch")) == "");
}

TEST_CASE("T-702 what the inside is made of") {
    Policy policy = edge_policy();
    policy.lists.inside_domains = {"core.example.com"};
    auto shown_outside = [&](std::string_view bytes) { return between(edge, stranger, "T-702", bytes, policy); };
    std::string plain = with(invite(), "phone/1.0", "phone");
    CHECK(shown_outside(plain) == "");
    CHECK(shown_outside(invite()) == "strip");
    CHECK(shown_outside(plus(ringing(), "Server: softswitch/4.2-rc1")) == "strip");
    CHECK(shown_outside(plus(plain, "X-Trunk-Group: 7")) == "strip");
    CHECK(shown_outside(with(plain, "desk1@192.0.2.1:5060", "desk1@pbx.CORE.example.com")) == "strip");
    CHECK(shown_outside(with(plain, "desk1@192.0.2.1:5060", "desk1@score.example.com")) == "");
    CHECK(between(edge, carrier, "T-702", invite(), policy) == "");
    CHECK(between(stranger, edge, "T-702", invite(), policy) == "");
}

TEST_CASE("T-703 strict routers and routes that come back") {
    CHECK(strict("T-703", plus(invite(), "Route: <sip:proxy.example.com>")) == "note");
    CHECK(strict("T-703", plus(ringing(), "Record-Route: <sip:a.example.com;lr>, <sip:b.example.com>")) == "note");
    CHECK(strict("T-703", plus(invite(), "Route: <sip:proxy.example.com;lr>")) == "");
    std::string twice = plus(invite(), "Route: <sip:198.51.100.1;lr>, <sip:198.51.100.1:5080;lr>");
    CHECK(between(phone, edge, "T-703", twice) == "note");
    CHECK(strict("T-703", twice) == "");
    CHECK(between(phone, edge, "T-703", plus(invite(), "Route: <sip:198.51.100.1;lr>")) == "");
}

TEST_CASE("H-305 a response that is not for us") {
    CHECK(between(phone, edge, "H-305", with(ringing(), "UDP 192.0.2.2;", "UDP 198.51.100.1;")) == "");
    CHECK(between(phone, edge, "H-305", ringing()) == "drop");
    CHECK(between(phone, edge, "H-305", with(ringing(), "UDP 192.0.2.2;", "UDP edge.example.com;")) == "");
    CHECK(between(edge, phone, "H-305", ringing()) == "");
    CHECK(strict("H-305", ringing()) == "");
}

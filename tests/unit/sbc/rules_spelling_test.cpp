#include "unit/sbc/messages.h"

using namespace trunkbox;
using namespace trunkbox::sbc;
using namespace trunkbox::sbc::test;

TEST_CASE("M-113 dates") {
    auto date = [](std::string_view text) { return strict("M-113", plus(invite(), "Date: " + std::string(text))); };
    CHECK(date("Sun, 22 Nov 2026 12:00:00 GMT") == "");
    CHECK(date("Thu, 29 Feb 2024 23:59:60 GMT") == "");
    for (std::string_view bad : {"Sun, 22 Nov 2026 12:00:00 EST", "Sun, 22 Nov 26 12:00:00 GMT", "2026-11-22T12:00:00Z", "now", "",
                                 "Sun, 31 Nov 2026 12:00:00 GMT", "Sun, 22 Nov 2026 24:00:00 GMT", "Xxx, 22 Nov 2026 12:00:00 GMT"})
        CHECK_MESSAGE(date(bad) == "note", bad);
}

TEST_CASE("M-115 a header with and without a blank before its colon") {
    std::string other = plus(invite(), "X-Id : 1");
    CHECK(strict("M-115", other) == "");
    CHECK(strict("M-115", plus(other, "x-id: 2")) == "alert");
    CHECK(lenient("M-115", plus(other, "x-id: 2")) == "note");
    CHECK(strict("M-115", plus(invite(), "m : <sip:b@192.0.2.1>")) == "alert");
    CHECK(strict("M-115", plus(plus(invite(), "X-Id : 1"), "X-Id : 2")) == "");
    CHECK(strict("M-115", plus(plus(invite(), "X-Id: 1"), "X-Id: 2")) == "");
}

TEST_CASE("M-118 the transport of the topmost Via") {
    CHECK(strict("M-118", invite()) == "");
    CHECK(strict("M-118", with(invite(), "SIP/2.0/UDP", "SIP/2.0/TCP")) == "note");
    CHECK(outcome(judged(invite(), Policy::strict(), net::Transport::tls), "M-118") == "note");
    CHECK(outcome(judged(with(invite(), "SIP/2.0/UDP", "SIP/2.0/tls"), Policy::strict(), net::Transport::tls), "M-118") == "");
    CHECK(strict("M-118", with(ringing(), "SIP/2.0/UDP", "SIP/2.0/TCP")) == "");
}

TEST_CASE("M-121 methods that the policy lists") {
    Policy policy = Policy::strict();
    policy.lists.methods = {"INVITE", "ACK", "BYE"};
    CHECK(outcome(judged(invite(), policy), "M-121") == "");
    CHECK(outcome(judged(registration(), policy), "M-121") == "reject 405");
    CHECK(outcome(judged(with(with(invite(), "INVITE sip", "DANCE sip"), "1 INVITE", "1 DANCE"), policy), "M-121") == "reject 501");
}

TEST_CASE("M-123 what a body is") {
    CHECK(strict("M-123", with_body(invite(), "", "hello")) == "reject 400");
    CHECK(lenient("M-123", with_body(invite(), "", "hello")) == "note");
    CHECK(strict("M-123", with_body(invite(), "text/x-unknown", "hello")) == "");
    CHECK(strict("M-123", with_body(invite(), "multipart/mixed", "--b\r\n\r\nx\r\n--b--\r\n")) == "reject 400");
    auto parts = [](int count) {
        std::string body;
        for (int i = 0; i < count; ++i) body += "--b\r\nContent-Type: text/plain\r\n\r\n--bx\r\n";
        return with_body(invite(), "multipart/mixed;boundary=\"b\"", body + "--b--\r\n");
    };
    CHECK(strict("M-123", parts(4)) == "");
    CHECK(strict("M-123", parts(9)) == "reject 400");
    CHECK(judged(parts(9)).offset > parts(9).find("\r\n\r\n"));
}

TEST_CASE("M-124 bodies that are encoded") {
    std::string plain = with_body(invite(), "application/sdp", sound_sdp);
    CHECK(strict("M-124", plus(plain, "Content-Encoding: gzip")) == "note");
    CHECK(strict("M-124", plus(plain, "e: identity")) == "");
    CHECK(strict("M-124", plus(invite(), "Content-Encoding: gzip")) == "");
}

TEST_CASE("M-125 Digest credentials") {
    auto credentials = [](std::string_view value) { return plus(registration(), "Authorization: " + std::string(value)); };
    std::string whole = "Digest username=\"a\", realm=\"example.com\",nonce=\"n\", uri=\"sip:example.com\" ,response=\"0\"";
    CHECK(strict("M-125", credentials(whole)) == "");
    CHECK(strict("M-125", credentials(with(whole, "username=", "username*="))) == "");
    for (std::string_view part : {"username", "realm", "nonce", "uri", "response"}) {
        CHECK(strict("M-125", credentials(with(whole, part, "x"))) == "reject 400");
        CHECK(lenient("M-125", credentials(with(whole, part, "x"))) == "note");
    }
    CHECK(strict("M-125", credentials(with(whole, "sip:example.com", "sip:example.net"))) == "note");
    CHECK(strict("M-125", credentials(with(whole, "sip:example.com", "sip:EXAMPLE.com"))) == "");
    CHECK(strict("M-125", credentials("Digest")) == "reject 400");
    CHECK(strict("M-125", credentials("Bearer abc")) == "");
    CHECK(strict("M-125", credentials(with(whole, "realm=\"example.com\"", "realm=\"a, nonce=b"))) == "reject 400");
}

TEST_CASE("M-126 compact and long form of one header") {
    CHECK(strict("M-126", plus(ringing(), "v: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKx")) == "note");
    CHECK(strict("M-126", plus(invite(), "Supported: 100rel")) == "");
    CHECK(strict("M-126", plus(plus(invite(), "k: path"), "Supported: 100rel")) == "note");
    CHECK(strict("M-126", plus(plus(invite(), "k: path"), "k: 100rel")) == "");
    std::string twice = plus(invite(), "i: other@192.0.2.1");
    CHECK(judged(twice).rule == "M-107");
}

TEST_CASE("M-127 identities of another time") {
    // {"iat":1795348800}, 2026-11-22T12:00:00Z
    const std::string token = "eyJhbGciOiJFUzI1NiJ9.eyJpYXQiOjE3OTUzNDg4MDB9.c2lnbmF0dXJl;info=<https://example.com/c>";
    const Time noon = *parse_rfc3339("2026-11-22T12:00:00Z");
    auto seen = [&](Duration later, std::string_view identity, std::string_view date = "") {
        std::string bytes = plus(invite(), "Identity: " + std::string(identity));
        if (!date.empty()) bytes = plus(std::move(bytes), "Date: " + std::string(date));
        return outcome(Judge(Policy::strict()).judge(Packet{.time = noon + later, .bytes = bytes}), "M-127");
    };
    CHECK(seen(0s, token) == "");
    CHECK(seen(60s, token) == "");
    CHECK(seen(61s, token) == "note");
    CHECK(seen(-61s, token) == "note");
    CHECK(seen(0s, token, "Sun, 22 Nov 2026 12:00:30 GMT") == "");
    CHECK(seen(0s, token, "Sun, 22 Nov 2026 12:02:00 GMT") == "note");
    CHECK(seen(0s, "..c2lnbmF0dXJl;info=<https://example.com/c>", "Sun, 22 Nov 2026 12:00:00 GMT") == "");
    CHECK(seen(90s, "..c2lnbmF0dXJl;info=<https://example.com/c>", "Sun, 22 Nov 2026 12:00:00 GMT") == "note");
    CHECK(seen(0s, "\"CyI4+nAkHrH3nt\"", "Sat, 13 Nov 2010 23:29:00 GMT") == "");
    for (std::string_view broken : {"", "x", "a.b.c", "..", "a.!!.c", "eyJ.eyJpYXQiOiJ4In0.x"}) CHECK(seen(1h, broken) == "");
    CHECK(strict("M-127", plus(invite(), "Identity: " + token)) == "note");  // in 1970
    CHECK(Judge(Policy::strict()).judge_message(plus(invite(), "Identity: " + token)).findings.empty());
}

#include "unit/sbc/messages.h"

using namespace trunkbox;
using namespace trunkbox::sbc;
using namespace trunkbox::sbc::test;

namespace {

constexpr std::string_view line = "INVITE sip:+442079460123@example.com SIP/2.0";
std::string started(std::string_view start) { return with(invite(), line, start); }

}  // namespace

TEST_CASE("M-101 the form of the start line") {
    for (std::string_view repairable : {"INVITE  sip:b@example.com SIP/2.0", "INVITE sip:b@example.com SIP/2.0 ",
                                        "INVITE sip:b@example.com; lr SIP/2.0"}) {
        CHECK(strict("M-101", started(repairable)) == "reject 400");
        CHECK(lenient("M-101", started(repairable)) == "note");
    }
    CHECK(lenient("M-101", started("INVITE tel:+44 20 7946 SIP/2.0")) == "reject 400");
    CHECK(strict("M-101", invite()) == "");
    CHECK(strict("M-101", with(ringing(), "SIP/2.0 180 Ringing", "SIP/2.0 180")) == "drop");
    CHECK(lenient("M-101", with(ringing(), "SIP/2.0 180 Ringing", "SIP/2.0 180")) == "note");
    CHECK(strict("M-101", with(ringing(), "SIP/2.0 180 Ringing", "SIP/2.0 180 ")) == "");
    CHECK(strict("M-101", with(ringing(), "SIP/2.0 180 Ringing", "sip/2.0 180 Ringing ")) == "");
}

TEST_CASE("M-102 the version") {
    CHECK(strict("M-102", started("INVITE sip:b@example.com SIP/3.0")) == "reject 505");
    CHECK(strict("M-102", started("INVITE sip:b@example.com SIP/2.00")) == "reject 505");
    CHECK(strict("M-102", started("INVITE sip:b@example.com sip/2.0")) == "");
}

TEST_CASE("M-103 the status code") {
    for (std::string_view bad : {"700", "099", "1800", "4294967301", "999"})
        CHECK(strict("M-103", with(ringing(), "180", bad)) == "drop");
    CHECK(strict("M-103", with(ringing(), "180", "699")) == "");
}

TEST_CASE("M-104 the Request-URI") {
    CHECK(strict("M-104", started("INVITE <sip:b@example.com> SIP/2.0")) == "reject 400");
    CHECK(lenient("M-104", started("INVITE <sip:b@example.com> SIP/2.0")) == "note");
    CHECK(strict("M-104", started("INVITE sip:b@example.com?Subject=x SIP/2.0")) == "reject 400");
    CHECK(lenient("M-104", started("INVITE sip:@example.com SIP/2.0")) == "reject 400");
    CHECK(lenient("M-104", started("INVITE sip:b@example.com:99999 SIP/2.0")) == "reject 400");
    CHECK(strict("M-104", started("INVITE sip:a?b;c@example.com SIP/2.0")) == "");
}

TEST_CASE("M-105 the scheme") {
    CHECK(strict("M-105", started("INVITE http://example.com SIP/2.0")) == "reject 416");
    CHECK(strict("M-105", started("INVITE urn:isbn:123 SIP/2.0")) == "reject 416");
    for (std::string_view good : {"urn:service:sos", "urn:service:sos.fire", "tel:+442079460123", "SIPS:b@example.com"})
        CHECK(strict("M-105", started("INVITE " + std::string(good) + " SIP/2.0")) == "");
}

TEST_CASE("M-106 mandatory headers") {
    for (std::string_view header : {"To: <sip:+442079460123@example.com>\r\n", "Call-ID: c1@192.0.2.1\r\n", "CSeq: 1 INVITE\r\n",
                                    "From: \"Desk 1\" <sip:+33199000001@example.com>;tag=a1\r\n"})
        CHECK(lenient("M-106", with(invite(), header, "")) == "reject 400");
    std::string no_via = with(invite(), "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKinv1\r\n", "");
    CHECK(strict("M-106", no_via) == "drop");
    std::string no_contact = with(invite(), "Contact: <sip:desk1@192.0.2.1:5060>\r\n", "");
    CHECK(strict("M-106", no_contact) == "reject 400");
    CHECK(lenient("M-106", no_contact) == "note");
    CHECK(strict("M-106", with(no_contact, ";branch=z9hG4bKinv1", "")) == "note");
    CHECK(strict("M-106", with(invite(), "Max-Forwards: 70\r\n", "")) == "note");
    CHECK(strict("M-106", with(ringing(), "CSeq: 1 INVITE\r\n", "")) == "drop");
    CHECK(judged(with(invite(), "CSeq: 1 INVITE\r\n", "")).offset == invite().size() - 18);
}

TEST_CASE("M-107 headers twice") {
    CHECK(lenient("M-107", plus(invite(), "i: other")) == "reject 400");
    CHECK(judged(plus(invite(), "i: other")).offset == invite().find("Content-Length"));
    CHECK(strict("M-107", plus(registration(), "Expires: 1")) == "reject 400");
    CHECK(lenient("M-107", plus(registration(), "Expires: 1")) == "note");
    CHECK(strict("M-107", plus(plus(invite(), "Authorization: Digest a"), "Authorization: Digest b")) == "");
    CHECK(strict("M-107", plus(plus(invite(), "X-Any: 1"), "X-Any: 2")) == "");
    CHECK(strict("M-107", plus(invite(), "Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKx")) == "");
}

TEST_CASE("M-108 the CSeq number") {
    auto cseq = [](std::string_view number) { return with(invite(), "CSeq: 1", "CSeq: " + std::string(number)); };
    for (std::string_view bad : {"x", "-1", "4294967296", "36893488147419103232", "1x"})
        CHECK(lenient("M-108", cseq(bad)) == "reject 400");
    CHECK(lenient("M-108", with(invite(), "CSeq: 1 INVITE", "CSeq: 1")) == "reject 400");
    CHECK(strict("M-108", cseq("2147483648")) == "reject 400");
    CHECK(lenient("M-108", cseq("4294967295")) == "note");
    CHECK(strict("M-108", cseq("2147483647")) == "");
    CHECK(strict("M-108", cseq("0000000000000000000000009")) == "");
    CHECK(strict("M-108", with(ringing(), "CSeq: 1", "CSeq: x")) == "drop");
}

TEST_CASE("M-109 the CSeq method") {
    CHECK(strict("M-109", with(invite(), "CSeq: 1 INVITE", "CSeq: 1 BYE")) == "reject 400");
    CHECK(strict("M-109", with(invite(), "INVITE sip", "NEWMETHOD sip")) == "reject 501");
    CHECK(strict("M-109", with(invite(), "CSeq: 1 INVITE", "CSeq: 1 \r\n INVITE")) == "");
    CHECK(strict("M-109", with(ringing(), "CSeq: 1 INVITE", "CSeq: 1 BYE")) == "");
}

TEST_CASE("M-110 Max-Forwards") {
    auto hops = [](std::string_view n) { return with(invite(), "Max-Forwards: 70", "Max-Forwards: " + std::string(n)); };
    for (std::string_view bad : {"256", "-1", "x", "99999999999999999999999", ""}) {
        CHECK(strict("M-110", hops(bad)) == "reject 400");
        CHECK(lenient("M-110", hops(bad)) == "note");
    }
    CHECK(strict("M-110", hops("255")) == "");
    CHECK(strict("M-110", hops("0068")) == "");
}

TEST_CASE("M-114 control bytes") {
    using namespace std::string_literals;
    auto agent = [](std::string_view value) { return with(invite(), "phone/1.0", value); };
    CHECK(lenient("M-114", agent("a\0b"s)) == "reject 400");
    CHECK(lenient("M-114", agent("a\rb")) == "reject 400");
    CHECK(lenient("M-114", with(invite(), "User-Agent:", "User-Agent\x01:")) == "reject 400");
    CHECK(strict("M-114", agent("a\x07""b")) == "reject 400");
    CHECK(lenient("M-114", agent("a\x07""b")) == "note");
    CHECK(strict("M-114", with(invite(), "\"Desk 1\"", "\"Desk \\\0\""s)) == "");
    CHECK(strict("M-114", agent("a\tb")) == "");
    CHECK(strict("M-114", with_body(invite(), "application/octet-stream", "a\0b\rc"s)) == "");
    CHECK(strict("M-114", with(ringing(), "Ringing", "Ring\0ing"s)) != "reject 400");
}

TEST_CASE("M-116 header lines that are none") {
    CHECK(strict("M-116", plus(invite(), "no colon here")) == "reject 400");
    CHECK(lenient("M-116", plus(invite(), "no colon here")) == "note");
    CHECK(strict("M-116", plus(invite(), "X(Y): 1")) == "reject 400");
    CHECK(strict("M-116", plus(invite(), "C%6Fntact: <sip:a@example.com>")) == "");
    CHECK(strict("M-116", plus(invite(), "X-Y : 1")) == "");
}

TEST_CASE("M-121 unknown methods pass") {
    std::string bytes = with(with(invite(), "INVITE sip", "DANCE sip"), "1 INVITE", "1 DANCE");
    CHECK(strict("M-121", bytes) == "note");
    CHECK(judged(bytes).action == Action::accept);
    CHECK(strict("M-121", invite()) == "");
}

TEST_CASE("M-122 Proxy-Require") {
    std::string bytes = plus(invite(), "Proxy-Require: foo, bar");
    CHECK(lenient("M-122", bytes) == "reject 420");
    CHECK(strict("M-122", plus(invite(), "Require: foo")) == "");
    CHECK(strict("M-122", with(with(bytes, "INVITE sip", "ACK sip"), "1 INVITE", "1 ACK")) == "");
    Policy knowing = Policy::strict();
    knowing.lists.proxy_options = {"foo", "bar"};
    CHECK(outcome(judged(bytes, knowing), "M-122") == "");
}

#include "unit/sbc/messages.h"
#include "sbc/reading.h"

using namespace trunkbox;
using namespace trunkbox::sbc;
using namespace trunkbox::sbc::test;

namespace {

constexpr std::string_view from_line = "\"Desk 1\" <sip:+33199000001@example.com>;tag=a1";
std::string from(std::string_view value) { return with(invite(), from_line, value); }

}  // namespace

TEST_CASE("M-111 address fields with one way to repair them") {
    for (std::string_view bad : {"\"Desk <sip:a@example.com>;tag=1", "Bell, Alexander <sip:a@example.com>;tag=1",
                                 "<  sip:a@example.com >;tag=1"}) {
        CHECK(strict("M-111", from(bad)) == "reject 400");
        CHECK(lenient("M-111", from(bad)) == "note");
        // A signature over the field forbids the repair.
        CHECK(lenient("M-111", plus(from(bad), "Identity: x")) == "reject 400");
    }
    std::string contact = with(registration(), "<sip:desk1@192.0.2.1:5060>", "sip:desk1@192.0.2.1?a=b");
    CHECK(strict("M-111", contact) == "reject 400");
    CHECK(lenient("M-111", contact) == "note");
}

TEST_CASE("M-111 address fields with no or several readings") {
    for (std::string_view bad : {"", "alice", "<alice>", "<>", "sip:a b@example.com;tag=1", "<sip:a@example.com>;;tag=1",
                                 "<sip:a@example.com>;", "<sip:a@example.com", "\"a\" sip:a@example.com",
                                 "<sip:a@example.com> x;tag=1", "\"a <sip:a@example.com> <sip:b@example.com>",
                                 "sip:a@example.com?b=c;tag=1", "sip:a,b@example.com;tag=1", "\"", "\"\\"})
        CHECK_MESSAGE(lenient("M-111", from(bad)) == "reject 400", "'", bad, "'");
}

TEST_CASE("M-111 near misses") {
    for (std::string_view good : {"caller<sip:a@example.com>;tag=1", "sip:a@example.com;tag=1", "sip:a@example.com ; tag = 1",
                                  "\"Bell, A <x>\" <sip:a@example.com>;tag=1", "a b c\r\n <sip:a@example.com>;tag=1",
                                  "\"q\\\"\" <sip:a?b;c@example.com;x?y=z>;tag=1;p=\"<;>\"", "isbn:2983792873;tag=1"})
        CHECK_MESSAGE(strict("M-111", from(good)) == "", "'", good, "'");
    CHECK(strict("M-111", with(registration(), "<sip:desk1@192.0.2.1:5060>", "<sip:a@192.0.2.1>;q=1, sip:b@192.0.2.1")) == "");
    CHECK_FALSE(check_field("<sip:a@example.com>"));
}

TEST_CASE("M-112 expiries") {
    auto expires = [](std::string_view value) { return with(registration(), "Expires: 3600", "Expires: " + std::string(value)); };
    CHECK(strict("M-112", expires("4294967296")) == "note");
    CHECK(strict("M-112", expires("-1")) == "note");
    CHECK(strict("M-112", expires("4294967295")) == "");
    CHECK(strict("M-112", with(registration(), "5060>\r\n", "5060>;expires=soon\r\n")) == "note");
    CHECK(strict("M-112", with(registration(), "5060>\r\n", "5060>;expires=60\r\n")) == "");
    CHECK(strict("M-112", plus(invite(), "Session-Expires: x;refresher=uac")) == "note");
    CHECK(strict("M-112", plus(invite(), "Session-Expires: 1800;refresher=uac")) == "");
    CHECK(judged(expires("x")).action == Action::accept);
}

TEST_CASE("M-117 the topmost Via") {
    constexpr std::string_view via = "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKinv1";
    auto top = [&](std::string_view value) { return with(invite(), via, value); };
    for (std::string_view bad : {"", "x", "SIP/2.0 192.0.2.1", "SIP/2.0/UDP 192.0.2.1;;branch=z9hG4bK1", "SIP/2.0/UDP 192.0.2.1:99999",
                                 "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1;"})
        CHECK_MESSAGE(lenient("M-117", top(bad)) == "reject 400", "'", bad, "'");
    CHECK(strict("M-117", top("SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK")) == "reject 400");
    CHECK(lenient("M-117", top("SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK")) == "note");
    CHECK(strict("M-117", top("SIP/2.0/UDP 192.0.2.1")) == "note");
    CHECK(strict("M-117", top("SIP/2.0/UDP 192.0.2.1;branch=1")) == "note");
    CHECK(strict("M-117", top("SIP / 2.0 / UDP 192.0.2.1 ; branch = z9hG4bKx")) == "");
    CHECK(strict("M-117", top("SIP/2.0/UDP [2001:db8::1]:5060;branch=z9hG4bKx;rport")) == "");
}

TEST_CASE("M-119 a parameter twice") {
    CHECK(lenient("M-119", with(invite(), ";tag=a1", ";tag=a1;TAG=a2")) == "reject 400");
    CHECK(strict("M-119", with(invite(), ";tag=a1", ";tag=a1;x=1;x=2")) == "note");
    CHECK(strict("M-119", with(invite(), ";tag=a1", ";tag=a1;x=\";tag=2\"")) == "");
    CHECK(strict("M-119", with(ringing(), ";tag=b1", ";tag=b1;tag=b2")) == "drop");
}

TEST_CASE("M-120 From without tag") {
    std::string bytes = with(invite(), ";tag=a1", "");
    CHECK(strict("M-120", bytes) == "reject 400");
    CHECK(lenient("M-120", bytes) == "note");
    CHECK(strict("M-120", with(bytes, ";branch=z9hG4bKinv1", "")) == "note");
    CHECK(strict("M-120", invite()) == "");
}

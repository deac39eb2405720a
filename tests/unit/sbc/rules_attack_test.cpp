#include "unit/sbc/messages.h"

using namespace trunkbox;
using namespace trunkbox::sbc;
using namespace trunkbox::sbc::test;

TEST_CASE("H-301 Max-Forwards 0") {
    std::string bytes = with(invite(), "Max-Forwards: 70", "Max-Forwards: 0");
    CHECK(strict("H-301", bytes) == "reject 483");
    CHECK(lenient("H-301", bytes) == "reject 483");
    CHECK(strict("H-301", with(invite(), "Max-Forwards: 70", "Max-Forwards: 000")) == "reject 483");
    CHECK(strict("H-301", with(invite(), "Max-Forwards: 70", "Max-Forwards: 01")) == "");
    std::string options = with(with(bytes, "INVITE sip", "OPTIONS sip"), "1 INVITE", "1 OPTIONS");
    CHECK(strict("H-301", options) == "reject 483");
    CHECK(lenient("H-301", options) == "note");
    CHECK(strict("H-301", with(with(bytes, "INVITE sip", "ACK sip"), "1 INVITE", "1 ACK")) == "drop");
}

TEST_CASE("H-305 a response that would be sent to many") {
    auto second = [](std::string_view host) {
        return with(ringing(), "192.0.2.1:5060", host);
    };
    CHECK(strict("H-305", second("255.255.255.255")) == "drop");
    CHECK(strict("H-305", second("224.0.1.75:5060")) == "drop");
    CHECK(strict("H-305", second("[ff02::1]")) == "drop");
    CHECK(strict("H-305", ringing()) == "");
    CHECK(strict("H-305", with(ringing(), "192.0.2.2;", "255.255.255.255;")) == "");
    CHECK(strict("H-305", with(invite(), "192.0.2.1:5060", "255.255.255.255")) == "");
}

TEST_CASE("A-401 scanners by their agent") {
    auto agent = [](std::string_view name) { return with(invite(), "phone/1.0", name); };
    for (std::string_view bad : {"friendly-scanner", "SIPVicious", "sundayddr", "sip-scan 2", "iWar", "pplsip", "nm@nm"})
        CHECK(lenient("A-401", agent(bad)) == "drop");
    for (std::string_view shared : {"sipsak 0.9.8", "sipcli/v1.8", "VaxSIPUserAgent/3.5"})
        CHECK(strict("A-401", agent(shared)) == "alert");
    for (std::string_view good : {"Kiwaro phone", "sipclient/2", "friendly phone"})
        CHECK(strict("A-401", agent(good)) == "");
    CHECK(strict("A-401", plus(ringing(), "Server: friendly-scanner")) == "drop");
}

TEST_CASE("A-402 scanners by what they write") {
    auto user = [](std::string_view uri) { return with(invite(), "sip:+33199000001@example.com", uri); };
    CHECK(strict("A-402", user("sip:nm2@example.com")) == "drop");
    CHECK(strict("A-402", user("sip:nm@example.com")) == "drop");
    CHECK(strict("A-402", user("sip:sipvicious@example.com")) == "drop");
    CHECK(strict("A-402", user("sip:100@example.com")) == "alert");
    CHECK(strict("A-402", user("sip:1001@example.com")) == "");
    CHECK(strict("A-402", with(user("sip:200@1.1.1.1"), "To: <sip:+442079460123@example.com>", "To: <sip:200@1.1.1.1>")) == "drop");
    CHECK(strict("A-402", user("sip:200@1.1.1.1")) == "");
    // "c0000201:13c4", the byte 1, "12345678"
    CHECK(strict("A-402", with(invite(), "tag=a1", "tag=63303030303230313a31336334013132333435363738")) == "drop");
    CHECK(strict("A-402", with(invite(), "tag=a1", "tag=63303030303230313a31336334203132333435363738")) == "");
    CHECK(strict("A-402", with(invite(), "tag=a1", "tag=6330303030323031")) == "");
}

TEST_CASE("A-408 injection in user parts") {
    auto dialled = [](std::string_view user) { return with(invite(), "+442079460123", user); };
    for (std::string_view bad : {"a'+OR+1=1", "1%27%20or%20%271%27=%271", "x;--", "..%2f../etc", "$%7bjndi:ldap:x%7d", "1'%20union"})
        CHECK_MESSAGE(strict("A-408", dialled(bad)) == "reject 403", bad);
    CHECK(lenient("A-408", dialled("x'--")) == "alert");
    for (std::string_view good : {"o'brien", "union.square", "%00", "user;par=u", "*67", "o%27brien", "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*"})
        CHECK_MESSAGE(strict("A-408", dialled(good)) == "", good);
    CHECK(strict("A-408", with(invite(), "\"Desk 1\"", "\"O'Brien -- or else\"")) == "");
    CHECK(strict("A-408", with(registration(), "sip:desk1@192", "sip:x'--@192")) == "reject 403");
}

TEST_CASE("A-409 scripts in headers that people are shown") {
    CHECK(strict("A-409", with(invite(), "Desk 1", "<ScRipt src=x>")) == "drop");
    CHECK(strict("A-409", with(invite(), "phone/1.0", "<script>x</script>")) == "drop");
    CHECK(strict("A-409", with(invite(), "phone/1.0", "scripted phone <1.0>")) == "");
}

TEST_CASE("A-414 what no registrar binds") {
    std::string tel = with(registration(), "To: <sip:desk1@example.com>", "To: <tel:+33199000001>");
    CHECK(strict("A-414", tel) == "reject 400");
    CHECK(lenient("A-414", tel) == "note");
    std::string other = with(registration(), "To: <sip:desk1@example.com>", "To: <sip:desk2@example.com>");
    CHECK(strict("A-414", other) == "alert");
    CHECK(strict("A-414", with(registration(), "To: <sip:desk1@example.com>", "To: <sip:desk1@EXAMPLE.com>")) == "");
    std::string contacts = "<sip:a@192.0.2.1>";
    for (int i = 0; i < 9; ++i) contacts += ", <sip:a" + std::to_string(i) + "@192.0.2.1>";
    CHECK(strict("A-414", with(registration(), "<sip:desk1@192.0.2.1:5060>", contacts)) == "");
    CHECK(strict("A-414", with(registration(), "<sip:desk1@192.0.2.1:5060>", contacts + ",<sip:b@192.0.2.1>")) == "reject 403");
    CHECK(strict("A-414", with(invite(), "To: <sip:", "To: <isbn:")) == "");
}

TEST_CASE("A-415 the wildcard") {
    std::string star = with(registration(), "<sip:desk1@192.0.2.1:5060>", "*");
    CHECK(strict("A-415", star) == "reject 400");
    CHECK(strict("A-415", with(star, "Expires: 3600", "Expires: 0")) == "");
    CHECK(strict("A-415", with(star, "Expires: 3600\r\n", "")) == "reject 400");
    CHECK(strict("A-415", plus(with(star, "Expires: 3600", "Expires: 0"), "m: <sip:a@192.0.2.1>")) == "reject 400");
    CHECK(strict("A-415", registration()) == "");
}

#include "unit/sbc/messages.h"

using namespace trunkbox;
using namespace trunkbox::sbc;
using namespace trunkbox::sbc::test;

namespace {

std::string repeated(std::size_t count, std::string_view line) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i) all += line;
    return all;
}

std::string filled(std::size_t body) { return with_body(invite(), "text/plain", std::string(body, 'x')); }

// With that many header lines.
std::string lines(std::size_t count) {
    std::size_t have = 9;
    return with(invite(), "Content-Length", repeated(count - have, "X-A: 1\r\n") + "Content-Length");
}

}  // namespace

TEST_CASE("L-201 the size of a message") {
    std::size_t head = filled(60'000).size() - 60'000;
    CHECK(strict("L-201", filled(65'536 - head)) == "reject 513");
    CHECK(strict("L-201", filled(65'535 - head)) == "alert");
    CHECK(judged(filled(65'536 - head)).offset == 65'535);
    std::size_t small_head = filled(10'000).size() - 10'000;
    CHECK(strict("L-201", filled(16'385 - small_head)) == "alert");
    CHECK(strict("L-201", filled(16'384 - small_head)) == "");
}

TEST_CASE("L-202 the size of a header line") {
    auto line = [](std::size_t size) { return plus(invite(), "X-A: " + std::string(size - 5, 'x')); };
    CHECK(strict("L-202", line(2049)) == "reject 400");
    CHECK(strict("L-202", line(2048)) == "");
    CHECK(lenient("L-202", line(8192)) == "");
    CHECK(lenient("L-202", line(8193)) == "reject 400");
    CHECK(strict("L-202", plus(invite(), "Identity: " + std::string(4000, 'x'))) == "");
    CHECK(strict("L-202", plus(invite(), "X-A: " + repeated(300, "\r\n 12345"))) == "reject 400");
}

TEST_CASE("L-203 the number of header lines and Record-Routes") {
    CHECK(strict("L-203", lines(128)) == "");
    CHECK(strict("L-203", lines(129)) == "reject 513");
    CHECK(lenient("L-203", lines(256)) == "");
    CHECK(lenient("L-203", lines(257)) == "reject 513");
    std::string routes = "Record-Route: <sip:192.0.2.1;lr>" + repeated(19, ",<sip:192.0.2.1;lr>");
    CHECK(strict("L-203", plus(invite(), routes)) == "");
    CHECK(strict("L-203", plus(invite(), routes + ",<sip:192.0.2.2;lr>")) == "reject 513");
}

TEST_CASE("L-204 the size of elements") {
    std::string most(256, 'a'), more(257, 'a');
    auto each = [&](std::string_view what, const std::string& before, const std::string& after) {
        CHECK(strict("L-204", with(invite(), what, before + most + after)) == "");
        CHECK(strict("L-204", with(invite(), what, before + more + after)) == "reject 400");
    };
    each("sip:+442079460123@", "sip:", "@");
    each("c1@192.0.2.1", "", "");
    each("tag=a1", "tag=", "");
    each("sip:+33199000001@", "sip:", "@");
    std::string cookie(256 - 7, 'b');
    CHECK(strict("L-204", with(invite(), "z9hG4bKinv1", "z9hG4bK" + cookie)) == "");
    CHECK(strict("L-204", with(invite(), "z9hG4bKinv1", "z9hG4bKx" + cookie)) == "reject 400");
    CHECK(strict("L-204", with(invite(), "INVITE sip", std::string(65, 'M') + " sip")) == "reject 400");
    CHECK(strict("L-204", with(invite(), "INVITE sip", std::string(64, 'M') + " sip")) == "");
    CHECK(strict("L-204", with(ringing(), "c1@192.0.2.1", more)) == "drop");
}

TEST_CASE("L-205 the number of Via and Route") {
    auto vias = [](std::size_t count) {
        return with(invite(), "Max-Forwards", repeated(count - 1, "v: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKx\r\n") + "Max-Forwards");
    };
    CHECK(strict("L-205", vias(70)) == "");
    CHECK(strict("L-205", vias(71)) == "reject 483");
    std::string routes = "Route: <sip:192.0.2.1;lr>" + repeated(69, ",<sip:192.0.2.1;lr>");
    CHECK(strict("L-205", plus(invite(), routes)) == "");
    CHECK(strict("L-205", plus(invite(), routes + ",<sip:192.0.2.1;lr>")) == "reject 513");
}

TEST_CASE("L-206 the body") {
    Policy policy = Policy::strict();
    policy.limits.body = 100;
    CHECK(outcome(judged(filled(101), policy), "L-206") == "reject 413");
    CHECK(outcome(judged(filled(100), policy), "L-206") == "");
    auto sdp = [](std::size_t streams) {
        return with_body(invite(), "application/sdp", "v=0\r\n" + repeated(streams, "m=audio 4000 RTP/AVP 8\r\n"));
    };
    CHECK(strict("L-206", sdp(16)) == "");
    CHECK(strict("L-206", sdp(17)) == "reject 488");
    CHECK(lenient("L-206", sdp(17)) == "alert");
    CHECK(strict("L-206", with_body(invite(), "application/sdp", std::string(8193, 'a'))) == "reject 488");
    CHECK(strict("L-206", with_body(invite(), "text/plain", std::string(8193, 'a'))) == "");
}

TEST_CASE("a flood of headers is judged, not suffered") {
    Verdict verdict = judged(with(invite(), "Max-Forwards", repeated(100'000, "v: SIP/2.0/UDP a;branch=z9hG4bKx\r\n") + "Max-Forwards"));
    CHECK(verdict.action == Action::reject);
    CHECK(verdict.findings.size() < 20);
    Verdict contacts = judged(with(registration(), "<sip:desk1@192.0.2.1:5060>", repeated(20'000, "x,") + "y"));
    CHECK(contacts.action == Action::reject);
    CHECK(contacts.findings.size() < 30);
}

#include "unit/sbc/script.h"

using namespace trunkbox;
using namespace trunkbox::sbc;
using namespace trunkbox::sbc::test;

namespace {

constexpr std::string_view credentials =
    "Authorization: Digest username=\"a\", realm=\"example.com\", nonce=\"n1\", uri=\"sip:+442079460123@example.com\", "
    "response=\"00\", qop=auth, cnonce=\"c\", nc=00000001\r\n";

// The request as it comes back from another hop: a Via above those that it had.
std::string through(std::string message, std::string_view via) {
    return with(std::move(message), "Via: ", std::string("Via: ") + std::string(via) + "\r\nVia: ");
}

const net::Endpoint hop{net::Ip::v4(0xcb007101), 5060};

}  // namespace

TEST_CASE("H-302 a request that comes back as it was is in a loop, with another target in a spiral") {
    Call call;
    std::string invite = call.request("INVITE", 1);
    std::string back = through(invite, "SIP/2.0/UDP 203.0.113.1;branch=z9hG4bKhop");
    Script script;
    CHECK(said(script.at(0, phone, edge, invite)) == "accept");
    CHECK(said(script.at(0.1, edge, hop, through(invite, "SIP/2.0/UDP 198.51.100.1;branch=z9hG4bKedge"))) == "accept");
    Verdict looped = script.at(0.2, hop, edge, back);
    CHECK(said(looped) == "reject 482 H-302");
    CHECK(looped.offset == back.rfind("Via:"));
    Script spiral;
    CHECK(said(spiral.at(0, phone, edge, invite)) == "accept");
    CHECK(said(spiral.at(0.2, hop, edge, with(back, "INVITE sip:+442079460123", "INVITE sip:+442079460999"))) == "accept");
    // Too late to be the same request.
    Script late;
    CHECK(said(late.at(0, phone, edge, invite)) == "accept");
    CHECK(said(late.at(33, hop, edge, back)) == "accept");
}

TEST_CASE("H-303 a request that forked and met again is noted") {
    Call call;
    std::string invite = call.request("INVITE", 1);
    std::string other = through(invite, "SIP/2.0/UDP 203.0.113.1;branch=z9hG4bKfork2");
    Script script;
    CHECK(said(script.at(0, hop, edge, through(invite, "SIP/2.0/UDP 203.0.113.1;branch=z9hG4bKfork1"))) == "accept");
    CHECK(said(script.at(0.1, hop, edge, other)) == "accept (note H-303)");
    CHECK(said(script.at(0.2, hop, edge, other)) == "accept");
    CHECK(said(script.at(0.3, hop, edge, call.request("INVITE", 2))) == "accept");
    CHECK(said(script.at(0.4, hop, host(1), other)) == "accept");
}

TEST_CASE("H-304 a response needs its request, where that would have been seen") {
    Call call, other;
    other.id = "other@192.0.2.1";
    other.branch = "z9hG4bKother";
    Script script;
    CHECK(connect(script, call));
    CHECK(said(script.at(5, edge, phone, other.response(200, "OPTIONS", 1))) == "accept");
    CHECK(said(script.at(31.9, edge, phone, other.response(200, "OPTIONS", 1))) == "accept");
    Verdict verdict = script.at(32.1, edge, phone, other.response(200, "OPTIONS", 1));
    CHECK(said(verdict) == "drop H-304");
    CHECK(verdict.offset == other.response(200, "OPTIONS", 1).find("Via:"));
    // What rings may have begun to do so earlier.
    CHECK(said(script.at(100, edge, phone, other.response(200, "INVITE", 1))) == "accept");
    CHECK(said(script.at(181, edge, phone, other.response(200, "INVITE", 1))) == "drop H-304");
    // The request is known, then its transaction is over.
    CHECK(said(script.at(200, phone, edge, call.first("OPTIONS", 9))) == "accept");
    CHECK(said(script.at(201, edge, phone, call.response(200, "OPTIONS", 9))) == "accept");
    CHECK(said(script.at(202, edge, phone, call.response(200, "OPTIONS", 9))) == "accept");
    CHECK(said(script.at(270, edge, phone, call.response(200, "OPTIONS", 9))) == "drop H-304");
}

TEST_CASE("H-304 where one direction only was seen, it says so and lets pass") {
    Call call;
    Script script;
    CHECK(said(script.at(0, edge, phone, call.response(200, "OPTIONS", 1))) == "accept");
    Verdict verdict = script.at(40, edge, phone, call.response(200, "OPTIONS", 2));
    CHECK(said(verdict) == "accept (note H-304)");
    CHECK(verdict.findings[0].reason.find("one direction only") != std::string::npos);
    Policy eager;
    eager.rules["H-304"].always.parameters["warmup"] = 0;
    Script at_once(eager);
    CHECK(said(at_once.at(0, edge, phone, call.response(200, "OPTIONS", 1))) == "accept (note H-304)");
}

TEST_CASE("H-304 what answers a request that was refused was never sent") {
    Call call;
    Script script;
    std::string bad = with(call.request("INVITE", 1), "Max-Forwards: 70", "Max-Forwards: x");
    CHECK(said(script.at(0, phone, edge, bad)) == "reject 400 M-110");
    Verdict ringing = script.at(1, edge, phone, call.response(180, "INVITE", 1));
    CHECK(said(ringing) == "drop H-304");
    CHECK(ringing.reason == "the 'INVITE' that it answers did not go on");
    CHECK(said(script.at(1.5, edge, phone, call.response(400, "INVITE", 1))) == "accept");
    std::string its_ack = with(call.request("ACK", 1), "branch=z9hG4bKACK", "branch=z9hG4bKINVITE");
    CHECK(said(script.at(1.6, phone, edge, its_ack)) == "accept");
    CHECK(said(script.at(2, phone, edge, call.request("ACK", 1))) == "drop A-421");
    CHECK(said(script.at(3, phone, edge, call.request("BYE", 2))) == "reject 481 A-421");
    // Corrected it begins the call after all.
    CHECK(said(script.at(4, phone, edge, call.first("INVITE", 3))) == "accept");
    CHECK(said(script.at(5, edge, phone, call.response(200, "INVITE", 3))) == "accept");
    CHECK(said(script.at(6, phone, edge, call.request("ACK", 3))) == "accept");
    CHECK(said(script.at(7, phone, edge, call.request("BYE", 4))) == "accept");

    Script observed(Policy::observe());
    CHECK(said(observed.at(0, phone, edge, bad)) == "accept (alert M-110)");
    CHECK(said(observed.at(1, edge, phone, call.response(180, "INVITE", 1))) == "accept");
    CHECK(said(observed.at(3, phone, edge, call.request("BYE", 2))) == "accept (note A-423)");
}

TEST_CASE("A-418 credentials that no challenge asked for") {
    Call call;
    std::string invite = call.request("INVITE", 1, {.headers = std::string(credentials)});
    auto run = [&](double begin, bool challenged, bool answers) {
        Script script;
        Call before;
        before.id = "before@192.0.2.1";
        script.at(0, phone, edge, before.first("REGISTER", 1));
        if (answers)
            script.at(0.1, edge, phone,
                      before.response(401, "REGISTER", 1,
                                      {.headers = fmt::format("WWW-Authenticate: Digest realm=\"example.com\", nonce=\"{}\"\r\n",
                                                              challenged ? "n1" : "n0")}));
        return script.at(begin, phone, edge, invite);
    };
    CHECK(outcome(run(40, false, true), "A-418") == "alert");
    CHECK(outcome(run(40, true, true), "A-418") == "");
    CHECK(outcome(run(20, false, true), "A-418") == "");
    Verdict half = run(40, false, false);
    CHECK(outcome(half, "A-418") == "note");
    CHECK(half.findings[0].reason.find("one direction only") != std::string::npos);
    // Once it went through, it is known.
    Script script;
    script.at(0, edge, phone, call.request_back("OPTIONS", 1));
    CHECK(said(script.at(40, phone, edge, invite)) == "accept (alert A-418)");
    CHECK(said(script.at(40.5, phone, edge, invite)) == "accept");
    CHECK(outcome(script.at(41, phone, edge, call.first("INVITE", 2, {.headers = std::string(credentials)})), "A-418") == "");
}

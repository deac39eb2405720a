#include "unit/sbc/script.h"

using namespace trunkbox;
using namespace trunkbox::sbc;
using namespace trunkbox::sbc::test;

namespace {

std::string digest(std::string_view header, std::string_view realm, std::string_view nonce) {
    return fmt::format("{}: Digest username=\"a\", realm=\"{}\", nonce=\"{}\", uri=\"sip:x@example.com\", response=\"00\", "
                       "qop=auth, cnonce=\"c\", nc=00000001\r\n",
                       header, realm, nonce);
}
std::string challenge(std::string_view header, std::string_view realm, std::string_view nonce) {
    return fmt::format("{}: Digest realm=\"{}\", nonce=\"{}\"\r\n", header, realm, nonce);
}

}  // namespace

TEST_CASE("an ordinary call, with hold, digits and the far end hanging up, raises nothing") {
    for (const Policy& policy : {Policy::strict(), Policy::lenient(), Policy::observe()}) {
        Call call;
        Script script(policy);
        CHECK(connect(script, call));
        CHECK(said(script.at(10, edge, phone, call.request_back("INVITE", 500, {.sdp = sdp(2, "198.51.100.1")}))) == "accept");
        CHECK(said(script.at(10.1, phone, edge, call.response_back(200, "INVITE", 500, {.sdp = sdp(2)}))) == "accept");
        CHECK(said(script.at(10.2, edge, phone, call.request_back("ACK", 500))) == "accept");
        CHECK(said(script.at(20, phone, edge, call.request("INFO", 2))) == "accept");
        CHECK(said(script.at(20.1, edge, phone, call.response(200, "INFO", 2))) == "accept");
        CHECK(said(script.at(60, edge, phone, call.request_back("BYE", 501))) == "accept");
        CHECK(said(script.at(60.5, edge, phone, call.request_back("BYE", 501))) == "accept");
        CHECK(said(script.at(60.6, phone, edge, call.response_back(200, "BYE", 501))) == "accept");
        CHECK(script.memory().counts().evicted == 0);
    }
}

TEST_CASE("a call through a proxy, seen on both its legs, raises nothing") {
    Call call;
    const net::Endpoint proxy{net::Ip::v4(0xcb007101), 5060};
    auto onward = [&](std::string message) {
        return with(std::move(message), "Via: ", "Via: SIP/2.0/UDP 203.0.113.1;branch=z9hG4bKp" +
                                                     message.substr(0, message.find(' ')) + "\r\nVia: ");
    };
    Script script;
    auto both_ways = [&](double at, const std::string& message, bool to_edge) {
        if (to_edge) {
            CHECK(said(script.at(at, phone, proxy, message)) == "accept");
            CHECK(said(script.at(at + 0.01, proxy, edge, onward(message))) == "accept");
        } else {
            CHECK(said(script.at(at, edge, proxy, onward(message))) == "accept");
            CHECK(said(script.at(at + 0.01, proxy, phone, message)) == "accept");
        }
    };
    both_ways(0, call.request("INVITE", 1, {.sdp = sdp(1)}), true);
    // Responses carry the Via of their requests.
    std::string ringing = call.response(180, "INVITE", 1);
    CHECK(said(script.at(1, edge, proxy, with(ringing, "Via: ", "Via: SIP/2.0/UDP 203.0.113.1;branch=z9hG4bKpINVITE\r\nVia: "))) == "accept");
    CHECK(said(script.at(1.1, proxy, phone, ringing)) == "accept");
    std::string answer = call.response(200, "INVITE", 1, {.sdp = sdp(1, "198.51.100.1")});
    CHECK(said(script.at(2, edge, proxy, with(answer, "Via: ", "Via: SIP/2.0/UDP 203.0.113.1;branch=z9hG4bKpINVITE\r\nVia: "))) == "accept");
    CHECK(said(script.at(2.1, proxy, phone, answer)) == "accept");
    both_ways(3, call.request("ACK", 1), true);
    // What rewrites sessions on its way does not make them new ones.
    both_ways(10, call.request("INVITE", 2, {.sdp = sdp(2)}), true);
    both_ways(20, call.request("BYE", 3), true);
}

TEST_CASE("A-416 a caller that asks whom it called for credentials") {
    Call call;
    call.caller = "sip:caller@example.net";
    auto run = [&](std::string_view home_realm, std::string_view asked_realm, Policy policy = Policy::strict()) {
        Script script(std::move(policy));
        Call registration;
        registration.id = "r1@198.51.100.1";
        registration.to_host = "203.0.113.9";
        registration.from_host = "198.51.100.1";
        const net::Endpoint home{net::Ip::v4(0xcb007109), 5060};
        script.at(0, edge, home, registration.first("REGISTER", 1));
        script.at(0.1, home, edge, registration.response(401, "REGISTER", 1, {.headers = challenge("WWW-Authenticate", home_realm, "n0")}));
        CHECK(connect(script, call, 1));
        CHECK(said(script.at(10, edge, phone, call.request_back("BYE", 2))) == "accept");
        std::string asks = said(script.at(10.1, phone, edge, call.response_back(407, "BYE", 2, {.headers = challenge("Proxy-Authenticate", asked_realm, "n7")})));
        std::string gives = said(script.at(10.2, edge, phone, call.request_back("BYE", 3, {.headers = digest("Proxy-Authorization", asked_realm, "n7")})));
        return asks + ", " + gives;
    };
    CHECK(run("home.example.com", "attack.example.net") == "accept (alert A-416), accept (note M-125) (alert A-416)");
    CHECK(run("home.example.com", "home.example.com") == "accept, accept (note M-125)");
    Policy trusting;
    trusting.peers = {{.name = "provider", .networks = {*Network::parse("192.0.2.0/24")}, .trusted = true}};
    CHECK(run("home.example.com", "attack.example.net", trusting) == "accept, accept (note M-125)");
    // Whoever is called may ask.
    Script script;
    CHECK(connect(script, call));
    CHECK(said(script.at(10, phone, edge, call.request("BYE", 2))) == "accept");
    CHECK(said(script.at(10.1, edge, phone, call.response(407, "BYE", 2, {.headers = challenge("Proxy-Authenticate", "x", "n8")}))) == "accept");
}

TEST_CASE("A-419 credentials in an INVITE whose media moved") {
    auto run = [&](const std::string& second) {
        Call call;
        Script script;
        script.at(0, phone, edge, call.request("INVITE", 1, {.sdp = sdp(1)}));
        script.at(0.1, edge, phone, call.response(407, "INVITE", 1, {.headers = challenge("Proxy-Authenticate", "x", "n1")}));
        script.at(0.2, phone, edge, call.request("ACK", 1));
        return outcome(script.at(0.3, phone, edge, call.first("INVITE", 2, {.headers = digest("Proxy-Authorization", "x", "n1"), .sdp = second})), "A-419");
    };
    CHECK(run(sdp(1)) == "");
    CHECK(run(sdp(2)) == "");
    CHECK(run(sdp(2, "203.0.113.66")) == "alert");
    CHECK(run(sdp(1, "192.0.2.1", "m=audio 4002 RTP/AVP 8\r\n")) == "alert");
}

TEST_CASE("A-420 requests of a dialog from where its party never was") {
    Call call;
    const net::Endpoint thief{net::Ip::v4(0xcb007142), 5060};
    for (std::string_view method : {"BYE", "INVITE", "UPDATE"}) {
        Script script;
        CHECK(connect(script, call));
        CHECK(said(script.at(10, thief, edge, call.request(method, 2))) == "reject 481 A-420");
        CHECK(said(script.at(11, thief, phone, call.request_back(method, 2))) == "reject 481 A-420");
        // It taught nothing: the call goes on.
        CHECK(said(script.at(12, {phone.ip, 40000}, edge, call.request(method, 2))) == "accept");
    }
    Script lenient(Policy::lenient());
    CHECK(connect(lenient, call));
    CHECK(outcome(lenient.at(10, thief, edge, call.request("BYE", 2)), "A-420") == "alert");
    CHECK(outcome(lenient.at(11, thief, edge, call.request("BYE", 3)), "A-420") == "alert");

    // Where the Contact, a Record-Route or the peer's other addresses say so, it is theirs.
    Call elsewhere = call;
    elsewhere.from_host = "203.0.113.66";
    Script contact;
    CHECK(connect(contact, elsewhere));
    CHECK(said(contact.at(10, thief, edge, elsewhere.request("BYE", 2))) == "accept");
    Script route;
    CHECK(said(route.at(0, phone, edge, call.request("INVITE", 1, {.headers = "Record-Route: <sip:203.0.113.66;lr>\r\n"}))) == "accept");
    CHECK(said(route.at(1, edge, phone, call.response(200, "INVITE", 1))) == "accept");
    CHECK(said(route.at(10, thief, edge, call.request("BYE", 2))) == "accept");
    Script named;
    CHECK(said(named.at(0, phone, edge, with(call.request("INVITE", 1), "Contact: <sip:x@192.0.2.1>", "Contact: <sip:x@pbx.example.com>"))) == "accept");
    CHECK(said(named.at(1, edge, phone, call.response(200, "INVITE", 1))) == "accept");
    CHECK(said(named.at(10, thief, edge, call.request("BYE", 2))) == "accept");
    Policy policy;
    policy.peers = {{.name = "carrier", .networks = {*Network::parse("192.0.2.0/24"), *Network::parse("203.0.113.64/28")}}};
    Script group(policy);
    CHECK(connect(group, call));
    CHECK(said(group.at(10, thief, edge, call.request("BYE", 2))) == "accept");
}

TEST_CASE("A-420 a CANCEL comes from who sent the INVITE, and a party that was never heard is not known") {
    Call call;
    call.branch = "z9hG4bKsame";
    auto cancel = [&] { return with(call.first("CANCEL", 1), "z9hG4bKsameCANCEL1", "z9hG4bKsameINVITE1"); };
    const net::Endpoint thief{net::Ip::v4(0xcb007142), 5060};
    Script script;
    CHECK(said(script.at(0, phone, edge, call.request("INVITE", 1))) == "accept");
    CHECK(said(script.at(1, thief, edge, cancel())) == "reject 481 A-420");
    CHECK(said(script.at(2, phone, edge, cancel())) == "accept");
    Script half;
    CHECK(said(half.at(0, phone, edge, call.request("INVITE", 1))) == "accept");
    Verdict verdict = half.at(10, thief, phone, call.request_back("BYE", 1));
    CHECK(outcome(verdict, "A-420") == "note");
    CHECK(verdict.findings[0].reason.find("one direction only") != std::string::npos);
}

TEST_CASE("A-421 requests of a dialog that is not there") {
    Call call, other;
    other.id = "other@192.0.2.1";
    Script script;
    CHECK(connect(script, call));
    // Within the warm-up the dialog may be older than the capture.
    CHECK(said(script.at(31, phone, edge, other.request("BYE", 2))) == "accept");
    Verdict unknown = script.at(33, phone, edge, other.request("BYE", 3));
    CHECK(said(unknown) == "reject 481 A-421");
    CHECK(unknown.offset == other.request("BYE", 3).find("To:"));
    CHECK(said(script.at(34, phone, edge, other.request("ACK", 3))) == "drop A-421");
    CHECK(said(script.at(35, phone, edge, other.request("NOTIFY", 4))) == "accept");
    CHECK(said(script.at(35, phone, edge, other.first("OPTIONS", 4))) == "accept");
    // A known call with a wrong tag is no matter of time.
    Script early;
    CHECK(connect(early, call));
    Call guessed = call;
    guessed.far_tag = "b2";
    CHECK(said(early.at(5, phone, edge, guessed.request("BYE", 2))) == "reject 481 A-421");
    guessed = call;
    guessed.tag = "a2";
    CHECK(said(early.at(33, edge, phone, guessed.request_back("BYE", 2))) == "reject 481 A-421");
    CHECK(said(early.at(40, phone, edge, call.request("BYE", 2))) == "accept");
    CHECK(said(early.at(50, edge, phone, call.request_back("BYE", 2))) == "accept");
    CHECK(said(early.at(73, edge, phone, call.request_back("BYE", 3))) == "reject 481 A-421");
    Script lenient(Policy::lenient());
    CHECK(connect(lenient, call));
    CHECK(said(lenient.at(33, phone, edge, other.request("BYE", 3))) == "accept (note A-421)");
}

TEST_CASE("A-421 says one direction only where nothing of the far end was seen, and adopts what it meets early") {
    Call call;
    Script half;
    CHECK(said(half.at(0, phone, edge, call.first("OPTIONS", 1))) == "accept");
    Verdict verdict = half.at(40, phone, edge, call.request("BYE", 2));
    CHECK(said(verdict) == "accept (note A-421)");
    CHECK(verdict.findings[0].reason.find("one direction only") != std::string::npos);
    Script adopted;
    CHECK(said(adopted.at(0, edge, phone, call.request_back("UPDATE", 1))) == "accept");
    CHECK(said(adopted.at(1, phone, edge, call.response_back(200, "UPDATE", 1))) == "accept");
    CHECK(said(adopted.at(100, phone, edge, call.request("BYE", 7))) == "accept");
}

TEST_CASE("A-421 a CANCEL of nothing, and a dialog whose INVITE was refused") {
    Call call;
    Script script;
    CHECK(said(script.at(0, edge, phone, call.request_back("OPTIONS", 1))) == "accept");
    CHECK(said(script.at(40, phone, edge, call.first("CANCEL", 1))) == "reject 481 A-421");
    Script refused;
    CHECK(said(refused.at(0, phone, edge, call.request("INVITE", 1, {.headers = "User-Agent: friendly-scanner\r\n"}))).starts_with("reject"));
    CHECK(said(refused.at(0.5, phone, edge, call.first("CANCEL", 1))) == "reject 481 A-421");
    CHECK(said(refused.at(1, phone, edge, call.request("BYE", 2))) == "reject 481 A-421");
    CHECK(said(refused.at(1.5, phone, edge, call.request("BYE", 2))) == "reject 481 A-421");
}

TEST_CASE("A-422 numbers that do not rise") {
    Call call;
    Script script;
    CHECK(connect(script, call));
    CHECK(said(script.at(10, phone, edge, call.request("INFO", 5))) == "accept");
    Verdict old = script.at(11, phone, edge, call.request("UPDATE", 4));
    CHECK(said(old) == "reject 500 A-422");
    CHECK(old.offset == call.request("UPDATE", 4).find("CSeq:"));
    CHECK(said(script.at(12, phone, edge, call.request("UPDATE", 5))) == "reject 500 A-422");
    CHECK(said(script.at(13, phone, edge, call.request("INFO", 5))) == "accept");
    CHECK(said(script.at(14, phone, edge, call.request("UPDATE", 6))) == "accept");
    CHECK(said(script.at(15, edge, phone, call.request_back("INFO", 1))) == "accept");
    CHECK(said(script.at(16, phone, edge, call.request("BYE", 2))) == "accept (note A-422)");
    // Each fork counts on its own.
    Script forked;
    Call fork = call;
    fork.far_tag = "b2";
    CHECK(said(forked.at(0, phone, edge, call.request("INVITE", 1))) == "accept");
    CHECK(said(forked.at(1, edge, phone, call.response(183, "INVITE", 1))) == "accept");
    CHECK(said(forked.at(1, edge, phone, fork.response(183, "INVITE", 1))) == "accept");
    CHECK(said(forked.at(2, phone, edge, call.request("UPDATE", 3))) == "accept");
    CHECK(said(forked.at(3, phone, edge, fork.request("UPDATE", 2, {.headers = "X-Fork: 2\r\n"}))) == "accept");
    CHECK(said(forked.at(4, phone, edge, call.request("PRACK", 2))) == "reject 500 A-422");
}

TEST_CASE("A-423 a BYE that comes too early") {
    Call call;
    Script script;
    script.at(0, phone, edge, call.request("INVITE", 1));
    script.at(1, edge, phone, call.response(180, "INVITE", 1));
    CHECK(said(script.at(2, phone, edge, call.request("BYE", 2))) == "accept (note A-423)");
    Script answered;
    answered.at(0, phone, edge, call.request("INVITE", 1));
    answered.at(1, edge, phone, call.response(200, "INVITE", 1));
    CHECK(said(answered.at(2, edge, phone, call.request_back("BYE", 2))) == "accept (note A-423)");
    Script caller;
    caller.at(0, phone, edge, call.request("INVITE", 1));
    caller.at(1, edge, phone, call.response(200, "INVITE", 1));
    CHECK(said(caller.at(2, phone, edge, call.request("BYE", 2))) == "accept");
    Script one_direction;
    one_direction.at(0, phone, edge, call.request("INVITE", 1));
    CHECK(said(one_direction.at(2, phone, edge, call.request("BYE", 2))) == "accept");
}

TEST_CASE("A-424 transfers to where nobody may go, and dialogs that belong to others") {
    Policy policy;
    policy.lists.refer_domains = {"example.com"};
    auto refer = [&](std::string_view target) {
        Call call;
        Script script(policy);
        CHECK(connect(script, call));
        return said(script.at(10, phone, edge, call.request("REFER", 2, {.headers = fmt::format("Refer-To: <{}>\r\n", target)})));
    };
    CHECK(refer("sip:a@example.com") == "accept");
    CHECK(refer("sip:a@pbx.example.com:5070") == "accept");
    CHECK(refer("sip:a@example.net") == "reject 403 A-424");
    CHECK(refer("sip:a@notexample.com") == "reject 403 A-424");
    auto replace = [&](const net::Endpoint& from, std::string_view what, std::string_view more = "", double at = 40) {
        Call call, taking;
        taking.id = "taking@192.0.2.9";
        Script script;
        CHECK(connect(script, call));
        return said(script.at(at, from, edge, taking.request("INVITE", 1, {.headers = fmt::format("{}\r\n{}", what, more)})));
    };
    std::string_view ours = "Replaces: call1@192.0.2.1;to-tag=b1;from-tag=a1", turned = "Join: call1@192.0.2.1;to-tag=a1;from-tag=b1";
    CHECK(replace(phone, ours) == "accept");
    CHECK(replace(phone, turned) == "accept");
    CHECK(replace(host(9), ours) == "reject 403 A-424");
    CHECK(replace(host(9), turned) == "reject 403 A-424");
    CHECK(replace(host(9), ours, "Referred-By: <sip:b@example.com>\r\n") == "accept");
    CHECK(replace(phone, "Replaces: nothing@192.0.2.1;to-tag=b1;from-tag=a1") == "reject 481 A-424");
    CHECK(replace(phone, "Replaces: call1@192.0.2.1;to-tag=b9;from-tag=a1") == "reject 481 A-424");
    CHECK(replace(phone, "Replaces: nothing@192.0.2.1;to-tag=b1;from-tag=a1", "", 20) == "accept");
    CHECK(replace(phone, "Replaces: ;;;", "", 20) == "accept");
}

TEST_CASE("A-426 redirections that lead astray") {
    Policy policy;
    policy.lists.refer_domains = {"example.com"};
    auto redirect = [&](std::string_view contact, Policy by, int status = 302) {
        Call call;
        Script script(std::move(by));
        script.at(0, phone, edge, call.request("INVITE", 1));
        std::string bytes = with(call.response(status, "INVITE", 1), "<sip:x@198.51.100.1>", contact);
        return outcome(script.at(1, edge, phone, bytes), "A-426");
    };
    CHECK(redirect("<sip:+442079460777@example.com>", policy) == "");
    CHECK(redirect("<sip:+442079460777@example.net>", policy) == "strip");
    CHECK(redirect("<sip:+442079460777@example.net>", Policy::strict()) == "");
    CHECK(redirect("<sip:+8821234567@example.com>", Policy::strict()) == "strip");
    CHECK(redirect("<sip:a@example.com>, <tel:+8821234567>", Policy::strict()) == "strip");
    CHECK(redirect("<sip:+8821234567@example.com>", Policy::lenient()) == "alert");
    CHECK(redirect("<sip:+8821234567@example.com>", Policy::strict(), 200) == "");
    policy.peers = {{.name = "carrier", .networks = {*Network::parse("198.51.100.1")}, .trusted = true}};
    CHECK(redirect("<sip:+8821234567@example.com>", policy) == "");
}

TEST_CASE("S-805 offers and answers of a dialog") {
    auto offered_again = [](const std::string& second, Policy policy = Policy::strict()) {
        Call call;
        Script script(std::move(policy));
        CHECK(connect(script, call));
        return outcome(script.at(10, phone, edge, call.request("INVITE", 2, {.sdp = second})), "S-805");
    };
    CHECK(offered_again(sdp(1)) == "");
    CHECK(offered_again(sdp(2, "192.0.2.1", "m=audio 4002 RTP/AVP 8\r\n")) == "");
    CHECK(offered_again(sdp(1, "192.0.2.1", "m=audio 4002 RTP/AVP 8\r\n")) == "reject 488");
    CHECK(offered_again(sdp(0, "192.0.2.1", "m=audio 4002 RTP/AVP 8\r\n")) == "reject 488");
    CHECK(offered_again(sdp(1, "192.0.2.1", "m=audio 4002 RTP/AVP 8\r\n"), Policy::lenient()) == "note");
    CHECK(offered_again(sdp(1, "192.0.2.1", "m=audio 4000 RTP/AVP 8\r\na=sendonly\r\n")) == "note");
    CHECK(offered_again(with(sdp(1, "192.0.2.1", "m=audio 4002 RTP/AVP 8\r\n"), "o=- 7 1", "o=- 8 1")) == "");
    std::string_view two = "m=audio 4000 RTP/AVP 8\r\nm=video 4002 RTP/AVP 31\r\n";
    auto answered = [&](const std::string& offer, const std::string& answer) {
        Call call;
        Script script;
        script.at(0, phone, edge, call.request("INVITE", 1, {.sdp = offer}));
        return outcome(script.at(1, edge, phone, call.response(200, "INVITE", 1, {.sdp = answer})), "S-805");
    };
    CHECK(answered(sdp(1), sdp(1, "198.51.100.1")) == "");
    CHECK(answered(sdp(1), sdp(1, "198.51.100.1", two)) == "note");
    CHECK(answered(sdp(1, "192.0.2.1", two), sdp(1, "198.51.100.1")) == "");
    CHECK(answered("", sdp(1, "198.51.100.1", two)) == "");
    // The offer came with the 200.
    Call call;
    Script late;
    late.at(0, phone, edge, call.request("INVITE", 1));
    late.at(1, edge, phone, call.response(200, "INVITE", 1, {.sdp = sdp(1, "198.51.100.1")}));
    CHECK(outcome(late.at(2, phone, edge, call.request("ACK", 1, {.sdp = sdp(1, "192.0.2.1", two)})), "S-805") == "note");
}

TEST_CASE("S-806 media that move to another network in the middle of a call") {
    auto moved = [](std::string_view address, Policy policy = Policy::strict()) {
        Call call;
        Script script(std::move(policy));
        CHECK(connect(script, call));
        return outcome(script.at(10, phone, edge, call.request("INVITE", 2, {.sdp = sdp(2, address)})), "S-806");
    };
    CHECK(moved("192.0.77.7") == "");
    CHECK(moved("203.0.113.66") == "alert");
    CHECK(moved("203.0.113.66", Policy::lenient()) == "note");
    CHECK(moved("0.0.0.0") == "");
    Policy anchored;
    anchored.peers = {{.name = "phones", .networks = {*Network::parse("192.0.2.0/24")}, .media = {*Network::parse("203.0.113.64/28")}}};
    CHECK(moved("203.0.113.66", anchored) == "");
    CHECK(moved("203.0.113.80", anchored) == "alert");
}

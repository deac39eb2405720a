#include "unit/sbc/script.h"

using namespace trunkbox;
using namespace trunkbox::sbc;
using namespace trunkbox::sbc::test;

namespace {

const net::Endpoint attacker = host(666);

Call nth(int n) {
    Call call;
    call.id = fmt::format("c{}@192.0.2.1", n);
    call.tag = fmt::format("a{}", n);
    call.branch = fmt::format("z9hG4bK{}-", n);
    return call;
}

// A REGISTER of `user` as the n-th attempt of its source.
std::string registration_of(std::string_view user, int n, std::string_view more = "") {
    Call call = nth(n);
    call.caller = call.called = fmt::format("sip:{}@example.com", user);
    return with(call.first("REGISTER", 1, {.headers = std::string(more)}), "REGISTER sip:" + std::string(user) + "@", "REGISTER sip:");
}
std::string registered(std::string_view user, int n, int status, std::string_view more = "") {
    Call call = nth(n);
    call.caller = call.called = fmt::format("sip:{}@example.com", user);
    return call.response(status, "REGISTER", 1, {.headers = std::string(more)});
}
std::string credentials(std::string_view nonce, std::string_view nc = "00000001") {
    return fmt::format("Authorization: Digest username=\"a\", realm=\"example.com\", nonce=\"{}\", uri=\"sip:example.com\", "
                       "response=\"00\"{}\r\n",
                       nonce, nc.empty() ? "" : fmt::format(", qop=auth, cnonce=\"c\", nc={}", nc));
}
std::string options(std::string_view user, int n) {
    Call call = nth(n);
    call.called = fmt::format("sip:{}@example.com", user);
    return call.first("OPTIONS", 1);
}

}  // namespace

TEST_CASE("A-405 the seventeenth request within two seconds is the first to be dropped") {
    Script script;
    for (int n = 1; n <= 16; ++n) CHECK(said(script.at(n * 0.1, attacker, edge, options("a", n))) == "accept");
    Verdict first = script.at(1.7, attacker, edge, options("a", 17));
    CHECK(said(first) == "drop A-405");
    CHECK(first.reason == "request 17 of 198.18.2.154 within 2 s, which slide by eighths; 16 are allowed");
    CHECK(said(script.at(1.8, attacker, edge, options("a", 18))) == "drop A-411");
    // Another source, and another policy.
    CHECK(said(script.at(1.9, host(1), edge, options("a", 19))) == "accept");
    Script lenient(Policy::lenient());
    for (int n = 1; n <= 16; ++n) CHECK(said(lenient.at(n * 0.1, attacker, edge, options("a", n))) == "accept");
    CHECK(said(lenient.at(1.7, attacker, edge, options("a", 17))) == "reject 503 A-405");
    CHECK(said(lenient.at(1.8, attacker, edge, options("a", 18))) == "reject 503 A-405");
    CHECK(said(lenient.at(5, attacker, edge, options("a", 19))) == "accept");
}

TEST_CASE("A-405 eight requests a second for ever are allowed, nine are not") {
    Script script;
    for (int n = 0; n < 400; ++n) CHECK(said(script.at(n / 8.0, attacker, edge, options("a", n))) == "accept");
    Script faster;
    int dropped = -1;
    for (int n = 0; n < 400 && dropped < 0; ++n)
        if (faster.at(n / 9.0, attacker, edge, options("a", n)).action == Action::drop) dropped = n;
    CHECK(dropped == 16);
}

TEST_CASE("A-405 counts retransmissions, whatever their ports, and no clock that goes back refills it") {
    Script script;
    for (int n = 1; n <= 16; ++n)
        CHECK(script.at(0, host(666, static_cast<std::uint16_t>(1000 + n)), edge, options("a", 1)).action == Action::accept);
    CHECK(said(script.at(-3600, attacker, edge, options("a", 1))) == "drop A-405");
    CHECK(script.memory().counts().backwards == 1);
}

TEST_CASE("A-411 a ban begins with the drop and ends after 300 seconds of packet time") {
    Script script;
    for (int n = 1; n <= 16; ++n) script.at(0, attacker, edge, options("a", n));
    CHECK(said(script.at(1, attacker, edge, options("a", 17))) == "drop A-405");
    CHECK(said(script.at(1.001, attacker, edge, nth(1).response(200, "OPTIONS", 1))) == "drop A-411");
    Verdict collateral = script.at(300.9, attacker, edge, options("a", 18));
    CHECK(said(collateral) == "drop A-411");
    CHECK(collateral.reason == "collateral: 198.18.2.154 is banned until 2023-11-14T22:18:21.000000Z by A-405");
    // Time that went back does not prolong it, nor does what was dropped meanwhile.
    CHECK(said(script.at(-500, attacker, edge, options("a", 19))) == "drop A-411");
    CHECK(said(script.at(301, attacker, edge, options("a", 20))) == "accept");
    // To whom it sends nothing is refused.
    Script answering;
    for (int n = 1; n <= 17; ++n) answering.at(0, attacker, edge, options("a", n));
    CHECK(said(answering.at(1, edge, attacker, nth(3).response(200, "OPTIONS", 1))) == "accept");
}

TEST_CASE("A-411 in observe nobody is banned, and what is off bans nobody") {
    Script observed(Policy::observe());
    for (int n = 1; n <= 16; ++n) observed.at(0, attacker, edge, options("a", n));
    CHECK(said(observed.at(1, attacker, edge, options("a", 17))) == "accept (alert A-405)");
    CHECK(said(observed.at(1.1, attacker, edge, options("a", 18))) == "accept (alert A-405)");
    CHECK(said(observed.at(4, attacker, edge, options("a", 19))) == "accept");
    Policy policy;
    REQUIRE(policy.set("A-411", "off"));
    Script off(policy);
    for (int n = 1; n <= 17; ++n) off.at(0, attacker, edge, options("a", n));
    CHECK(said(off.at(4, attacker, edge, options("a", 18))) == "accept");
    policy = Policy::strict();
    policy.rules["A-411"].always.parameters["seconds"] = 10;
    Script brief(policy);
    for (int n = 1; n <= 17; ++n) brief.at(0, attacker, edge, options("a", n));
    CHECK(said(brief.at(9.9, attacker, edge, options("a", 18))) == "drop A-411");
    CHECK(said(brief.at(10, attacker, edge, options("a", 19))) == "accept");
}

TEST_CASE("peers that are exempt, and what we send ourselves, have no rate") {
    Policy policy = edge_policy();
    policy.peers[1].rate_exempt = true;
    Script script(policy);
    for (int n = 1; n <= 100; ++n) {
        CHECK(script.at(0, phone, edge, options("a", n)).action == Action::accept);
        CHECK(script.at(0, edge, host(1), options("a", 1000 + n)).action == Action::accept);
    }
    for (int n = 201; n <= 216; ++n) CHECK(said(script.at(0, carrier, edge, options("a", n))) == "accept");
    CHECK(said(script.at(0, carrier, edge, options("a", 217))) == "drop A-405");
}

TEST_CASE("A-403 a source that asks for many users") {
    auto sweep = [](double pause, auto user, Policy policy = Policy::strict()) {
        Script script(std::move(policy));
        std::string last;
        for (int n = 1; n <= 10; ++n) last = said(script.at(n * pause, attacker, edge, options(user(n), n)));
        return last;
    };
    auto each = [](int n) { return fmt::format("{}", 100 + n); };
    CHECK(sweep(1, each) == "drop A-403");
    CHECK(sweep(6.6, each) == "drop A-403");
    CHECK(sweep(6.7, each) == "accept");
    CHECK(sweep(1, [](int n) { return fmt::format("{}", n % 9); }) == "accept");
    CHECK(sweep(1, [](int) { return "100"; }) == "accept");
    CHECK(sweep(1, each, Policy::lenient()) == "accept (alert A-403)");
    Policy nine;
    nine.rules["A-403"].always.parameters["users"] = 11;
    CHECK(sweep(1, each, nine) == "accept");
}

TEST_CASE("A-403 whoever reaches those that he asks for does not sweep") {
    Script script;
    for (int n = 1; n <= 40; ++n) {
        Call call = nth(n);
        call.called = fmt::format("sip:+4420794600{:02}@example.com", n);
        call.caller = fmt::format("sip:desk{}@example.com", n);
        CHECK(said(script.at(n, phone, edge, call.request("INVITE", 1))) == "accept");
        CHECK(said(script.at(n + 0.5, edge, phone, call.response(180, "INVITE", 1))) == "accept");
    }
}

TEST_CASE("A-404 five failures and no success") {
    // The last is the request behind so many failures.
    auto run = [](int failures, double pause, auto status, int success = 0) {
        Script script;
        for (int n = 1; n <= failures; ++n) {
            script.at(n * pause, attacker, edge, registration_of("a", n, credentials(fmt::format("n{}", n))));
            script.at(n * pause + 0.1, edge, attacker, registered("a", n, n == success ? 200 : status(n)));
        }
        return said(script.at(failures * pause + 0.2, attacker, edge, registration_of("a", 99)));
    };
    auto forbidden = [](int) { return 403; };
    CHECK(run(5, 1, forbidden) == "drop A-404");
    CHECK(run(4, 1, forbidden) == "accept");
    CHECK(run(5, 20, forbidden) == "accept");
    CHECK(run(5, 1, [](int n) { return n % 2 == 0 ? 401 : 404; }) == "drop A-404");
    CHECK(run(6, 1, forbidden, 3) == "accept");
    CHECK(run(5, 1, [](int) { return 486; }) == "accept");
}

TEST_CASE("A-404 challenges, repeated answers and stale nonces are no failures") {
    Script script;
    for (int n = 1; n <= 10; ++n) {
        CHECK(script.at(n, phone, edge, registration_of(fmt::format("a{}", n % 5), n)).action == Action::accept);
        CHECK(script.at(n + 0.1, edge, phone, registered(fmt::format("a{}", n % 5), n, 401)).action == Action::accept);
    }
    Script stale;
    for (int n = 1; n <= 6; ++n) {
        CHECK(stale.at(n, phone, edge, registration_of("a", n, credentials(fmt::format("m{}", n)))).action == Action::accept);
        stale.at(n + 0.1, edge, phone, registered("a", n, 401, "WWW-Authenticate: Digest realm=\"example.com\", nonce=\"x\", stale=TRUE\r\n"));
    }
    Script repeated;
    repeated.at(0, phone, edge, registration_of("a", 1));
    for (int n = 1; n <= 8; ++n) CHECK(said(repeated.at(n, edge, phone, registered("a", 1, 403))) == "accept");
    CHECK(said(repeated.at(9, phone, edge, registration_of("a", 2))) == "accept");
}

TEST_CASE("A-404 where only responses were seen it says so and bans nobody") {
    Script script;
    for (int n = 1; n <= 4; ++n) CHECK(said(script.at(n, edge, attacker, registered("a", n, 401))) == "accept");
    Verdict verdict = script.at(5, edge, attacker, registered("a", 5, 401));
    CHECK(said(verdict) == "accept (note A-404)");
    CHECK(verdict.findings[0].reason == "198.18.2.154 failed 5 times in 60 s: one direction only");
}

TEST_CASE("A-406 calls of one account and of one trunk") {
    Policy policy;
    policy.rules["A-406"].always.parameters = {{"calls", 3}, {"seconds", 60}};
    Script script(policy);
    auto call = [](int n, std::string_view caller) {
        Call made = nth(n);
        made.caller = fmt::format("sip:{}@example.com", caller);
        return made;
    };
    for (int n = 1; n <= 3; ++n) CHECK(said(script.at(n, phone, edge, call(n, "a").request("INVITE", 1))) == "accept");
    CHECK(said(script.at(3.5, phone, edge, call(3, "a").request("INVITE", 1))) == "accept");
    CHECK(said(script.at(4, phone, edge, call(4, "a").request("INVITE", 1))) == "reject 503 A-406");
    CHECK(said(script.at(4.1, phone, edge, call(4, "A").request("INVITE", 1))) == "accept");
    CHECK(said(script.at(4.2, phone, edge, call(5, "b").request("INVITE", 1))) == "accept");
    CHECK(said(script.at(4.3, phone, edge, call(1, "a").first("INVITE", 2))) == "accept");
    // What was refused does not count.
    CHECK(said(script.at(61.5, phone, edge, call(6, "a").request("INVITE", 1))) == "accept");
    Policy trunk = edge_policy();
    trunk.rules["A-406"].always.parameters = {{"trunk", 2}};
    Script shared(trunk);
    for (int n = 1; n <= 2; ++n)
        CHECK(said(shared.at(n, phone, edge, call(n, fmt::format("u{}", n)).request("INVITE", 1))) == "accept");
    Verdict verdict = shared.at(3, phone, edge, call(3, "u3").request("INVITE", 1));
    CHECK(said(verdict) == "reject 503 A-406");
    CHECK(verdict.reason == "call 3 of peer 'phones' in 60 s; 2 are allowed");
    CHECK(said(shared.at(4, carrier, edge, call(4, "u4").request("INVITE", 1))) == "accept");
}

TEST_CASE("A-407 registrations too often, or for too short a time") {
    Script script;
    for (int n = 1; n <= 20; ++n)
        CHECK(said(script.at(n * 0.5, host(static_cast<std::uint32_t>(n)), edge, registration_of("a", n))) == "accept");
    CHECK(said(script.at(11, host(21), edge, registration_of("a", 21))) == "reject 503 A-407");
    CHECK(said(script.at(11, host(21), edge, registration_of("b", 22))) == "accept");
    CHECK(said(script.at(71, host(21), edge, registration_of("a", 23))) == "accept");
    auto expiring = [](std::string_view line, Policy policy = Policy::strict()) {
        return said(Script(std::move(policy)).at(0, phone, edge, registration_of("a", 1, line)));
    };
    CHECK(expiring("Expires: 59\r\n") == "reject 423 A-407");
    CHECK(expiring("Expires: 60\r\n") == "accept");
    CHECK(expiring("Expires: 0\r\n") == "accept");
    CHECK(expiring("Expires: 30\r\n", Policy::lenient()) == "accept");
    std::string own = with(registration_of("a", 1, "Expires: 3600\r\n"), "<sip:x@192.0.2.1>", "<sip:x@192.0.2.1>;expires=10");
    CHECK(said(Script().at(0, phone, edge, own)) == "reject 423 A-407");
}

TEST_CASE("A-412 an account that many guess at") {
    auto run = [](int sources, int status, bool guessed) {
        Script script;
        std::string last;
        for (int n = 1; n <= sources; ++n) {
            script.at(n, host(static_cast<std::uint32_t>(n)), edge,
                      registration_of("a", n, guessed ? credentials(fmt::format("n{}", n)) : ""));
            last = outcome(script.at(n + 0.1, edge, host(static_cast<std::uint32_t>(n)), registered("a", n, status)), "A-412");
        }
        return last;
    };
    CHECK(run(5, 403, false) == "alert");
    CHECK(run(5, 401, true) == "alert");
    CHECK(run(4, 403, false) == "");
    CHECK(run(8, 401, false) == "");
    CHECK(run(8, 404, false) == "");
}

TEST_CASE("A-413 a second place that registers") {
    auto binds = [](Script& script, double at, int n, const net::Endpoint& from, std::string_view agent, std::string_view expires = "") {
        script.at(at, from, edge, with(registration_of("a", n, expires), "User-Agent: phone", "User-Agent: " + std::string(agent)));
        return outcome(script.at(at + 0.1, edge, from, registered("a", n, 200, expires.empty() ? "Expires: 600\r\n" : std::string(expires))), "A-413");
    };
    Script script;
    CHECK(binds(script, 0, 1, host(1), "phone 1") == "");
    CHECK(binds(script, 300, 2, host(1), "phone 1") == "");
    CHECK(binds(script, 310, 3, host(2), "phone 1") == "");
    CHECK(binds(script, 320, 4, host(3), "other") == "alert");
    CHECK(binds(script, 330, 5, host(3), "other") == "");
    CHECK(binds(script, 2000, 6, host(4), "third") == "");
    Script gone;
    CHECK(binds(gone, 0, 1, host(1), "phone 1") == "");
    CHECK(binds(gone, 1, 2, host(1), "phone 1", "Expires: 0\r\n") == "");
    CHECK(binds(gone, 2, 3, host(2), "other") == "");
    Script lenient(Policy::lenient());
    binds(lenient, 0, 1, host(1), "phone 1");
    CHECK(binds(lenient, 1, 2, host(2), "other") == "note");
}

TEST_CASE("A-417 credentials that come again") {
    auto second = [](const net::Endpoint& from, int n, std::string_view nonce, std::string_view nc, std::string_view first_nc = "00000002") {
        Script script;
        script.at(0, phone, edge, registration_of("a", 1, credentials("n1", first_nc)));
        return outcome(script.at(1, from, edge, registration_of("a", n, credentials(nonce, nc))), "A-417");
    };
    CHECK(second(phone, 2, "n1", "00000003") == "");
    CHECK(second(phone, 2, "n1", "00000002") == "reject 401");
    CHECK(second(host(1), 2, "n1", "00000001") == "reject 401");
    CHECK(second(host(1), 2, "n1", "0000000a") == "");
    CHECK(second(phone, 2, "n2", "00000001") == "");
    CHECK(second(phone, 1, "n1", "00000002") == "");
    CHECK(second(host(1), 1, "n1", "00000002") == "");
    CHECK(second(phone, 2, "n1", "", "") == "");
    CHECK(second(host(1), 2, "n1", "", "") == "reject 401");
    // The same dialog goes on with the same count: careless, but no theft.
    Script script;
    script.at(0, phone, edge, registration_of("a", 1, credentials("n1")));
    std::string next = with(registration_of("a", 1, credentials("n1")), "CSeq: 1", "CSeq: 2");
    CHECK(outcome(script.at(1, phone, edge, next), "A-417") == "note");
    Script lenient(Policy::lenient());
    lenient.at(0, phone, edge, registration_of("a", 1, credentials("n1")));
    CHECK(outcome(lenient.at(1, host(1), edge, registration_of("a", 2, credentials("n1"))), "A-417") == "note");
}

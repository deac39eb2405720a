#include <algorithm>
#include <set>

#include "base/text.h"
#include "unit/sbc/messages.h"
#include "sbc/rule.h"

using namespace trunkbox;
using namespace trunkbox::sbc;
using namespace trunkbox::sbc::test;

TEST_CASE("precedence: what drops comes before what rejects") {
    Verdict verdict = judged(with(with(invite(), " SIP/2.0\r\n", " SIP/3.0\r\n"), "phone/1.0", "friendly-scanner"));
    CHECK(verdict.action == Action::drop);
    CHECK(verdict.rule == "A-401");
    REQUIRE(verdict.findings.size() == 1);
    CHECK(verdict.findings[0].rule == "M-102");
}

TEST_CASE("precedence: the start line in its order, then the lowest offset, then the table's order") {
    Verdict line = judged(with(invite(), "INVITE sip:+442079460123@example.com SIP/2.0", "INVITE  foo:b  SIP/3.0"), Policy::strict());
    CHECK(line.rule == "M-101");
    Verdict offset = judged(with(with(invite(), "Max-Forwards: 70", "Max-Forwards: x"), "CSeq: 1", "CSeq: x"));
    CHECK(offset.rule == "M-110");
    CHECK(offset.offset == invite().find("Max-Forwards"));
    Verdict start = judged(with(with(invite(), "Max-Forwards: 70", "Max-Forwards: x"), "sip:+442079460123@example.com SIP", "foo:b SIP"));
    CHECK(start.rule == "M-105");
    Verdict tie = judged(with(with(invite(), "CSeq: 1 INVITE", "CSeq: x BYE"), "", ""));
    CHECK(tie.rule == "M-108");
}

TEST_CASE("one rule, two cases: the milder one does not hide the other") {
    Verdict verdict = judged(plus(plus(registration(), "Expires: 1"), "i: other"), Policy::lenient());
    CHECK(verdict.action == Action::reject);
    CHECK(verdict.rule == "M-107");
    CHECK(verdict.reason.find("Call-ID") != std::string::npos);
}

TEST_CASE("what cannot be answered is dropped") {
    std::string ack = with(with(invite(), "INVITE sip", "ACK sip"), "1 INVITE", "x ACK");
    CHECK(judged(ack).action == Action::drop);
    CHECK(judged(ack).status == 0);
    CHECK(judged(with(ringing(), "CSeq: 1", "CSeq: x")).action == Action::drop);
}

TEST_CASE("observe says everything and does nothing") {
    Verdict verdict = judged(with(with(invite(), "CSeq: 1", "CSeq: x"), "phone/1.0", "friendly-scanner"), Policy::observe());
    CHECK(verdict.action == Action::accept);
    CHECK(verdict.rule.empty());
    REQUIRE(verdict.findings.size() == 2);
    for (const Finding& finding : verdict.findings) CHECK(finding.outcome.effect == Effect::alert);
}

TEST_CASE("a policy has its own mind about a rule") {
    std::string scan = with(invite(), "phone/1.0", "friendly-scanner");
    Policy policy = Policy::strict();
    REQUIRE(policy.set("A-401", "reject 403"));
    CHECK(outcome(judged(scan, policy), "A-401") == "reject 403");
    REQUIRE(policy.set("A-401", "alert"));
    CHECK(judged(scan, policy).action == Action::accept);
    REQUIRE(policy.set("A-401", "off"));
    CHECK(judged(scan, policy).findings.empty());
    REQUIRE(policy.set("M-121", "reject 405"));
    CHECK(outcome(judged(with(with(invite(), "INVITE sip", "DANCE sip"), "1 INVITE", "1 DANCE"), policy), "M-121") == "reject 405");
}

TEST_CASE("a policy refuses what it does not know and says what was meant") {
    Policy policy;
    auto rule = policy.set("M-1O1", "note");
    REQUIRE_FALSE(rule);
    CHECK(rule.error().what == "there is no rule 'M-1O1'");
    CHECK(rule.error().fix.find("M-1") != std::string::npos);
    for (std::string_view bad : {"", "deny", "reject 200", "reject x", "reject 700", "drop 3", "non_sip"}) {
        auto action = policy.set("M-101", bad);
        REQUIRE_FALSE(action);
        CHECK(action.error().where == "M-101");
    }
    CHECK(policy.rules.empty());
    auto strip = policy.set("M-101", "strip");
    REQUIRE_FALSE(strip);
    CHECK(strip.error().what.find("nothing to strip") != std::string::npos);
    CHECK(policy.rules.empty());
    CHECK(policy.set("T-701", "strip"));
    CHECK(parse_outcome("reject") == Outcome{Effect::reject, 400});
    CHECK(Policy::named("lenient")->limits.header_line == 8192);
    CHECK_FALSE(Policy::named("strickt"));
}

TEST_CASE("a rule is treated as its peer and its direction ask for, the closer word last") {
    Policy policy = edge_policy();
    std::string scan = with(invite(), "phone/1.0", "friendly-scanner");
    auto effect = [&](const net::Endpoint& from, const net::Endpoint& to) {
        return outcome(Judge(policy).judge(Packet{.from = from, .to = to, .bytes = scan}), "A-401");
    };
    CHECK(effect(stranger, edge) == "drop");
    policy.rules["A-401"].always.action = {Effect::alert, 0};
    CHECK(effect(stranger, edge) == "alert");
    policy.rules["A-401"].inbound.action = reject_with(403);
    CHECK(effect(stranger, edge) == "reject 403");
    CHECK(effect(edge, stranger) == "alert");
    CHECK(effect(stranger, stranger) == "alert");
    policy.peers[0].rules["A-401"].always.action = {Effect::off, 0};
    CHECK(effect(carrier, edge) == "");
    CHECK(effect(edge, carrier) == "");
    CHECK(effect(stranger, edge) == "reject 403");
    policy.peers[0].rules["A-401"].outbound.action = {Effect::note, 0};
    CHECK(effect(edge, carrier) == "note");
    CHECK(effect(carrier, edge) == "");
}

TEST_CASE("what a rule does anyway, said again, leaves its milder cases as they are") {
    std::string bytes = with(invite(), "Max-Forwards: 70\r\n", "");
    Policy policy = Policy::strict();
    REQUIRE(policy.set("M-106", "reject 400"));
    CHECK(outcome(judged(bytes, policy), "M-106") == "note");
    REQUIRE(policy.set("M-106", "reject 480"));
    CHECK(outcome(judged(bytes, policy), "M-106") == "reject 480");
}

TEST_CASE("a message alone is judged by the rules that need nothing else") {
    Policy policy = edge_policy();
    policy.lists.high_risk_prefixes = {"44"};
    std::string bytes = with(plus(invite(), "P-Asserted-Identity: <sip:+33199000001@example.com>"), "UDP 192", "TCP 192");
    Judge judge(policy);
    CHECK(judge.judge_message(bytes).findings.empty());
    Verdict verdict = judge.judge(Packet{.from = stranger, .to = edge, .bytes = bytes});
    CHECK(outcome(verdict, "M-118") == "note");
    CHECK(outcome(verdict, "F-501") == "alert");
    CHECK(outcome(verdict, "I-601") == "strip");
    CHECK(outcome(verdict, "A-410") == "reject 403");
}

TEST_CASE("time that goes back is counted and does not go back") {
    Judge judge(Policy::strict());
    std::string bytes = invite();
    for (int at : {10, 12, 11, 9, 13}) static_cast<void>(judge.judge(Packet{.time = Time(std::chrono::seconds(at)), .bytes = bytes}));
    CHECK(judge.memory().now() == Time(13s));
    CHECK(judge.memory().counts().backwards == 2);
    CHECK(judge.memory().counts().most_backwards == Duration(3s));
}

TEST_CASE("every row of the table is whole, and its id is its own") {
    std::set<std::string_view> ids;
    for (const Rule& rule : rules()) {
        CHECK(ids.insert(rule.id).second);
        bool applies = rule.apply != nullptr;
        CHECK(applies);
        CHECK_FALSE(rule.what.empty());
        CHECK_FALSE(rule.source.empty());
        CHECK(find_rule(rule.id) == &rule);
        CHECK(place(rule) == ids.size() - 1);
        CHECK(rule.parameters.size() <= most_parameters);
        for (const Parameter& parameter : rule.parameters) {
            CHECK_FALSE(parameter.what.empty());
            for (std::int64_t value : {parameter.strict, parameter.lenient}) {
                CHECK(value >= parameter.least);
                CHECK(value <= parameter.most);
            }
        }
    }
    CHECK(find_rule("M-999") == nullptr);
}

TEST_CASE("a reason is one printable line whatever the message holds") {
    std::string bytes = with(with(invite(), "CSeq: 1", "CSeq: \x1b[2J\x07"), "phone/1.0", "sipsak \x1b[31m\xff");
    Verdict verdict = judged(bytes);
    auto safe = [](std::string_view text) {
        return !text.empty() && std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x20; });
    };
    CHECK(safe(verdict.reason));
    CHECK_FALSE(verdict.findings.empty());
    for (const Finding& finding : verdict.findings) CHECK(safe(finding.reason));
}

TEST_CASE("the response of a rejection") {
    std::string bytes = plus(invite(), "Proxy-Require: foo, bar");
    auto view = sip::MessageView::read(bytes);
    Verdict verdict = judged(bytes);
    sip::Message response = rejection(view, verdict, Policy::strict());
    CHECK(response.status == 420);
    CHECK(response.get("Unsupported") == "foo, bar");
    CHECK(response.get("Via") == "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKinv1");
    CHECK(response.get("To").starts_with("<sip:+442079460123@example.com>;tag="));
    CHECK(rejection(view, verdict, Policy::strict()).bytes() == response.bytes());
    auto answer = sip::MessageView::read(response.bytes());
    CHECK(answer.is_response());

    std::string other = with(bytes, "c1@", "c9@");
    CHECK(rejection(sip::MessageView::read(other), judged(other), Policy::strict()).get("To") != response.get("To"));
}

TEST_CASE("a rejection echoes no control byte and guesses no tag into a broken To") {
    std::string bytes = with(with(invite(), "Call-ID: c1", "Call-ID: c\x07""1"), "To: <", "To: \"x <");
    sip::Message response = rejection(sip::MessageView::read(bytes), judged(bytes), Policy::strict());
    CHECK(response.status == 400);
    CHECK(response.get("Call-ID") == "c?1@192.0.2.1");
    CHECK(response.get("To") == "\"x <sip:+442079460123@example.com>");
}

TEST_CASE("cut at every byte and with every byte broken, a message gets a verdict") {
    std::string sound = with_sdp(invite());
    Judge judge(Policy::strict());
    for (std::size_t i = 0; i <= sound.size(); ++i) {
        std::string_view cut = std::string_view(sound).substr(0, i);
        Verdict verdict = judge.judge(Packet{.bytes = cut});
        CHECK((i == sound.size()) == (verdict.action == Action::accept));
        CHECK(verdict.offset <= cut.size());
    }
    for (std::size_t i = 0; i < sound.size(); ++i)
        for (char c : {'\0', '\n', '"', '<', ';', ',', ':', ' ', '\xff'}) {
            std::string broken = sound;
            broken[i] = c;
            CHECK(judge.judge(Packet{.bytes = broken}).offset <= broken.size());
        }
}

// The called party, and what both sides take inside the dialog.
#include "call_bench.h"

#include "base/text.h"

using namespace trunkbox;
using namespace trunkbox::sip;
using namespace trunkbox::sip::call;
using namespace trunkbox::sip::call::test;

TEST_CASE("a called party rings, answers and is acknowledged") {
    Called called;
    CHECK(called.out.empty());
    CHECK(called.state.phase == Phase::calling);
    called.now += 1s;
    called.event(Ring{});
    CHECK(called.only<Respond>().id == 7);
    auto ringing = called.response();
    CHECK(ringing.status == 180);
    CHECK(ringing.get("Contact") == "<sip:us@192.0.2.1:5060>");
    CHECK(ringing.get("X-Ours") == "yes");
    CHECK(ringing.get("Via") == "SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK0");
    auto tag = tag_of(ringing.get("To"));
    CHECK(tag.size() >= 8);
    called.event(Ring{183, "v=0 early"});
    CHECK(called.response().body == "v=0 early");
    CHECK(called.response().get("Content-Type") == "application/sdp");

    called.now += 1s;
    called.event(Accept{"v=0 answer"});
    auto answer = called.response();
    CHECK(answer.status == 200);
    CHECK(answer.body == "v=0 answer");
    CHECK(tag_of(answer.get("To")) == tag);
    CHECK(answer.get("Allow") == allowed_methods);
    CHECK(called.state.phase == Phase::answered);

    called.request(0, "ACK", "4 ACK");
    CHECK(called.only<Established>().body.empty());
    CHECK(called.state.phase == Phase::confirmed);
    CHECK_FALSE(deadline(called.state).has_value());
    called.request(0, "ACK", "4 ACK");
    CHECK(called.out.empty());

    called.request(8, "BYE", "5 BYE", {}, {{"Reason", "Q.850;cause=16"}});
    CHECK(called.response().status == 200);
    CHECK(called.outcome().end == End::completed);
    CHECK(called.outcome().hung_up_by == Party::them);
    CHECK(called.outcome().q850 == "Q.850;cause=16");
    called.request(9, "BYE", "6 BYE");
    CHECK(called.response().status == 481);
    CHECK(called.all<Ended>().empty());
}

TEST_CASE("a 2xx is repeated at T1, 2*T1 … T2 until the ACK (RFC 3261 section 13.3.1.4)") {
    Called called;
    called.event(Accept{"v=0 answer"});
    auto bytes = called.response().bytes();
    auto start = called.now;
    std::vector<double> repeats;
    while (called.now < start + 20s) {
        auto due = deadline(called.state);
        REQUIRE(due.has_value());
        called.now = *due;
        called.event(Tick{});
        CHECK(called.response().bytes() == bytes);
        repeats.push_back(seconds(called.now - start));
    }
    CHECK(repeats == std::vector<double>{0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5});
    SUBCASE("an ACK of something else does not stop it") {
        called.request(0, "ACK", "3 ACK");
        called.request(0, "ACK", "");
        called.request(0, "ACK", "nonsense");
        CHECK(called.state.pending.has_value());
        CHECK(called.state.phase == Phase::answered);
    }
    SUBCASE("without one: BYE after 64*T1, and no_ack") {
        called.run(start + 31s - called.now);
        CHECK(called.all<Send>().empty());
        called.run(1s);
        CHECK(called.sent().method == "BYE");
        CHECK(seconds(called.now - start) == 32.0);
        called.answer(called.sent(), 200);
        CHECK(called.outcome().end == End::no_ack);
        CHECK(called.outcome().detail == "the answer was never acknowledged");
    }
}

TEST_CASE("a hang-up before the ACK waits for it (RFC 3261 section 15)") {
    Called called;
    called.event(Accept{"v=0 answer"});
    called.event(HangUp{});
    CHECK(called.out.empty());
    called.request(0, "ACK", "4 ACK");
    CHECK(called.all<Established>().size() == 1);
    auto bye = called.sent();
    CHECK(bye.method == "BYE");
    CHECK(bye.uri == "sip:them@192.0.2.2:5070");
    CHECK(bye.get("CSeq") == "1 BYE");
    CHECK(bye.get("To") == "\"A\" <sip:a@example.com>;tag=them");
}

TEST_CASE("a CANCEL before the answer gets the INVITE its 487") {
    for (bool rang : {false, true}) {
        Called called;
        if (rang) called.event(Ring{});
        called.event(Cancelled{});
        CHECK(called.response().status == 487);
        CHECK(called.only<Respond>().id == 7);
        CHECK(called.outcome().end == End::cancelled);
        CHECK(called.outcome().hung_up_by == Party::them);
        called.event(Accept{"v=0"});
        called.event(Cancelled{});
        CHECK(called.out.empty());
    }
    Connected late;
    late.event(Cancelled{});
    CHECK(late.out.empty());
    CHECK(late.state.phase == Phase::confirmed);
}

TEST_CASE("a BYE on an early dialog gives the INVITE its 487, too (RFC 3261 section 15.1.2)") {
    Called called;
    called.event(Ring{});
    called.request(8, "BYE", "5 BYE");
    auto responses = called.all<Respond>();
    REQUIRE(responses.size() == 2);
    CHECK(responses[0].id == 8);
    CHECK(responses[0].message.status == 200);
    CHECK(responses[1].id == 7);
    CHECK(responses[1].message.status == 487);
    CHECK(called.outcome().end == End::cancelled);
}

TEST_CASE("refusals") {
    SUBCASE("ours") {
        Called called;
        called.event(Reject{486, "Engaged", {{"Reason", "Q.850;cause=17"}}});
        CHECK(called.response().status == 486);
        CHECK(called.response().reason == "Engaged");
        CHECK(called.response().get("Reason") == "Q.850;cause=17");
        CHECK(called.outcome().end == End::refused);
        CHECK(called.outcome().status == 486);
    }
    SUBCASE("a hang-up while it rings") {
        Called called;
        called.event(HangUp{});
        CHECK(called.response().status == 480);
    }
    SUBCASE("what is required and not understood: 420") {
        Called called(Headers{{"Require", "100rel, foo"}, {"Require", "bar"}});
        CHECK(called.response().status == 420);
        CHECK(called.response().get("Unsupported") == "100rel, foo, bar");
        CHECK(called.outcome().status == 420);
        called.event(Accept{"v=0"});
        CHECK(called.out.empty());
    }
}

TEST_CASE("an INVITE without an offer is offered to, and the ACK brings the answer") {
    Called called({}, "");
    called.event(Accept{"v=0 our offer"});
    CHECK(called.response().body == "v=0 our offer");
    called.request(0, "ACK", "4 ACK", "v=0 their answer");
    CHECK(called.only<Established>().body == "v=0 their answer");
}

TEST_CASE("the route set of a called party is the Record-Route as it came") {
    Connected called(Headers{{"Record-Route", "<sip:near.example.com;lr>, <sip:far.example.com;lr>"}});
    called.event(HangUp{});
    auto bye = called.sent();
    CHECK(bye.uri == "sip:them@192.0.2.2:5070");
    std::string text = bye.bytes();
    CHECK(text.find("Route: <sip:near.example.com;lr>\r\nRoute: <sip:far.example.com;lr>\r\n") != std::string::npos);
}

TEST_CASE("requests inside the dialog come in order (RFC 3261 section 12.2.2)") {
    Connected called;
    called.request(8, "OPTIONS", "9 OPTIONS");
    CHECK(called.response().status == 200);
    CHECK(called.response().get("Accept") == "application/sdp");
    called.request(9, "OPTIONS", "9 OPTIONS");
    CHECK(called.response().status == 500);
    called.request(10, "BYE", "5 BYE");
    CHECK(called.response().status == 500);
    CHECK(called.all<Ended>().empty());
    for (const char* cseq : {"", "BYE", "-1 BYE", "99999999999 BYE"}) {
        CAPTURE(cseq);
        called.request(11, "BYE", cseq);
        CHECK(called.response().status == 400);
    }
    called.request(12, "MESSAGE", "20 MESSAGE");
    CHECK(called.response().status == 405);
    CHECK(called.response().get("Allow") == allowed_methods);
}

TEST_CASE("a re-INVITE is offered to the user, answered, and its answer repeated until the ACK") {
    Connected called;
    called.request(8, "INVITE", "5 INVITE", "v=0 hold", {{"Contact", "<sip:moved@192.0.2.2:5080>"}});
    CHECK(called.only<Offered>().body == "v=0 hold");
    CHECK(called.state.dialog.remote_target == "sip:moved@192.0.2.2:5080");
    SUBCASE("another before it is answered: 500 with Retry-After") {
        called.request(9, "INVITE", "6 INVITE", "v=0 x");
        CHECK(called.response().status == 500);
        auto retry = parse_integer<int>(called.response().get("Retry-After"));
        REQUIRE(retry.has_value());
        CHECK(*retry >= 0);
        CHECK(*retry <= 10);
        CHECK(called.state.offered->first == 8);
    }
    SUBCASE("answered; what came meanwhile does not hide its ACK") {
        called.request(9, "OPTIONS", "6 OPTIONS");
        called.event(AnswerOffer{8, "v=0 ok"});
        CHECK(called.only<Respond>().id == 8);
        CHECK(called.response().status == 200);
        CHECK(called.response().body == "v=0 ok");
        CHECK(called.response().get("Contact") == "<sip:us@192.0.2.1:5060>");
        called.run(600ms);
        CHECK(called.response().status == 200);
        called.request(10, "INVITE", "7 INVITE", "v=0 y");
        CHECK(called.response().status == 500);
        called.request(0, "ACK", "5 ACK");
        CHECK(called.all<Established>().empty());
        CHECK_FALSE(called.state.pending.has_value());
        called.run(60s);
        CHECK(called.out.empty());
    }
    SUBCASE("its ACK never comes: BYE") {
        called.event(AnswerOffer{8, "v=0 ok"});
        called.run(32s);
        CHECK(called.sent().method == "BYE");
        CHECK(called.sent().uri == "sip:moved@192.0.2.2:5080");
    }
    SUBCASE("our BYE meanwhile is the only one") {
        called.event(AnswerOffer{8, "v=0 ok"});
        called.run(30s);
        called.event(HangUp{});
        CHECK(called.sent().method == "BYE");
        called.run(5s);
        CHECK(called.out.empty());
        called.run(5s);
        CHECK(called.only<Ended>().outcome.end == End::completed);
    }
    SUBCASE("refused") {
        called.event(RefuseOffer{8});
        CHECK(called.response().status == 488);
        CHECK_FALSE(called.state.pending.has_value());
        called.event(AnswerOffer{8, "v=0 ok"});
        CHECK(called.out.empty());
    }
    SUBCASE("a BYE ends that, too") {
        called.request(9, "BYE", "6 BYE");
        auto responses = called.all<Respond>();
        REQUIRE(responses.size() == 2);
        CHECK(responses[0].message.status == 200);
        CHECK(responses[1].id == 8);
        CHECK(responses[1].message.status == 487);
        CHECK(called.outcome().end == End::completed);
    }
}

TEST_CASE("UPDATE (RFC 3311)") {
    Connected called;
    called.request(8, "UPDATE", "5 UPDATE");
    CHECK(called.response().status == 200);
    CHECK(called.response().get("Contact") == "<sip:us@192.0.2.1:5060>");
    called.request(9, "UPDATE", "6 UPDATE", "v=0 hold");
    CHECK(called.only<Offered>().id == 9);
    called.event(AnswerOffer{9, "v=0 ok"});
    CHECK(called.response().status == 200);
    CHECK_FALSE(called.state.pending.has_value());

    Called early;
    early.event(Ring{});
    early.request(8, "UPDATE", "5 UPDATE", "v=0 x");
    CHECK(early.response().status == 500);
    CHECK_FALSE(early.response().get("Retry-After").empty());
    early.request(9, "INVITE", "6 INVITE", "v=0 x");
    CHECK(early.response().status == 500);
    early.event(Accept{"v=0 answer"});
    early.request(0, "ACK", "4 ACK");
    CHECK(early.state.phase == Phase::confirmed);
}

TEST_CASE("a caller takes the far end's BYE and offers") {
    Talking caller;
    caller.request(8, "INVITE", "1 INVITE", "");
    CHECK(caller.only<Offered>().body.empty());
    caller.event(AnswerOffer{8, "v=0 our offer"});
    CHECK(caller.response().body == "v=0 our offer");
    caller.request(0, "ACK", "1 ACK", "v=0 answer");
    caller.request(9, "BYE", "2 BYE");
    CHECK(caller.response().status == 200);
    CHECK(caller.outcome().hung_up_by == Party::them);
    caller.request(10, "BYE", "3 BYE");
    CHECK(caller.response().status == 481);
}

TEST_CASE("a message is the call's own by Call-ID and tags") {
    Talking caller;
    auto text = [&](std::string_view call_id, std::string_view from, std::string_view to) {
        return fmt::format("BYE sip:us@192.0.2.1 SIP/2.0\r\nFrom: <sip:a@b>;tag={}\r\nTo: <sip:c@d>;tag={}\r\n"
                           "Call-ID: {}\r\nCSeq: 2 BYE\r\n\r\n", from, to, call_id);
    };
    const auto& ours = caller.state.dialog.local_tag;
    CHECK(owns(caller.state, caller.view(text("call-1@192.0.2.1", "them", ours))));
    CHECK_FALSE(owns(caller.state, caller.view(text("call-2@192.0.2.1", "them", ours))));
    CHECK_FALSE(owns(caller.state, caller.view(text("call-1@192.0.2.1", "other", ours))));
    CHECK_FALSE(owns(caller.state, caller.view(text("call-1@192.0.2.1", "them", "x"))));
    CHECK_FALSE(owns(caller.state, caller.view("BYE sip:x SIP/2.0\r\n\r\n")));
}

TEST_CASE("an INVITE with broken headers is taken as far as it can be read") {
    Called called({{"Record-Route", "<<<"}}, "v=0", "");
    called.event(Accept{"v=0"});
    CHECK(called.response().status == 200);
    called.run(32s);
    CHECK(called.sent().method == "BYE");
}

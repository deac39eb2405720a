#include "sip/call.h"

#include "call_bench.h"

using namespace trunkbox;
using namespace trunkbox::sip;
using namespace trunkbox::sip::call;
using namespace trunkbox::sip::call::test;

namespace {

Headers challenged(const std::string& nonce = "n1", bool stale = false) {
    return {{"WWW-Authenticate", fmt::format(R"(Digest realm="example.com", nonce="{}", algorithm=MD5, qop="auth"{})",
                                             nonce, stale ? ", stale=true" : "")}};
}

CallerSetup with_login() {
    auto setup = caller_setup();
    setup.login = Login{"acme", "s3cret"};
    return setup;
}

std::vector<std::string> routes_of(const Message& message) {
    std::vector<std::string> routes;
    for (const auto& [name, value] : message.headers)
        if (name == "Route") routes.push_back(value);
    return routes;
}

}  // namespace

TEST_CASE("a caller sends what RFC 3261 section 8.1.1 asks for") {
    auto setup = caller_setup();
    setup.routes = {"<sip:192.0.2.9;lr>"};
    setup.headers = {{"User-Agent", "test"}};
    Caller caller(setup);
    CHECK(caller.invite.method == "INVITE");
    CHECK(caller.invite.uri == "sip:+442079460123@example.com");
    CHECK(caller.invite.get("CSeq") == "1 INVITE");
    CHECK(caller.invite.get("Max-Forwards") == "70");
    CHECK(caller.invite.get("Route") == "<sip:192.0.2.9;lr>");
    CHECK(caller.invite.get("User-Agent") == "test");
    CHECK(caller.invite.get("Content-Type") == "application/sdp");
    CHECK(caller.invite.body == "v=0 offer");
    CHECK(tag_of(caller.invite.get("From")) == caller.state.dialog.local_tag);
    CHECK(tag_of(caller.invite.get("To")).empty());
}

TEST_CASE("a caller hears 100 and 180 and acknowledges the 200") {
    Caller caller;
    caller.answer(caller.invite, 100, "");
    CHECK(caller.out.empty());
    CHECK_FALSE(caller.state.outcome.progress_at.has_value());
    caller.now += 1s;
    caller.answer(caller.invite, 183, "them", {}, "v=0 early");
    CHECK(caller.only<Progress>().status == 183);
    CHECK(caller.only<Progress>().body == "v=0 early");
    caller.now += 1s;
    caller.answer(caller.invite, 200, "them", their_contact, "v=0 answer");
    CHECK(caller.only<Established>().body == "v=0 answer");
    auto ack = caller.ack();
    CHECK(ack.method == "ACK");
    CHECK(ack.uri == "sip:them@192.0.2.2:5070");
    CHECK(ack.get("CSeq") == "1 ACK");
    CHECK(tag_of(ack.get("To")) == "them");

    SUBCASE("the 200 again gets the same ACK again") {
        caller.answer(caller.invite, 200, "them", their_contact, "v=0 answer");
        CHECK(caller.ack().bytes() == ack.bytes());
        CHECK(caller.out.size() == 1);
    }
    SUBCASE("another tag is another branch of a fork: ACK and BYE") {
        caller.answer(caller.invite, 200, "other", {{"Contact", "<sip:other@192.0.2.3>"}});
        CHECK(caller.ack().uri == "sip:other@192.0.2.3");
        CHECK(tag_of(caller.ack().get("To")) == "other");
        CHECK(caller.sent().method == "BYE");
        CHECK(caller.sent().get("CSeq") == "2 BYE");
        CHECK(tag_of(caller.sent().get("To")) == "other");
        CHECK(caller.state.phase == Phase::confirmed);
        CHECK(caller.state.dialog.remote_tag == "them");
        caller.answer(caller.invite, 200, "other", {{"Contact", "<sip:other@192.0.2.3>"}});
        CHECK(caller.all<Send>().empty());
        CHECK(tag_of(caller.ack().get("To")) == "other");
    }
    SUBCASE("ever new tags do not fill the memory") {
        for (int i = 0; i < 200; ++i) caller.answer(caller.invite, 200, fmt::format("t{}", i), their_contact);
        CHECK(caller.state.acks.size() == 64);
        CHECK(caller.out.empty());
    }
    SUBCASE("our hang-up is a BYE, and its answer the end") {
        caller.now += 5s;
        caller.event(HangUp{{{"Reason", "Q.850;cause=16"}}});
        CHECK(caller.sent().get("CSeq") == "2 BYE");
        CHECK(caller.sent().get("Reason") == "Q.850;cause=16");
        caller.answer(caller.sent(), 200);
        auto outcome = caller.outcome();
        CHECK(outcome.end == End::completed);
        CHECK(outcome.answered);
        CHECK(outcome.status == 200);
        CHECK(outcome.hung_up_by == Party::us);
        CHECK(outcome.bye_answered);
        CHECK(*outcome.answered_at - *outcome.invited_at == 2s);
        CHECK(*outcome.progress_at - *outcome.invited_at == 1s);
        CHECK(*outcome.ended_at - *outcome.answered_at == 5s);
    }
}

TEST_CASE("a caller without an offer leaves the SDP to the far end") {
    auto setup = caller_setup();
    setup.offer.clear();
    Caller caller(setup);
    CHECK(caller.invite.get("Content-Type").empty());
    CHECK(caller.invite.body.empty());
}

namespace {

// A challenge of that status, and the name of the header that answers it.
Headers challenged_with(int status) {
    auto headers = challenged();
    if (status == 407) headers.front().first = "Proxy-Authenticate";
    return headers;
}
const char* answer_header(int status) { return status == 407 ? "Proxy-Authorization" : "Authorization"; }

}  // namespace

TEST_CASE("a challenged INVITE goes out again with credentials, and so do its ACK and BYE") {
    for (int status : {401, 407}) {
        CAPTURE(status);
        Caller caller(with_login());
        caller.answer(caller.invite, status, "x", challenged_with(status));
        auto again = caller.sent();
        const auto* name = answer_header(status);
        CHECK(again.get("CSeq") == "2 INVITE");
        CHECK(again.get("From") == caller.invite.get("From"));
        CHECK(again.get("Call-ID") == caller.invite.get("Call-ID"));
        CHECK(tag_of(again.get("To")).empty());
        CHECK(again.get(name).find(R"(username="acme")") != std::string_view::npos);
        CHECK(again.bytes().find("s3cret") == std::string::npos);

        caller.answer(again, 200, "them", their_contact);
        CHECK(caller.ack().get(name) == again.get(name));
        CHECK(caller.ack().get("CSeq") == "2 ACK");
        caller.event(HangUp{});
        CHECK(caller.sent().get("CSeq") == "3 BYE");
        CHECK(caller.sent().get(name).find("nc=00000002") != std::string_view::npos);
    }
}

TEST_CASE("a second challenge means a wrong password") {
    for (int status : {401, 407}) {
        CAPTURE(status);
        Caller caller(with_login());
        caller.answer(caller.invite, status, "x", challenged_with(status));
        caller.answer(caller.sent(), status, "y", challenged_with(status));
        CHECK(caller.outcome().end == End::refused);
        CHECK(caller.outcome().status == status);
        CHECK(caller.outcome().detail == "the far end refused the user name or password");
    }
}

TEST_CASE("the INVITE with credentials cannot be cancelled before its own first response") {
    Caller caller(with_login());
    caller.answer(caller.invite, 401, "x", challenged());
    caller.event(HangUp{});
    CHECK(caller.all<CancelInvite>().size() == 1);
    CHECK(caller.outcome().end == End::cancelled);
}

TEST_CASE("a stale nonce is answered, but not for ever") {
    Caller caller(with_login());
    caller.answer(caller.invite, 401, "x", challenged("n1"));
    caller.answer(caller.sent(), 401, "x", challenged("n2", true));
    CHECK(caller.sent().get("Authorization").find(R"(nonce="n2")") != std::string_view::npos);
    CHECK(caller.sent().get("CSeq") == "3 INVITE");
    int sent = 3;
    while (!caller.all<Send>().empty() && sent < 100) {
        caller.answer(caller.sent(), 401, "x", challenged("n3", true));
        ++sent;
    }
    CHECK(sent < 10);
    CHECK(caller.outcome().end == End::refused);
}

TEST_CASE("a challenge that cannot be answered ends the call and says why") {
    SUBCASE("without a login") {
        Caller caller;
        caller.answer(caller.invite, 401, "x", challenged());
        CHECK(caller.outcome().status == 401);
        CHECK(caller.outcome().detail == "the far end asks for a user name and password");
    }
    SUBCASE("in a scheme that is not known, or without any challenge") {
        for (const Headers& headers : {Headers{{"WWW-Authenticate", "Bearer realm=\"x\""}}, Headers{},
                                       Headers{{"WWW-Authenticate", ""}}, Headers{{"WWW-Authenticate", "Digest"}}}) {
            Caller caller(with_login());
            caller.answer(caller.invite, 401, "x", headers);
            CHECK(caller.outcome().detail ==
                  "the far end asks for an authentication scheme or algorithm that is not known here");
        }
    }
}

TEST_CASE("a refusal is told with its Reason header") {
    Caller caller;
    caller.answer(caller.invite, 486, "x", {{"Reason", "Q.850;cause=17"}});
    auto outcome = caller.outcome();
    CHECK(outcome.end == End::refused);
    CHECK(outcome.status == 486);
    CHECK(outcome.reason == "Busy Here");
    CHECK(outcome.q850 == "Q.850;cause=17");
    CHECK(outcome.hung_up_by == Party::them);
    CHECK_FALSE(deadline(caller.state).has_value());
}

TEST_CASE("CANCEL before any response ends the call at once") {
    Caller caller;
    caller.event(HangUp{});
    CHECK(caller.all<CancelInvite>().size() == 1);
    CHECK(caller.outcome().end == End::cancelled);
    SUBCASE("a 487 that comes yet says nothing new") {
        caller.answer(caller.invite, 487);
        CHECK(caller.out.empty());
    }
    SUBCASE("an answer that comes yet is acknowledged and ended, and not told twice") {
        caller.answer(caller.invite, 200, "them", their_contact);
        CHECK(caller.ack().uri == "sip:them@192.0.2.2:5070");
        CHECK(caller.sent().method == "BYE");
        CHECK(caller.all<Ended>().empty());
        caller.answer(caller.sent(), 200);
        CHECK(caller.out.empty());
    }
}

TEST_CASE("CANCEL after ringing waits for the end of the INVITE") {
    Caller caller;
    caller.answer(caller.invite, 180);
    caller.event(HangUp{});
    CHECK(caller.all<CancelInvite>().size() == 1);
    CHECK(caller.all<Ended>().empty());
    caller.event(HangUp{});
    CHECK(caller.out.empty());
    SUBCASE("487") {
        caller.answer(caller.invite, 487);
        CHECK(caller.outcome().end == End::cancelled);
        CHECK(caller.outcome().status == 487);
        CHECK(caller.outcome().hung_up_by == Party::us);
    }
    SUBCASE("an answer that crosses it: ACK and BYE") {
        caller.answer(caller.invite, 200, "them", their_contact);
        CHECK(caller.ack().method == "ACK");
        CHECK(caller.sent().method == "BYE");
        caller.answer(caller.sent(), 200);
        CHECK(caller.outcome().end == End::cancelled);
        CHECK_FALSE(caller.outcome().answered);
    }
    SUBCASE("silence") {
        caller.event(NoResponse{Purpose::invite, TransactionLayer::Failed::Why::timeout});
        CHECK(caller.outcome().end == End::cancelled);
    }
    SUBCASE("a challenge is not answered any more") {
        caller.answer(caller.invite, 401, "x", challenged());
        CHECK(caller.all<Send>().empty());
        CHECK(caller.outcome().end == End::cancelled);
    }
}

TEST_CASE("the answer time runs out") {
    auto setup = caller_setup();
    setup.timing.answer = 20s;
    Caller caller(setup);
    SUBCASE("while it rings: CANCEL, and unanswered") {
        caller.answer(caller.invite, 180);
        caller.run(19s);
        CHECK(caller.out.empty());
        caller.run(1s);
        CHECK(caller.all<CancelInvite>().size() == 1);
        caller.answer(caller.invite, 487);
        CHECK(caller.outcome().end == End::unanswered);
    }
    SUBCASE("in silence: no response") {
        caller.run(20s);
        CHECK(caller.outcome().end == End::timeout);
        CHECK(caller.outcome().status == 0);
    }
}

TEST_CASE("no response and no way") {
    using Why = TransactionLayer::Failed::Why;
    Caller silent;
    silent.event(NoResponse{Purpose::invite, Why::timeout});
    CHECK(silent.outcome().end == End::timeout);
    Caller cut;
    cut.event(NoResponse{Purpose::invite, Why::transport});
    CHECK(cut.outcome().end == End::unreachable);
}

TEST_CASE("a BYE of ours that is challenged, refused or never answered") {
    Talking caller(with_login());
    caller.event(HangUp{});
    auto bye = caller.sent();
    SUBCASE("401: once more, with credentials") {
        caller.answer(bye, 401, "them", challenged());
        CHECK(caller.sent().get("CSeq") == "3 BYE");
        CHECK(caller.sent().get("Authorization").find(R"(username="acme")") != std::string_view::npos);
        caller.answer(caller.sent(), 401, "them", challenged("n2"));
        CHECK(caller.outcome().end == End::completed);
    }
    SUBCASE("481: they know of no call, so it is over") {
        caller.answer(bye, 481);
        CHECK(caller.outcome().end == End::completed);
    }
    SUBCASE("never") {
        caller.answer(bye, 100);
        caller.run(7s);
        CHECK(caller.out.empty());
        caller.run(1s);
        CHECK(caller.outcome().end == End::completed);
        CHECK_FALSE(caller.outcome().bye_answered);
    }
    SUBCASE("a transaction that failed") {
        caller.event(NoResponse{Purpose::bye, TransactionLayer::Failed::Why::timeout});
        CHECK_FALSE(caller.outcome().bye_answered);
        caller.run(60s);
        CHECK(caller.out.empty());
    }
    SUBCASE("theirs that crosses it ends the call at once") {
        caller.request(9, "BYE", "1 BYE");
        CHECK(caller.response().status == 200);
        CHECK(caller.outcome().hung_up_by == Party::us);
    }
}

TEST_CASE("loose route sets (RFC 3261 section 12.2.1.1)") {
    Headers headers{{"Contact", "<sip:them@192.0.2.2:5070;x=y>"},
                    {"Record-Route", "<sip:far.example.com;lr>, <sip:192.0.2.8:5062;lr;k=v>"},
                    {"Record-Route", "\"Near, by\" <sip:near.example.com;lr>;p"}};
    Talking caller(caller_setup(), headers);
    caller.event(HangUp{});
    auto bye = caller.sent();
    CHECK(bye.uri == "sip:them@192.0.2.2:5070;x=y");
    CHECK(routes_of(bye) == std::vector<std::string>{"\"Near, by\" <sip:near.example.com;lr>;p",
                                                     "<sip:192.0.2.8:5062;lr;k=v>", "<sip:far.example.com;lr>"});
    CHECK(caller.only<Send>().next_hop == "sip:near.example.com;lr");
}

TEST_CASE("strict route sets (RFC 3261 section 12.2.1.1)") {
    Headers headers{{"Contact", "<sip:them@192.0.2.2:5070>"},
                    {"Record-Route", "<sip:far.example.com;lr>"},
                    {"Record-Route", "<sip:strict.example.com:5066;transport=udp>"}};
    Talking caller(caller_setup(), headers);
    caller.event(HangUp{});
    auto bye = caller.sent();
    CHECK(bye.uri == "sip:strict.example.com:5066;transport=udp");
    CHECK(routes_of(bye) == std::vector<std::string>{"<sip:far.example.com;lr>", "<sip:them@192.0.2.2:5070>"});
    // To the strict router, and not past it to the Route that is left.
    CHECK(caller.only<Send>().next_hop == "sip:strict.example.com:5066;transport=udp");
    caller.answer(caller.invite, 200, "them", headers);
    CHECK(caller.only<SendAck>().next_hop == "sip:strict.example.com:5066;transport=udp");
}

TEST_CASE("nonsense from the far end ends no call and breaks nothing") {
    for (std::string_view text :
         {"SIP/2.0 200 OK\r\n\r\n", "SIP/2.0 099 x\r\n\r\n", "SIP/2.0 200 OK\r\nTo: <<>>;;tag\r\nContact: *\r\n\r\n"}) {
        Caller one;
        one.event(Response{Purpose::invite, &one.view(std::string(text))});
        CHECK(one.state.phase != Phase::ended);
        CHECK(one.all<Send>().empty());
    }
    Caller caller;
    caller.event(Accept{"x"});
    caller.event(Ring{});
    caller.event(Cancelled{});
    caller.event(Reject{486});
    caller.event(AnswerOffer{99, "x"});
    caller.event(RefuseOffer{99});
    caller.event(NoResponse{Purpose::bye, TransactionLayer::Failed::Why::timeout});
    CHECK(caller.out.empty());
    CHECK(caller.state.phase == Phase::calling);
}

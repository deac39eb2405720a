// Caller against answerer, over real sockets in one loop.
#include "bench.h"

#include "base/text.h"
#include "sofia/sdp.h"

using namespace trunkbox;
using namespace trunkbox::ua;
using namespace trunkbox::ua::test;
using sip::call::End;
using sip::call::Party;

TEST_CASE("a call: audio both ways, digits exactly, the caller hangs up") {
    Duet duet(answer_plan());
    auto plan = plan_to(*duet.there, "159*0#AD");
    duet.call(std::move(plan));
    duet.finish();
    CHECK(duet.ours->outcome.end == End::completed);
    CHECK(duet.ours->outcome.status == 200);
    CHECK(duet.ours->outcome.hung_up_by == Party::us);
    CHECK(duet.theirs->outcome.hung_up_by == Party::them);
    CHECK(duet.ours->audio.directions() == "both");
    CHECK(duet.theirs->audio.directions() == "both");
    CHECK(duet.ours->audio.codec == "PCMA");
    CHECK(duet.ours->audio.received.packets > 5);
    CHECK(duet.ours->audio.received.lost == 0);
    CHECK(duet.ours->audio.level > -30);
    CHECK(duet.theirs->audio.digits == "159*0#AD");
    CHECK(duet.ours->audio.digits.empty());
    CHECK(duet.ours->problem.empty());
    CHECK(duet.ours->call_id == duet.theirs->call_id);
    CHECK_FALSE(duet.ours->deaf());
    CHECK(duet.ours->duration() >= 300ms);
    CHECK(duet.answerer->live() == 0);
    CHECK(duet.answerer->arrived() == 1);
}

TEST_CASE("the answerer hangs up") {
    auto plan = answer_plan();
    plan.duration = 200ms;
    Duet duet(plan);
    auto wanted = plan_to(*duet.there);
    wanted.duration = Duration{0};
    duet.call(std::move(wanted));
    duet.finish();
    CHECK(duet.ours->outcome.hung_up_by == Party::them);
    CHECK(duet.theirs->outcome.hung_up_by == Party::us);
    CHECK(duet.theirs->outcome.bye_answered);
    CHECK(duet.theirs->duration() >= 200ms);
}

TEST_CASE("echo says what is heard") {
    auto plan = answer_plan();
    plan.audio.echo = true;
    Duet duet(plan);
    duet.call(plan_to(*duet.there));
    duet.finish();
    CHECK(duet.ours->audio.received.packets > 5);
    CHECK(duet.ours->audio.level > -30);
}

TEST_CASE("a refusal, with and without ringing") {
    auto plan = answer_plan();
    plan.status = 486;
    plan.headers = {{"Reason", "Q.850;cause=17"}};
    bool rings = false;
    SUBCASE("at once") {}
    SUBCASE("after ringing") {
        rings = true;
        plan.ring = 50ms;
    }
    Duet duet(plan);
    duet.call(plan_to(*duet.there));
    duet.finish();
    CHECK(duet.ours->outcome.end == End::refused);
    CHECK(duet.ours->outcome.status == 486);
    CHECK(duet.ours->outcome.reason == "Busy Here");
    CHECK(duet.ours->outcome.q850 == "Q.850;cause=17");
    CHECK(duet.ours->outcome.progress_at.has_value() == rings);
    CHECK_FALSE(duet.ours->outcome.answered);
    CHECK(duet.ours->audio.directions() == "none");
    CHECK(duet.theirs->outcome.status == 486);
}

TEST_CASE("a call without media") {
    auto plan = answer_plan();
    plan.media = false;
    Duet duet(plan);
    auto wanted = plan_to(*duet.there);
    wanted.media = false;
    duet.call(std::move(wanted));
    duet.finish();
    CHECK(duet.ours->outcome.answered);
    CHECK(duet.ours->audio.directions() == "none");
    CHECK(duet.theirs->audio.directions() == "none");
    CHECK_FALSE(duet.ours->deaf());
}

TEST_CASE("digits without audio are a problem, told") {
    Duet duet(answer_plan());
    auto wanted = plan_to(*duet.there, "1");
    wanted.media = false;
    duet.call(std::move(wanted));
    duet.finish();
    CHECK(duet.ours->outcome.answered);
    CHECK_FALSE(duet.ours->problem.empty());
    CHECK(duet.theirs->audio.digits.empty());
}

TEST_CASE("early media is heard before the answer") {
    auto plan = answer_plan();
    plan.early_media = true;
    plan.ring = 200ms;
    plan.status = 200;
    Duet duet(plan);
    auto wanted = plan_to(*duet.there);
    duet.call(std::move(wanted));
    duet.until([&] { return duet.caller->audio()->report().received.packets > 2; });
    CHECK_FALSE(duet.ours.has_value());
    duet.caller->hang_up();
    duet.finish();
    CHECK(duet.ours->outcome.end == End::cancelled);
    CHECK(duet.ours->outcome.status == 487);
    CHECK(duet.theirs->outcome.end == End::cancelled);
}

TEST_CASE("an INVITE without an offer: theirs comes in the answer, ours in the ACK") {
    Duet duet(answer_plan());
    auto audio = Audio::open(duet.loop, {.local = loopback, .source = media::Tone{}, .seed = {5, 6}});
    REQUIRE(audio.has_value());
    auto wanted = plan_to(*duet.there);
    auto setup = wanted.setup;
    setup.call_id = "late-1";
    setup.contact = "<" + duet.here->uri() + ">";
    std::optional<std::string> offer;
    auto call = Call::dial(*duet.here, setup, wanted.first_hop,
                           {.established = [&](const auto& e) { offer = e.body; }});
    duet.until([&] { return offer.has_value(); });
    auto described = sofia::parse_sdp(*offer);
    REQUIRE(described.has_value());
    CHECK(media::first_audio(*described) != nullptr);
    call->apply(sip::call::HangUp{});
    duet.until([&] { return duet.theirs.has_value(); });
    CHECK(duet.theirs->outcome.answered);
    // The machine's own ACK has no body here: the answerer says so and sends nothing.
    CHECK_FALSE(duet.theirs->problem.empty());
    CHECK(duet.theirs->audio.directions() == "none");
}

TEST_CASE("an offer that cannot be answered gets 488 and a Warning") {
    Duet duet(answer_plan());
    auto wanted = plan_to(*duet.there);
    for (std::string offer : {"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                              "m=audio 9 RTP/AVP 18\r\na=rtpmap:18 G729/8000\r\n",
                              "nonsense", "v=0\r\n"}) {
        CAPTURE(offer);
        auto setup = wanted.setup;
        setup.call_id = duet.here->call_id();
        setup.contact = "<" + duet.here->uri() + ">";
        setup.offer = offer;
        std::optional<sip::call::Outcome> outcome;
        auto call = Call::dial(*duet.here, setup, wanted.first_hop, {.ended = [&](const auto& o) { outcome = o; }});
        duet.until([&] { return outcome.has_value(); });
        CHECK(outcome->status == 488);
    }
}

TEST_CASE("a dead port and a CANCEL on a silent one") {
    Bench bench;
    auto here = bench.agent();
    auto nobody = bench.dead_port();
    CallPlan plan;
    plan.setup.uri = "sip:x@" + nobody.text();
    plan.setup.to = "<" + plan.setup.uri + ">";
    plan.setup.from = "<sip:test@127.0.0.1>";
    plan.first_hop = nobody;
    plan.audio = {.local = loopback};
    std::optional<CallReport> report;
    SUBCASE("dead") {
        auto caller = Caller::place(*here, plan, [&](const auto& r) { report = r; });
        REQUIRE(caller.has_value());
        bench.until([&] { return report.has_value(); });
        CHECK(report->outcome.end == End::unreachable);
        CHECK(describe(report->outcome).find("connection refused") != std::string::npos);
    }
    SUBCASE("silent, hung up") {
        Peer peer(bench.loop);
        plan.first_hop = peer.socket.local();
        auto caller = Caller::place(*here, plan, [&](const auto& r) { report = r; });
        REQUIRE(caller.has_value());
        bench.until([&] { return !peer.heard.empty(); });
        CHECK(peer.heard.front().starts_with("INVITE "));
        (*caller)->hang_up();
        CHECK(report.has_value());
        CHECK(report->outcome.end == End::cancelled);
        // RFC 3261 section 9.1: no CANCEL before a first response.
        for (const auto& text : peer.heard) CHECK_FALSE(text.starts_with("CANCEL"));
    }
    SUBCASE("silent, the answer time over") {
        Peer peer(bench.loop);
        plan.first_hop = peer.socket.local();
        plan.setup.timing.answer = 100ms;
        auto caller = Caller::place(*here, plan, [&](const auto& r) { report = r; });
        bench.until([&] { return report.has_value(); });
        CHECK(report->outcome.end == End::timeout);
        CHECK(describe(report->outcome) == "no response");
    }
}

TEST_CASE("many calls at once, each its own audio, and all hung up") {
    Duet duet(answer_plan());
    std::vector<std::unique_ptr<Caller>> callers;
    std::vector<CallReport> reports;
    for (int i = 0; i < 20; ++i) {
        auto plan = plan_to(*duet.there);
        plan.duration = Duration{0};
        auto placed = Caller::place(*duet.here, std::move(plan), [&](const auto& r) { reports.push_back(r); });
        REQUIRE(placed.has_value());
        callers.push_back(std::move(*placed));
    }
    duet.until([&] {
        return std::all_of(callers.begin(), callers.end(),
                           [](const auto& c) { return c->audio()->report().received.packets > 0; });
    });
    CHECK(duet.answerer->live() == 20);
    duet.answerer->hang_up();
    duet.until([&] { return reports.size() == 20 && duet.answerer->live() == 0; });
    for (const auto& report : reports) CHECK(report.audio.directions() == "both");
}

TEST_CASE("either side may be destroyed in mid-call") {
    Duet duet(answer_plan());
    duet.call(plan_to(*duet.there));
    duet.until([&] { return duet.caller->audio()->report().received.packets > 0; });
    SUBCASE("the caller") { duet.caller.reset(); }
    SUBCASE("the answerer") { duet.answerer.reset(); }
    SUBCASE("both") {
        duet.answerer.reset();
        duet.caller.reset();
    }
    duet.idle(400ms);
    CHECK((duet.caller == nullptr || duet.answerer == nullptr));
}

TEST_CASE("each call may be treated in its own way") {
    Duet duet(answer_plan());
    duet.answerer->choose([](const sip::MessageView& invite) {
        auto plan = answer_plan();
        plan.status = invite.request_uri().find("100@") != std::string_view::npos ? 404 : 200;
        return plan;
    });
    duet.call(plan_to(*duet.there));
    duet.finish();
    CHECK(duet.ours->outcome.status == 404);
}

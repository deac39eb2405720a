// What the live caller and called party report of a call is what the capture of it tells.
#include <filesystem>

#include <doctest/doctest.h>

#include "net/dissector.h"
#include "pcap/reader.h"
#include "trace/calls.h"
#include "unit/ua/bench.h"
#include "wire/recorder.h"

using namespace trunkbox;
using namespace trunkbox::ua;
using namespace trunkbox::ua::test;
using sip::call::End;
using sip::call::Party;

namespace {

struct Reading final : net::DatagramSink {
    trace::Calls calls;
    void datagram(const net::Datagram& datagram) override { calls.receive(datagram); }
    void settled(const net::Settled&) override {}
};

// A call between two agents that share a capture file: both reports, and the call that the file holds.
struct Captured : Bench {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / fmt::format("trunkbox-law-{}.pcap", static_cast<const void*>(this));
    std::optional<wire::Recorder> recorder;
    std::optional<CallReport> ours, theirs;
    trace::Call read;

    Captured() {
        auto opened = wire::Recorder::open({.pcap = path.string()});
        REQUIRE(opened.has_value());
        recorder.emplace(std::move(*opened));
    }
    ~Captured() { std::filesystem::remove(path); }

    std::unique_ptr<Agent> recorded() {
        auto opened = Agent::open(loop, {.listen = {loopback, 0}, .recorder = &*recorder});
        REQUIRE(opened.has_value());
        return std::move(*opened);
    }

    // `cancel_after`: the caller gives up then.
    void make(CallPlan wanted, AnswerPlan given, std::optional<Duration> cancel_after = std::nullopt) {
        auto here = recorded(), there = recorded();
        given.audio.recorder = wanted.audio.recorder = &*recorder;
        wanted.setup.uri = there->uri("100");
        wanted.setup.to = "<" + wanted.setup.uri + ">";
        wanted.first_hop = there->local();
        {
            Answerer answerer(*there, std::move(given), [this](const auto& report) { theirs = report; });
            auto placed = Caller::place(*here, std::move(wanted), [this](const auto& report) { ours = report; });
            REQUIRE(placed.has_value());
            if (cancel_after) {
                idle(*cancel_after);
                (*placed)->hang_up();
            }
            until([&] { return ours && theirs; });
        }
        REQUIRE(recorder->close().has_value());
        read_back();
    }

    void read_back() {
        auto reader = pcap::Reader::open(path.string());
        REQUIRE(reader.has_value());
        Reading reading;
        net::Dissector dissector(reading);
        for (;;) {
            auto packet = reader->next();
            REQUIRE(packet.has_value());
            if (!*packet) break;
            dissector.feed(**packet);
        }
        dissector.finish();
        auto calls = reading.calls.finish();
        REQUIRE(calls.size() == 1);
        read = calls.front();
    }
};

bool near(Duration a, Duration b, Duration most) { return std::chrono::abs(a - b) <= most; }

bool near(std::optional<Duration> a, std::optional<Duration> b, Duration most) {
    return a.has_value() == b.has_value() && (!a || near(*a, *b, most));
}

// Both report and capture stamp what arrives once, so that what was received agrees exactly, but for packets that
// were on their way when the call began or ended.
void check_heard(const CallReport& report, const trace::Audio& audio) {
    const auto& received = report.audio.received;
    CHECK(audio.packets >= received.packets);
    CHECK(audio.packets <= received.packets + 5);
    CHECK(audio.lost == received.lost);
    CHECK(audio.digits == report.audio.digits);
    CHECK(audio.mos.has_value() == report.audio.mos.has_value());
    if (audio.mos) CHECK(std::abs(*audio.mos - *report.audio.mos) < 0.02);
    if (audio.packets == received.packets) CHECK(near(audio.mean_jitter, received.mean_jitter, 1us));
}

// What holds whatever became of the call. Messages are stamped where they arrive, a moment after they were sent.
void check_same(const Captured& call) {
    const auto& ours = *call.ours;
    const auto& read = call.read;
    CHECK(read.call_id == ours.call_id);
    CHECK(read.from.uri == ours.from);
    CHECK(read.to.uri == ours.to);
    CHECK(read.status == ours.outcome.status);
    CHECK(read.reason == ours.outcome.reason);
    CHECK(read.answered.has_value() == ours.outcome.answered);
    CHECK(read.audio() == (ours.audio.directions() == "sent"       ? "caller"
                           : ours.audio.directions() == "received" ? "callee"
                                                                   : ours.audio.directions()));
    check_heard(ours, read.from_callee);
    check_heard(*call.theirs, read.from_caller);
}

}  // namespace

TEST_CASE("calls: answered, audio and digits both ways, the caller hangs up") {
    Captured call;
    auto wanted = plan_to(*call.agent(), "159*0#AD");
    auto given = answer_plan();
    given.ring = 100ms;
    call.make(std::move(wanted), std::move(given));
    check_same(call);
    CHECK(call.ours->outcome.end == End::completed);
    CHECK(call.read.ending == trace::Ending::completed);
    CHECK(call.read.hung_up_by == trace::Side::caller);
    CHECK(call.ours->outcome.hung_up_by == Party::us);
    CHECK(call.read.codec == call.ours->audio.codec);
    CHECK(call.read.from_caller.digits == "159*0#AD");
    CHECK(near(call.read.post_dial_delay(), call.ours->post_dial_delay(), 20ms));
    CHECK(near(call.read.duration(), call.ours->duration(), 50ms));
    CHECK(call.read.audio() == "both");
}

TEST_CASE("calls: the called party hangs up, and said nothing") {
    Captured call;
    auto wanted = plan_to(*call.agent());
    wanted.duration = Duration{0};
    auto given = answer_plan();
    given.media = false;
    given.duration = 200ms;
    call.make(std::move(wanted), std::move(given));
    check_same(call);
    CHECK(call.ours->outcome.hung_up_by == Party::them);
    CHECK(call.read.hung_up_by == trace::Side::callee);
    CHECK(call.read.from_callee.packets == 0);
}

TEST_CASE("calls: refused") {
    Captured call;
    auto given = answer_plan();
    given.status = 486;
    given.ring = 50ms;
    call.make(plan_to(*call.agent()), std::move(given));
    check_same(call);
    CHECK(call.ours->outcome.end == End::refused);
    CHECK(call.read.ending == trace::Ending::refused);
    CHECK_FALSE(call.read.hung_up_by);
    CHECK(near(call.read.post_dial_delay(), call.ours->post_dial_delay(), 20ms));
}

TEST_CASE("calls: cancelled while it rings") {
    Captured call;
    auto given = answer_plan();
    given.ring = 5s;
    call.make(plan_to(*call.agent()), std::move(given), 100ms);
    check_same(call);
    CHECK(call.ours->outcome.end == End::cancelled);
    CHECK(call.read.ending == trace::Ending::cancelled);
    CHECK(call.read.hung_up_by == trace::Side::caller);
}

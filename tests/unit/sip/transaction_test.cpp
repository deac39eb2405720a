// The machines of RFC 3261 section 17 and RFC 6026, timer by timer, in simulated time.
#include "sip/transaction.h"

#include <algorithm>
#include <vector>

#include <doctest/doctest.h>

namespace {

using namespace trunkbox;
using namespace trunkbox::sip::transaction;

const Time start_time{1'000s};
const Timers unreliable{};
const Timers reliable{.reliable = true};

// One machine with its clock: events at chosen times, and ticks exactly when it asks for them.
struct Machine {
    Timers timers;
    Time now = start_time;
    State state;
    std::vector<Action> first;

    explicit Machine(Kind kind, Timers with = unreliable) : timers(with) {
        auto step = start(kind, now, timers);
        state = step.state;
        first = step.actions;
    }
    std::vector<Action> on(Event event) {
        auto step = sip::transaction::on(state, event, now, timers);
        state = step.state;
        return step.actions;
    }
    // Lets time run until `at`; the offsets from the start at which `wanted` came out.
    std::vector<Duration> run(Duration until, Action wanted) {
        std::vector<Duration> times;
        while (auto next = deadline(state)) {
            if (*next > start_time + until) break;
            REQUIRE(*next >= now);
            now = *next;
            auto actions = on(Event::tick);
            for (auto action : actions)
                if (action == wanted) times.push_back(now - start_time);
        }
        now = start_time + until;
        return times;
    }
    [[nodiscard]] Duration left() const { return deadline(state).value() - now; }
};

using Actions = std::vector<Action>;

}  // namespace

TEST_CASE("INVITE client: timer A doubles without a cap until timer B ends it after 64*T1") {
    Machine machine(Kind::invite_client);
    CHECK(machine.first == Actions{Action::send});
    CHECK(machine.state.phase == Phase::calling);
    CHECK(machine.run(31'999ms, Action::send) ==
          std::vector<Duration>{500ms, 1500ms, 3500ms, 7500ms, 15500ms, 31500ms});
    machine.now = start_time + 32s;
    CHECK(machine.on(Event::tick) == Actions{Action::timed_out, Action::ended});
    CHECK(machine.state.phase == Phase::terminated);
    CHECK_FALSE(deadline(machine.state));
}

TEST_CASE("INVITE client: over a reliable transport nothing is retransmitted, timer B still runs") {
    Machine machine(Kind::invite_client, reliable);
    CHECK(machine.left() == 32s);
    CHECK(machine.run(40s, Action::send).empty());
    CHECK(machine.state.phase == Phase::terminated);
}

TEST_CASE("INVITE client: proceeding has no timer of its own") {
    Machine machine(Kind::invite_client);
    CHECK(machine.on(Event::provisional) == Actions{Action::pass_up});
    CHECK(machine.state.phase == Phase::proceeding);
    CHECK_FALSE(deadline(machine.state));
    machine.now += 24h;
    CHECK(machine.on(Event::tick).empty());
    CHECK(machine.on(Event::provisional) == Actions{Action::pass_up});
    CHECK(machine.on(Event::success) == Actions{Action::pass_up});
}

TEST_CASE("INVITE client: a 2xx leads to accepted, where timer M lets every further 2xx up") {
    for (auto timers : {unreliable, reliable}) {
        for (bool ringing : {false, true}) {
            Machine machine(Kind::invite_client, timers);
            if (ringing) machine.on(Event::provisional);
            CHECK(machine.on(Event::success) == Actions{Action::pass_up});
            CHECK(machine.state.phase == Phase::accepted);
            CHECK(machine.left() == 32s);
            machine.now += 31s;
            CHECK(machine.on(Event::success) == Actions{Action::pass_up});
            CHECK(machine.on(Event::provisional).empty());
            CHECK(machine.on(Event::failure).empty());
            CHECK(machine.on(Event::send_error).empty());
            machine.now += 1s;
            CHECK(machine.on(Event::tick) == Actions{Action::ended});
        }
    }
}

TEST_CASE("INVITE client: a failure is acknowledged each time it comes, told once, forgotten after timer D") {
    Machine machine(Kind::invite_client);
    CHECK(machine.on(Event::failure) == Actions{Action::send_ack, Action::pass_up});
    CHECK(machine.state.phase == Phase::completed);
    CHECK(machine.left() == 32s);
    CHECK(machine.on(Event::failure) == Actions{Action::send_ack});
    CHECK(machine.on(Event::success).empty());
    CHECK(machine.on(Event::provisional).empty());
    CHECK(machine.run(32s, Action::ended) == std::vector<Duration>{32s});
}

TEST_CASE("INVITE client: timer D never falls below 32 s, follows a longer T1, and is 0 when reliable") {
    Machine quick(Kind::invite_client, {.t1 = 10ms});
    quick.on(Event::failure);
    CHECK(quick.left() == 32s);
    Machine slow(Kind::invite_client, {.t1 = 1s});
    slow.on(Event::failure);
    CHECK(slow.left() == 64s);
    Machine stream(Kind::invite_client, reliable);
    CHECK(stream.on(Event::failure) == Actions{Action::send_ack, Action::pass_up, Action::ended});
}

TEST_CASE("INVITE client: a transport error ends it while calling and when the ACK cannot go") {
    Machine calling(Kind::invite_client);
    CHECK(calling.on(Event::send_error) == Actions{Action::failed, Action::ended});
    Machine proceeding(Kind::invite_client);
    proceeding.on(Event::provisional);
    CHECK(proceeding.on(Event::send_error).empty());
    CHECK(proceeding.state.phase == Phase::proceeding);
    Machine completed(Kind::invite_client);
    completed.on(Event::failure);
    CHECK(completed.on(Event::send_error) == Actions{Action::ended});
}

TEST_CASE("client: timer E doubles up to T2, timer F ends it after 64*T1") {
    Machine machine(Kind::client);
    CHECK(machine.first == Actions{Action::send});
    CHECK(machine.state.phase == Phase::trying);
    CHECK(machine.run(31'999ms, Action::send) == std::vector<Duration>{500ms, 1500ms, 3500ms, 7500ms, 11500ms,
                                                                       15500ms, 19500ms, 23500ms, 27500ms,
                                                                       31500ms});
    machine.now = start_time + 32s;
    CHECK(machine.on(Event::tick) == Actions{Action::timed_out, Action::ended});
}

TEST_CASE("client: after a provisional the running timer E fires, then every T2, and timer F stays") {
    Machine machine(Kind::client);
    machine.now = start_time + 100ms;
    CHECK(machine.on(Event::provisional) == Actions{Action::pass_up});
    CHECK(machine.state.phase == Phase::proceeding);
    CHECK(machine.run(14s, Action::send) == std::vector<Duration>{500ms, 4500ms, 8500ms, 12500ms});
    CHECK(machine.on(Event::provisional) == Actions{Action::pass_up});
    CHECK(machine.run(40s, Action::timed_out) == std::vector<Duration>{32s});
}

TEST_CASE("client: a final response is told once and timer K absorbs its repeats") {
    for (auto event : {Event::success, Event::failure}) {
        Machine machine(Kind::client);
        machine.now += 1s;
        CHECK(machine.on(event) == Actions{Action::pass_up});
        CHECK(machine.state.phase == Phase::completed);
        CHECK(machine.left() == 5s);
        for (auto late : {Event::success, Event::failure, Event::provisional, Event::send_error})
            CHECK(machine.on(late).empty());
        CHECK(machine.run(40s, Action::ended) == std::vector<Duration>{6s});
        Machine stream(Kind::client, reliable);
        CHECK(stream.left() == 32s);
        CHECK(stream.on(event) == Actions{Action::pass_up, Action::ended});
    }
}

TEST_CASE("client: a transport error ends it before a final response") {
    Machine trying(Kind::client);
    CHECK(trying.on(Event::send_error) == Actions{Action::failed, Action::ended});
    Machine proceeding(Kind::client);
    proceeding.on(Event::provisional);
    CHECK(proceeding.on(Event::send_error) == Actions{Action::failed, Action::ended});
}

TEST_CASE("INVITE server: a silent user gets a 100 sent after 200 ms, an early answer none") {
    Machine silent(Kind::invite_server);
    CHECK(silent.first == Actions{Action::pass_up});
    CHECK(silent.on(Event::repeated).empty());
    CHECK(silent.run(24h, Action::send_trying) == std::vector<Duration>{200ms});
    CHECK(silent.on(Event::repeated) == Actions{Action::send});
    CHECK_FALSE(deadline(silent.state));

    Machine quick(Kind::invite_server);
    CHECK(quick.on(Event::provisional) == Actions{Action::send});
    CHECK_FALSE(deadline(quick.state));
    CHECK(quick.on(Event::provisional) == Actions{Action::send});
    CHECK(quick.on(Event::repeated) == Actions{Action::send});
    CHECK(quick.on(Event::acked).empty());
}

TEST_CASE(
    "INVITE server: accepted absorbs INVITEs, sends each 2xx of the user, passes ACKs up, ends by timer L") {
    for (auto timers : {unreliable, reliable}) {
        Machine machine(Kind::invite_server, timers);
        CHECK(machine.on(Event::success) == Actions{Action::send});
        CHECK(machine.state.phase == Phase::accepted);
        CHECK(machine.left() == 32s);
        CHECK(machine.on(Event::repeated).empty());
        CHECK(machine.on(Event::success) == Actions{Action::send});
        CHECK(machine.on(Event::acked) == Actions{Action::pass_up});
        CHECK(machine.on(Event::acked) == Actions{Action::pass_up});
        CHECK(machine.on(Event::provisional).empty());
        CHECK(machine.on(Event::failure).empty());
        CHECK(machine.run(40s, Action::ended) == std::vector<Duration>{32s});
    }
}

TEST_CASE("INVITE server: timer G doubles up to T2 until timer H gives up waiting for the ACK") {
    Machine machine(Kind::invite_server);
    CHECK(machine.on(Event::failure) == Actions{Action::send});
    CHECK(machine.state.phase == Phase::completed);
    CHECK(machine.run(20s, Action::send) ==
          std::vector<Duration>{500ms, 1500ms, 3500ms, 7500ms, 11500ms, 15500ms, 19500ms});
    CHECK(machine.on(Event::repeated) == Actions{Action::send});
    CHECK(machine.on(Event::success).empty());
    CHECK(machine.on(Event::failure).empty());
    CHECK(machine.run(31'999ms, Action::timed_out).empty());
    machine.now = start_time + 32s;
    CHECK(machine.on(Event::tick) == Actions{Action::timed_out, Action::ended});

    Machine stream(Kind::invite_server, reliable);
    stream.on(Event::failure);
    CHECK(stream.run(31'999ms, Action::send).empty());
    CHECK(stream.run(32s, Action::timed_out) == std::vector<Duration>{32s});
}

TEST_CASE("INVITE server: the ACK of a failure is absorbed, and its repeats until timer I") {
    Machine machine(Kind::invite_server);
    machine.on(Event::failure);
    CHECK(machine.on(Event::acked).empty());
    CHECK(machine.state.phase == Phase::confirmed);
    CHECK(machine.left() == 5s);
    CHECK(machine.on(Event::acked).empty());
    CHECK(machine.on(Event::repeated).empty());
    CHECK(machine.run(40s, Action::ended) == std::vector<Duration>{5s});

    Machine stream(Kind::invite_server, reliable);
    stream.on(Event::failure);
    CHECK(stream.on(Event::acked) == Actions{Action::ended});
}

TEST_CASE("server: repeats are dropped while trying, answered again later, until timer J") {
    for (auto final_event : {Event::success, Event::failure}) {
        Machine machine(Kind::server);
        CHECK(machine.first == Actions{Action::pass_up});
        CHECK(machine.on(Event::repeated).empty());
        CHECK_FALSE(deadline(machine.state));
        CHECK(machine.on(Event::provisional) == Actions{Action::send});
        CHECK(machine.state.phase == Phase::proceeding);
        CHECK(machine.on(Event::repeated) == Actions{Action::send});
        CHECK(machine.on(final_event) == Actions{Action::send});
        CHECK(machine.state.phase == Phase::completed);
        CHECK(machine.left() == 32s);
        CHECK(machine.on(Event::repeated) == Actions{Action::send});
        for (auto late : {Event::provisional, Event::success, Event::failure})
            CHECK(machine.on(late).empty());
        CHECK(machine.run(40s, Action::ended) == std::vector<Duration>{32s});
        Machine stream(Kind::server, reliable);
        CHECK(stream.on(final_event) == Actions{Action::send, Action::ended});
    }
}

TEST_CASE("servers keep their state when the transport fails") {
    for (auto kind : {Kind::invite_server, Kind::server}) {
        Machine machine(kind);
        machine.on(Event::failure);
        auto before = machine.state;
        CHECK(machine.on(Event::send_error) == Actions{Action::failed});
        CHECK(machine.state == before);
    }
}

TEST_CASE("a late tick retransmits once, and the end outranks a retransmission") {
    Machine machine(Kind::client);
    machine.now += 20s;
    CHECK(machine.on(Event::tick) == Actions{Action::send});
    CHECK(machine.left() == 1s);
    machine.now += 1h;
    CHECK(machine.on(Event::tick) == Actions{Action::timed_out, Action::ended});
}

TEST_CASE("whatever comes in whatever order, no machine leaves terminated or ends twice") {
    constexpr Event events[] = {Event::started,  Event::provisional, Event::success, Event::failure,
                                Event::repeated, Event::acked,       Event::tick,    Event::send_error};
    for (auto kind : {Kind::invite_client, Kind::client, Kind::invite_server, Kind::server}) {
        for (auto timers : {unreliable, reliable}) {
            for (unsigned word = 0; word < 8 * 8 * 8 * 8; ++word) {
                Machine machine(kind, timers);
                unsigned ended = 0;
                for (unsigned rest = word, step = 0; step < 4; ++step, rest /= 8) {
                    machine.now += 3s;
                    bool was_over = machine.state.phase == Phase::terminated;
                    auto actions = machine.on(events[rest % 8]);
                    ended += static_cast<unsigned>(std::count(actions.begin(), actions.end(), Action::ended));
                    REQUIRE((!was_over || actions.empty()));
                    REQUIRE((machine.state.phase == Phase::terminated) == (ended == 1));
                }
                REQUIRE(ended <= 1);
            }
        }
    }
}

// The response context in simulated time: what is tried, cancelled and passed back, in which order.
#include "provider/forking.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/overloaded.h"

using namespace trunkbox;
using namespace trunkbox::provider;
using namespace trunkbox::provider::forking;

namespace {

struct Bench {
    forking::State state{};
    Time now{};

    // What an event leads to: "try 0 1, cancel 2, forward 1, finished".
    std::string apply(const forking::Event& event) {
        auto step = forking::on(std::move(state), event, now);
        state = std::move(step.state);
        std::string did;
        for (const auto& action : step.actions) {
            if (!did.empty()) did += ", ";
            std::visit(Overloaded{[&](const Try& a) { did += fmt::format("try {}", a.branch); },
                                  [&](const Cancel& a) { did += fmt::format("cancel {}", a.branch); },
                                  [&](const Forward& a) { did += fmt::format("forward {}", a.branch); },
                                  [&](const Finished&) { did += "finished"; }},
                       action);
        }
        return did;
    }
    std::string at(Duration since_start, const forking::Event& event = Tick{}) {
        now = Time{} + since_start;
        return apply(event);
    }
    // How long after the start the machine wants to be asked again; -1 for never.
    [[nodiscard]] double due() const {
        auto when = deadline(state);
        return when ? std::chrono::duration<double>(*when - Time{}).count() : -1;
    }
};

const Leg now_for_20s{.after = 0s, .ring_for = 20s};
const Leg later{.after = 20s, .ring_for = 20s};
const Leg last{.after = 40s, .ring_for = 20s};
const Leg stand_in{.after = std::nullopt};

}  // namespace

TEST_CASE("phones that ring at once: the first answer cancels the others") {
    Bench bench;
    CHECK(bench.apply(Fork{{now_for_20s, now_for_20s, now_for_20s}}) == "try 0, try 1, try 2");
    CHECK(bench.due() == 20);
    CHECK(bench.at(1s, Heard{0, 100}) == "");
    CHECK(bench.at(1s, Heard{0, 180}) == "forward 0");
    CHECK(bench.at(1s, Heard{1, 183}) == "forward 1");
    CHECK(bench.at(2s, Heard{1, 200}) == "forward 1, cancel 0, cancel 2");
    CHECK(bench.at(2s, Heard{2, 180}) == "");
    CHECK(bench.at(3s, Failed{0, 487}) == "");
    CHECK(bench.at(3s, Failed{2, 0}) == "");
    CHECK(bench.at(3s, Heard{1, 200}) == "forward 1");  // repeated, as its ACK was lost
    CHECK(bench.due() == -1);
    CHECK_FALSE(bench.state.finished);
}

TEST_CASE("an answer that crossed our CANCEL goes back, too") {
    Bench bench;
    (void)bench.apply(Fork{{now_for_20s, now_for_20s}});
    CHECK(bench.at(1s, Heard{0, 200}) == "forward 0, cancel 1");
    CHECK(bench.at(1s, Heard{1, 200}) == "forward 1");
    CHECK(bench.at(1s, Fork{{now_for_20s}}) == "");  // nothing more is tried
    CHECK(bench.due() == -1);
}

TEST_CASE("one after another, each as long as it may ring") {
    Bench bench;
    CHECK(bench.apply(Fork{{now_for_20s, later, last}}) == "try 0");
    CHECK(bench.at(1s, Heard{0, 180}) == "forward 0");
    CHECK(bench.at(19s) == "");
    CHECK(bench.due() == 20);
    CHECK(bench.at(20s) == "cancel 0, try 1");
    CHECK(bench.at(20s, Failed{0, 487}) == "");
    CHECK(bench.at(40s) == "cancel 1, try 2");
    CHECK(bench.at(60s) == "cancel 2");
    CHECK(bench.at(61s, Failed{1, 487}) == "");
    CHECK(bench.at(61s, Failed{2, 487}) == "finished");
    CHECK_FALSE(best(bench.state));
    CHECK(bench.state.branches[0].rang);
    CHECK(bench.state.branches[0].gave_up);
    CHECK_FALSE(bench.state.branches[1].rang);
    for (const auto& branch : bench.state.branches) CHECK(is_spent(branch));
}

TEST_CASE("a member who is busy does not make the caller wait") {
    Bench bench;
    (void)bench.apply(Fork{{now_for_20s, later, later, last}});
    CHECK(next(bench.state) == 1u);
    CHECK(bench.at(1s, Failed{0, 486}) == "try 1, try 2");
    CHECK(bench.due() == 21);
    CHECK(bench.at(2s, Failed{1, 486}) == "");
    CHECK(bench.at(21s) == "cancel 2, try 3");
    CHECK(bench.at(22s, Failed{2, 487}) == "");
    CHECK(bench.at(23s, Failed{3, 480}) == "finished");
    CHECK(best(bench.state) == 1u);
}

TEST_CASE("the best of several refusals") {
    std::vector<int> said;
    std::size_t expected = 0;
    SUBCASE("the lowest class") { said = {503, 404, 500}, expected = 1; }
    SUBCASE("the last of it") { said = {404, 503, 480}, expected = 2; }
    SUBCASE("one that says more than that nobody is there") { said = {408, 486, 480}, expected = 1; }
    SUBCASE("one that says how to ask better") { said = {486, 484, 480}, expected = 1; }
    SUBCASE("a redirection") { said = {486, 302, 480}, expected = 1; }
    SUBCASE("a decline for all") { said = {302, 404, 603}, expected = 2; }
    SUBCASE("one that said nothing does not count") { said = {500, 0, 0}, expected = 0; }
    Bench bench;
    (void)bench.apply(Fork{{now_for_20s, now_for_20s, now_for_20s}});
    CHECK(bench.apply(Failed{0, said[0]}) == "");
    CHECK(bench.apply(Failed{1, said[1]}) == "");
    CHECK(bench.apply(Failed{2, said[2]}) == "finished");
    CHECK(best(bench.state) == expected);
}

TEST_CASE("a refusal for all ends the round, but an answer that crossed it counts") {
    Bench bench;
    (void)bench.apply(Fork{{now_for_20s, now_for_20s, later}});
    CHECK(bench.at(1s, Failed{0, 603, true}) == "cancel 1");
    CHECK(bench.due() == -1);
    SUBCASE("cancelled") {
        CHECK(bench.at(2s, Failed{1, 487}) == "finished");
        CHECK(best(bench.state) == 0u);
        CHECK(is_spent(bench.state.branches[0]));
        CHECK_FALSE(is_spent(bench.state.branches[1]));
        CHECK_FALSE(is_spent(bench.state.branches[2]));
    }
    SUBCASE("answered") {
        CHECK(bench.at(2s, Heard{1, 200}) == "forward 1");
        CHECK_FALSE(bench.state.finished);
    }
}

TEST_CASE("the caller's CANCEL cancels all, and nothing more is tried") {
    Bench bench;
    (void)bench.apply(Fork{{now_for_20s, now_for_20s, later}});
    CHECK(bench.at(1s, forking::Cancelled{}) == "cancel 0, cancel 1");
    CHECK(bench.at(1s, forking::Cancelled{}) == "");
    CHECK(bench.at(30s) == "");
    CHECK(bench.at(31s, Failed{1, 0}) == "");
    CHECK(bench.at(32s, Failed{0, 487}) == "finished");
    CHECK(bench.at(32s, Fork{{now_for_20s}}) == "finished");
    CHECK(bench.at(33s, Failed{0, 487}) == "");
}

TEST_CASE("carriers stand in for one another, and are given their time") {
    Bench bench;
    CHECK(bench.apply(Fork{{stand_in, stand_in, stand_in}}) == "try 0");
    CHECK(bench.at(1s, Failed{0, 503}) == "try 1");
    SUBCASE("a stop") {
        CHECK(bench.at(2s, Failed{1, 486, true}) == "finished");
        CHECK(best(bench.state) == 1u);
    }
    SUBCASE("timer C, counted anew with each sign of life; the next comes when it has ended") {
        CHECK(bench.due() == 182);
        CHECK(bench.at(100s, Heard{1, 180}) == "forward 1");
        CHECK(bench.due() == 281);
        CHECK(bench.at(281s) == "cancel 1");
        CHECK(bench.at(282s, Failed{1, 487}) == "try 2");
        CHECK(bench.at(283s, Heard{2, 200}) == "forward 2");
        CHECK(bench.due() == -1);
    }
}

TEST_CASE("another round: only its refusals count") {
    Bench bench;
    (void)bench.apply(Fork{{now_for_20s, later}});
    CHECK(bench.at(1s, Failed{0, 600, true}) == "finished");
    CHECK(bench.at(1s, Fork{{now_for_20s, stand_in}}) == "try 2");
    CHECK(bench.due() == 21);
    CHECK(bench.at(2s, Failed{2, 503}) == "try 3");
    CHECK(bench.at(3s, Failed{3, 503}) == "finished");
    CHECK(best(bench.state) == 3u);
    CHECK(bench.apply(Fork{{}}) == "finished");
    CHECK_FALSE(best(bench.state));
}

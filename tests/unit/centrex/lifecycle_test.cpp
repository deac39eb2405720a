#include "centrex/lifecycle.h"

#include <set>

#include <doctest/doctest.h>

using namespace trunkbox;
using namespace trunkbox::centrex;

namespace {

Row number_row(std::string_view state, std::optional<std::int64_t> until, std::string_view target = {}) {
    const auto& numbers = table("number");
    auto row = empty_row(numbers);
    cell(numbers, row, "number") = std::int64_t{33199000001};
    cell(numbers, row, "state") = std::string(state);
    if (until) cell(numbers, row, "until") = *until;
    if (!target.empty()) cell(numbers, row, "target") = std::string(target);
    return row;
}

Time at(std::int64_t second) { return Time{std::chrono::seconds{second}}; }

}  // namespace

TEST_CASE("every action from every state is allowed as the table has it, and refused by a rule elsewhere") {
    std::set<std::pair<State, Action>> allowed;
    for (const auto& entry : transitions()) {
        CHECK(allowed.emplace(entry.from, entry.action).second);
        CHECK(after(entry.from, entry.action, 1).value() == entry.to);
    }
    for (int state = 0; state <= static_cast<int>(State::ported_out); ++state)
        for (int action = 0; action <= static_cast<int>(Action::cancel); ++action) {
            const std::pair pair{static_cast<State>(state), static_cast<Action>(action)};
            if (allowed.contains(pair)) continue;
            auto refused = after(pair.first, pair.second, 33199000001);
            REQUIRE_FALSE(refused);
            CHECK(refused.error().fault == Fault::rule);
            CHECK(refused.error().where == "rule 'state'");
        }
}

TEST_CASE("a number that rests cannot be reserved, and its tenant takes it back") {
    CHECK_FALSE(after(State::quarantine, Action::reserve, 1));
    CHECK(after(State::quarantine, Action::assign, 1).value() == State::assigned);
}

TEST_CASE("dates take effect at their second, not before") {
    for (const char* state : {"reserved", "quarantine"}) {
        auto row = number_row(state, 1000);
        CHECK(effective(row, at(999)) == row);
        CHECK_FALSE(effective(row, at(1000)));
    }
    auto port = effective(number_row("port_in", 1000, "user:alice"), at(1000));
    CHECK(state_of(port) == State::assigned);
    CHECK(is_null(cell(table("number"), *port, "until")));
    CHECK(state_of(effective(number_row("port_in", 1000), at(2000))) == State::port_in);
    auto gone = effective(number_row("port_out", 1000, "user:alice"), at(1000));
    CHECK(state_of(gone) == State::ported_out);
    CHECK(is_null(cell(table("number"), *gone, "target")));
    CHECK(state_of(std::nullopt) == State::free);
}

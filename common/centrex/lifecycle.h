// What may become of a telephone number: its states and the transitions between them, with the dates that take effect by
// themselves.
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "centrex/row.h"

#include <optional>
#include <span>
#include <string_view>

namespace trunkbox::centrex {

enum class State { free, reserved, assigned, quarantine, port_in, port_out, ported_out };
// "free", "reserved" …, as in the directory, where a free number has no row.
[[nodiscard]] std::string_view name(State state);
[[nodiscard]] std::optional<State> parse_state(std::string_view name);

enum class Action { reserve, assign, unassign, move, quarantine, reclaim, release, port_in, port_out, complete, cancel };
[[nodiscard]] std::string_view name(Action action);

// One line of the table: nothing else is allowed.
struct Transition {
    State from;
    Action action;
    State to;
};
[[nodiscard]] std::span<const Transition> transitions();

// Where the action leads; an error of kind rule, "state", that says which actions are allowed instead.
[[nodiscard]] Result<State> after(State from, Action action, std::int64_t number);

// The row of a number as it counts at a time: what was reserved or rested until then is free (nothing), a port that was due
// is done.
[[nodiscard]] std::optional<Row> effective(const std::optional<Row>& row, Time at);
[[nodiscard]] State state_of(const std::optional<Row>& effective_row);

}  // namespace trunkbox::centrex

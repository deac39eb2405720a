#include "centrex/lifecycle.h"

#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "centrex/edits.h"

namespace trunkbox::centrex {

namespace {

constexpr std::array<std::string_view, 7> state_names{"free",    "reserved", "assigned",  "quarantine",
                                                      "port_in", "port_out", "ported_out"};
constexpr std::array<std::string_view, 11> action_names{"reserve", "assign",  "unassign", "move",     "quarantine", "reclaim",
                                                        "release", "port in", "port out", "complete", "cancel"};

constexpr std::array table_of_transitions{
    Transition{State::free, Action::reserve, State::reserved},
    Transition{State::free, Action::assign, State::assigned},
    Transition{State::free, Action::quarantine, State::quarantine},
    Transition{State::free, Action::port_in, State::port_in},
    Transition{State::free, Action::port_out, State::port_out},
    Transition{State::reserved, Action::assign, State::assigned},
    Transition{State::reserved, Action::release, State::free},
    Transition{State::assigned, Action::move, State::assigned},
    Transition{State::assigned, Action::unassign, State::quarantine},
    Transition{State::assigned, Action::port_out, State::port_out},
    // Whoever unassigned by mistake takes the number back.
    Transition{State::quarantine, Action::assign, State::assigned},
    Transition{State::quarantine, Action::reclaim, State::free},
    Transition{State::port_in, Action::complete, State::assigned},
    Transition{State::port_in, Action::cancel, State::free},
    Transition{State::port_out, Action::complete, State::ported_out},
    Transition{State::port_out, Action::cancel, State::assigned},
    Transition{State::ported_out, Action::reclaim, State::free},
};

}  // namespace

std::string_view name(State state) { return state_names[static_cast<std::size_t>(state)]; }
std::string_view name(Action action) { return action_names[static_cast<std::size_t>(action)]; }

std::optional<State> parse_state(std::string_view name) {
    for (std::size_t i = 0; i < state_names.size(); ++i)
        if (state_names[i] == name) return static_cast<State>(i);
    return std::nullopt;
}

std::span<const Transition> transitions() { return table_of_transitions; }

Result<State> after(State from, Action action, std::int64_t number) {
    for (const auto& entry : table_of_transitions)
        if (entry.from == from && entry.action == action) return entry.to;
    std::vector<std::string_view> allowed;
    for (const auto& entry : table_of_transitions)
        if (entry.from == from) allowed.push_back(name(entry.action));
    return against("state", fmt::format("number '+{}' is {}, which has no '{}'", number, name(from), name(action)),
                   allowed.empty() ? "" : fmt::format("it can {}", fmt::join(allowed, ", ")));
}

std::optional<Row> effective(const std::optional<Row>& row, Time at) {
    if (!row) return std::nullopt;
    static const Table& numbers = table("number");
    static const auto until_column = numbers.index("until");
    const auto& until = (*row)[until_column];
    if (is_null(until) || Time{std::chrono::seconds{integer(until)}} > at) return row;
    auto state = parse_state(text(cell(numbers, *row, "state")));
    auto changed = row;
    switch (state.value_or(State::free)) {
        case State::reserved:
        case State::quarantine:
        case State::free: return std::nullopt;
        case State::port_in:
            if (is_null(cell(numbers, *row, "target"))) return row;  // nobody said whose it becomes
            cell(numbers, *changed, "state") = std::string(name(State::assigned));
            break;
        case State::port_out:
            cell(numbers, *changed, "state") = std::string(name(State::ported_out));
            cell(numbers, *changed, "target") = Cell{};
            break;
        case State::assigned:
        case State::ported_out: return row;
    }
    cell(numbers, *changed, "until") = Cell{};
    return changed;
}

State state_of(const std::optional<Row>& effective_row) {
    static const Table& numbers = table("number");
    static const auto column = numbers.index("state");
    if (!effective_row) return State::free;
    return parse_state(text((*effective_row)[column])).value_or(State::free);
}

}  // namespace trunkbox::centrex

#include "centrex/numbers.h"

#include <algorithm>

#include <fmt/format.h>

#include "centrex/clis.h"
#include "centrex/lookup.h"

namespace trunkbox::centrex {

namespace {

const Table& numbers() {
    static const Table& all = table("number");
    return all;
}

// Where its columns stand, asked by name once.
struct NumberColumns {
    std::size_t tenant = numbers().index("tenant"), state = numbers().index("state"), target = numbers().index("target"),
                until = numbers().index("until"), reason = numbers().index("reason"), request = numbers().index("request");
};
const NumberColumns& number_columns() {
    static const NumberColumns all;
    return all;
}

std::int64_t seconds_of(Time at) { return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count(); }

// Whose the number is to be: what is asked must agree with its block, and with the row it has.
Result<std::string> tenant_for(Rows& rows, std::int64_t number, const std::optional<Row>& row, const NumberEdit& edit) {
    std::string owner;
    if (row) {
        owner = text((*row)[number_columns().tenant]);
    } else if (edit.action != Action::port_in) {
        auto block = block_of(rows, number);
        if (!block) return tl::unexpected(block.error());
        if (*block == nullptr)
            return against("block", fmt::format("number '{}' lies in no block", plus(number)),
                           "add its block first, or port it in");
        static const auto tenant = table("block").index("tenant");
        owner = text((**block)[tenant]);
    }
    if (!owner.empty() && !edit.tenant.empty() && owner != edit.tenant)
        return against("tenant", fmt::format("number '{}' is of tenant '{}'", plus(number), owner),
                       "it must be free before another tenant may have it");
    return owner.empty() ? edit.tenant : owner;
}

Result<Cell> end_for(Rows& rows, State to, const std::string& tenant, const NumberEdit& edit, Time at) {
    const bool dated = to == State::reserved || to == State::quarantine || to == State::port_in || to == State::port_out;
    if (!dated) return Cell{};
    if (edit.until) {
        if (*edit.until <= seconds_of(at))
            return against("until", fmt::format("the date '{}' is over", rfc3339(Time{std::chrono::seconds{*edit.until}}, 0)));
        return Cell{*edit.until};
    }
    constexpr std::int64_t day = 86400;
    if (to == State::reserved) return Cell{seconds_of(at) + 7 * day};
    if (to != State::quarantine) return Cell{};
    std::int64_t days = 90;
    if (!tenant.empty()) {
        auto row = rows.get(table("tenant"), {tenant});
        if (!row) return tl::unexpected(row.error());
        if (*row) days = integer(cell(table("tenant"), **row, "quarantine_days"));
    }
    return Cell{seconds_of(at) + days * day};
}

bool keeps_target(State to) { return to == State::assigned || to == State::port_in || to == State::port_out; }

// Whether the number is already what the edit would make it.
bool is_so(const std::optional<Row>& row, State to, const NumberEdit& edit) {
    if (state_of(row) != to) return false;
    if (!row) return true;
    if (!edit.tenant.empty() && text((*row)[number_columns().tenant]) != edit.tenant) return false;
    if (to == State::assigned) return edit.target.empty() || text((*row)[number_columns().target]) == edit.target;
    if (!edit.target.empty() && text((*row)[number_columns().target]) != edit.target) return false;
    return !edit.until || integer((*row)[number_columns().until]) == *edit.until;
}

State aim_of(Action action) {
    switch (action) {
        case Action::reserve: return State::reserved;
        case Action::assign:
        case Action::move: return State::assigned;
        case Action::unassign:
        case Action::quarantine: return State::quarantine;
        case Action::reclaim:
        case Action::release: return State::free;
        case Action::port_in: return State::port_in;
        case Action::port_out: return State::port_out;
        case Action::complete: return State::ported_out;
        case Action::cancel: return State::free;
    }
    return State::free;
}

// Completing or cancelling a port is no state to be in: asked again they are refused, not done twice.
bool may_repeat(Action action) { return action != Action::complete && action != Action::cancel; }

Cell maybe(const std::string& text) { return text.empty() ? Cell{} : Cell{text}; }

Result<Row> row_after(Rows& rows, std::int64_t number, const std::optional<Row>& current, State to, const NumberEdit& edit,
                      Time at) {
    auto tenant = tenant_for(rows, number, current, edit);
    if (!tenant) return tl::unexpected(tenant.error());
    auto until = end_for(rows, to, *tenant, edit, at);
    if (!until) return tl::unexpected(until.error());
    auto row = empty_row(numbers());
    row[0] = number;
    row[number_columns().tenant] = maybe(*tenant);
    row[number_columns().state] = std::string(name(to));
    if (keeps_target(to))
        row[number_columns().target] = !edit.target.empty() ? Cell{edit.target}
                                         : current            ? (*current)[number_columns().target]
                                                              : Cell{};
    row[number_columns().until] = *until;
    row[number_columns().reason] = maybe(edit.reason);
    row[number_columns().request] = maybe(edit.request);
    if (!is_null(row[number_columns().target]) && tenant->empty())
        return against("tenant", fmt::format("number '{}' is of no tenant", plus(number)), "say whose with --tenant");
    if (to == State::assigned && is_null(row[number_columns().target]))
        return against("target", fmt::format("number '{}' would be assigned to nothing", plus(number)),
                       "say what it rings with --to");
    return row;
}

// A number that comes alone is a block of one.
Result<bool> put_own_block(Edits& edits, std::int64_t number, const std::string& tenant) {
    auto there = block_of(edits, number);
    if (!there) return tl::unexpected(there.error());
    if (*there != nullptr) return false;
    const auto& blocks = table("block");
    auto block = empty_row(blocks);
    cell(blocks, block, "first") = number;
    cell(blocks, block, "last") = number;
    cell(blocks, block, "tenant") = maybe(tenant);
    cell(blocks, block, "origin") = std::string("ported");
    return add_block(edits, block);
}

Result<bool> remove_own_block(Edits& edits, std::int64_t number) {
    const auto& blocks = table("block");
    auto block = edits.get(blocks, {number});
    if (!block) return tl::unexpected(block.error());
    const bool own = *block && integer(cell(blocks, **block, "last")) == number &&
                     text(cell(blocks, **block, "origin")) == "ported";
    if (!own) return true;
    return delete_block(edits, number);
}

}  // namespace

std::string plus(std::int64_t number) { return fmt::format("+{}", number); }

Result<bool> set_port_date(Edits& edits, std::int64_t number, std::int64_t date) {
    auto stored = edits.get(numbers(), {number});
    if (!stored) return tl::unexpected(stored.error());
    auto row = effective(*stored, edits.at());
    const auto state = state_of(row);
    if (state != State::port_in && state != State::port_out)
        return against("state", fmt::format("number '{}' is {}: no port is under way", plus(number), name(state)));
    if (date <= seconds_of(edits.at())) return against("until", "the date is over");
    (*row)[number_columns().until] = date;
    return edits.put(numbers(), *row);
}

Result<bool> change_number(Edits& edits, std::int64_t number, const NumberEdit& edit) {
    auto stored = edits.get(numbers(), {number});
    if (!stored) return tl::unexpected(stored.error());
    auto current = effective(*stored, edits.at());
    if (may_repeat(edit.action) && is_so(current, aim_of(edit.action), edit)) {
        if (edit.action == Action::reserve && current && text((*current)[number_columns().request]) != edit.request)
            return against("state", fmt::format("number '{}' is reserved by another request", plus(number)));
        if (current || !*stored) return false;  // an expired row still goes
    }
    auto to = after(state_of(current), edit.action, number);
    if (!to && edit.action == Action::assign && state_of(current) == State::assigned)
        return against("state", fmt::format("number '{}' is assigned to '{}'", plus(number),
                                            text((*current)[number_columns().target])),
                       "'number move' gives it to another");
    if (!to) {
        if (current || !*stored) return tl::unexpected(to.error());
        to = State::free;
    }
    if (*to == State::free) {
        auto gone = edits.remove(numbers(), {number});
        if (!gone || edit.action != Action::cancel) return gone;
        return remove_own_block(edits, number);
    }
    if (edit.action == Action::port_in)
        if (auto put = put_own_block(edits, number, edit.tenant); !put) return put;
    auto row = row_after(edits, number, current, *to, edit, edits.at());
    if (!row) return tl::unexpected(row.error());
    return edits.put(numbers(), std::move(*row));
}

namespace {

// Those of a request that were reserved before.
Result<std::vector<std::int64_t>> reserved_before(Rows& rows, const NextQuery& query, std::int64_t last, Time at) {
    std::vector<std::int64_t> found;
    if (!query.reserve || query.reserve->request.empty()) return found;
    auto same = rows.find({.table = &numbers(),
                           .where = {{.column = "request", .value = query.reserve->request},
                                     {.column = "number", .is = Match::Is::at_least, .value = query.first},
                                     {.column = "number", .is = Match::Is::at_most, .value = last}}});
    if (!same) return tl::unexpected(same.error());
    for (const auto& row : *same)
        if (effective(row, at)) found.push_back(integer(row[0]));
    return found;
}

// What was reserved or rested and is free by now.
Result<std::vector<std::int64_t>> ended(Rows& rows, std::int64_t first, std::int64_t last, Time at) {
    // By their dates alone, which are few: a block may hold a million others.
    auto due = rows.find({.table = &numbers(),
                          .where = {{.column = "until", .is = Match::Is::at_most, .value = seconds_of(at)}},
                          .any_order = true});
    if (!due) return tl::unexpected(due.error());
    std::vector<std::int64_t> free;
    for (const auto& row : *due) {
        std::int64_t number = integer(row[0]);
        if (number >= first && number <= last && !effective(row, at)) free.push_back(number);
    }
    return free;
}

}  // namespace

Result<std::vector<std::int64_t>> next_numbers(Edits& edits, const NextQuery& query, Time at) {
    auto block = edits.get(table("block"), {query.first});
    if (!block) return tl::unexpected(block.error());
    if (!*block)
        return against("block", fmt::format("no block begins at '{}'", plus(query.first)), "'number block list' shows them");
    const auto last = integer(cell(table("block"), **block, "last"));
    auto before = reserved_before(edits, query, last, at);
    if (!before) return tl::unexpected(before.error());
    if (before->size() == query.count) return before;
    if (!before->empty())
        return against("request", fmt::format("request '{}' reserved {} numbers, not {}", query.reserve->request,
                                              before->size(), query.count),
                       "give another request its own id");
    auto free = edits.without_row(query.first, last, query.count);
    if (!free) return tl::unexpected(free.error());
    auto others = ended(edits, query.first, last, at);
    if (!others) return tl::unexpected(others.error());
    free->insert(free->end(), others->begin(), others->end());
    std::sort(free->begin(), free->end());
    if (free->size() < query.count)
        return against("exhausted", fmt::format("block '{}' has {} free numbers, not {}", plus(query.first), free->size(),
                                                query.count),
                       "ask for fewer, or add a block");
    free->resize(query.count);
    if (!query.reserve) return free;
    for (auto number : *free)
        if (auto done = change_number(edits, number, *query.reserve); !done) return tl::unexpected(done.error());
    return free;
}

namespace {

// Whose calls would go on showing a number that went shows it no longer.
Result<void> stop_showing(Edits& edits, std::int64_t number) {
    const auto& users = table("user");
    auto showing = users_showing(edits, number, number);
    if (!showing) return tl::unexpected(showing.error());
    for (const auto& [tenant, name] : *showing) {
        auto good = check_default_cli(edits, tenant, name, edits.at());
        if (good) continue;
        if (good.error().fault != Fault::rule) return good;
        auto row = known_row(edits, users, {tenant, name});
        if (!row) return tl::unexpected(row.error());
        cell(users, *row, "default_cli") = Cell{};
        if (auto put = edits.put(users, *row); !put) return tl::unexpected(put.error());
    }
    return {};
}

}  // namespace

Result<std::size_t> tick(Edits& edits) {
    std::size_t count = 0;
    const auto now = seconds_of(edits.at());
    auto due = edits.find({.table = &numbers(), .where = {{.column = "until", .is = Match::Is::at_most, .value = now}}});
    if (!due) return tl::unexpected(due.error());
    for (const auto& row : *due) {
        auto becomes = effective(row, edits.at());
        if (becomes && *becomes == row) continue;
        auto done = becomes ? edits.put(numbers(), *becomes) : edits.remove(numbers(), {row[0]});
        if (!done) return tl::unexpected(done.error());
        if (auto stopped = stop_showing(edits, integer(row[0])); !stopped) return tl::unexpected(stopped.error());
        ++count;
    }
    const auto& logins = table("login");
    auto over = edits.find({.table = &logins, .where = {{.column = "until", .is = Match::Is::at_most, .value = now}}});
    if (!over) return tl::unexpected(over.error());
    for (const auto& row : *over) {
        auto done = edits.remove(logins, key_of(logins, row));
        if (!done) return tl::unexpected(done.error());
        ++count;
    }
    return count;
}

}  // namespace trunkbox::centrex

#include "centrex/features.h"

#include <fmt/format.h>

#include "base/text.h"
#include "centrex/lookup.h"
#include "numbering/spelling.h"

namespace trunkbox::centrex {

namespace {

// "20s:voicemail": the time, then where to.
std::pair<std::optional<std::int64_t>, std::string> split_time(const std::string& text) {
    auto [first, rest] = split_once(text, ':');
    auto time = parse_duration(first);
    if (!rest || !time || first.empty() || !is_digit(first.front())) return {std::nullopt, text};
    return {std::chrono::duration_cast<std::chrono::seconds>(*time).count(), std::string(*rest)};
}

Result<void> aim(Rows& rows, const ForwardEdit& forward, const std::string& to, Row& row) {
    const auto& forwards = table("forward");
    const bool number = !to.empty() && (to.front() == '+' || is_digit(to.front()) || to.front() == '(');
    if (number) {
        auto region = region_of(rows, forward.tenant);
        if (!region) return tl::unexpected(region.error());
        auto read = numbering::read_number(to, *region);
        if (!read) return tl::unexpected(read.error());
        cell(forwards, row, "number") = static_cast<std::int64_t>(read->value());
        return {};
    }
    auto target = to == "voicemail"                 ? "voicemail:" + forward.user
                  : to.find(':') == std::string::npos ? "user:" + to
                                                      : to;
    auto good = parse_cell(forwards.columns[forwards.index("to")], target);
    if (!good) return tl::unexpected(good.error());
    cell(forwards, row, "to") = *good;
    return {};
}

}  // namespace

Result<bool> set_forward(Edits& edits, const ForwardEdit& forward) {
    const auto& forwards = table("forward");
    auto row = empty_row(forwards);
    row[0] = forward.tenant;
    row[1] = forward.user;
    row[2] = forward.condition;
    auto [after, to] = split_time(forward.to);
    if (to.empty()) return failure(Fault::usage, "", fmt::format("{} leads nowhere", forward.condition), "'forward clear' ends it");
    if (after && forward.condition != "cfnr")
        return failure(Fault::usage, "", fmt::format("{} has no time to wait", forward.condition), "only cfnr has");
    if (after) cell(forwards, row, "after") = *after;
    if (auto aimed = aim(edits, forward, to, row); !aimed) return tl::unexpected(aimed.error());
    return edits.put(forwards, row);
}

Result<bool> clear_forward(Edits& edits, const std::string& tenant, const std::string& user, const std::string& condition) {
    if (auto there = known_row(edits, table("user"), {tenant, user}); !there) return tl::unexpected(there.error());
    bool any = false;
    for (const char* one : {"cfu", "cfb", "cfnr", "cfnrc"}) {
        if (!condition.empty() && condition != one) continue;
        auto gone = edits.remove(table("forward"), {tenant, user, std::string(one)});
        if (!gone) return gone;
        any = any || *gone;
    }
    return any;
}

Result<bool> set_dnd(Edits& edits, const std::string& tenant, const std::string& user, bool on) {
    auto row = known_row(edits, table("user"), {tenant, user});
    if (!row) return tl::unexpected(row.error());
    cell(table("user"), *row, "dnd") = std::int64_t{on ? 1 : 0};
    return edits.put(table("user"), *row);
}

Result<bool> set_override(Edits& edits, const std::string& tenant, const std::string& schedule, const std::string& how,
                          std::optional<std::int64_t> until) {
    const auto& schedules = table("schedule");
    auto row = known_row(edits, schedules, {tenant, schedule});
    if (!row) return tl::unexpected(row.error());
    if (how == "auto" && until) return failure(Fault::usage, "", "'auto' has no end", "leave --until out");
    cell(schedules, *row, "override") = how;
    cell(schedules, *row, "override_until") = until ? Cell{*until} : Cell{};
    return edits.put(schedules, *row);
}

}  // namespace trunkbox::centrex

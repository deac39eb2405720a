#include "lcr/evaluate.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

std::string source(const Table::Match& match) {
    return fmt::format("{}:{}", match.file, match.row->line);
}

// A call of 2.1 seconds has begun its third.
std::int64_t started_seconds(Duration duration) {
    return std::max<std::int64_t>(std::chrono::ceil<std::chrono::seconds>(duration).count(), 0);
}

std::string arithmetic(const DeckRow& row, Duration duration, std::int64_t billed, Cost cost) {
    auto asked = started_seconds(duration);
    std::string line;
    if (row.connect_fee != Money{}) line = fmt::format("{} + ", row.connect_fee.text());
    line += fmt::format("{} × {} s / 60", row.rate.text(), billed);
    if (billed != asked)
        line += fmt::format(" ({} s, at least {} s, then by {} s)", asked, row.minimum, row.increment);
    return line + fmt::format(" = {} {}", cost.text(), row.currency.text());
}

Candidate candidate(const Carrier& carrier, const Table::Match& match, Duration duration) {
    const auto& row = *match.row;
    auto billed = billed_seconds(row, duration);
    auto cost = Cost(row.connect_fee) + Cost::per_minute(row.rate, billed);
    return {.carrier = carrier.name,
            .priority = carrier.priority,
            .prefix = row.prefix,
            .destination = row.destination,
            .rate = row.rate,
            .currency = row.currency,
            .billed_seconds = billed,
            .cost = cost,
            .source = source(match),
            .reason = {},
            .arithmetic = arithmetic(row, duration, billed, cost)};
}

Rejected rejected(const Carrier& carrier, Reason reason, std::string text, const Table::Match& match = {}) {
    Rejected entry{
        .carrier = carrier.name, .reason = reason, .text = std::move(text), .prefix = {}, .source = {}};
    if (match.row != nullptr) {
        entry.prefix = match.row->prefix;
        entry.source = source(match);
    }
    return entry;
}

Rejected nothing_in_force(const Carrier& carrier, const Table::Finding& finding) {
    if (const auto* row = finding.not_begun.row)
        return rejected(
            carrier, Reason::not_yet_effective,
            fmt::format("prefix {} becomes effective {}", row->prefix.text(), rfc3339(*row->effective, 0)),
            finding.not_begun);
    if (const auto* row = finding.ended.row)
        return rejected(carrier, Reason::expired,
                        fmt::format("prefix {} ended {}", row->prefix.text(), rfc3339(*row->end, 0)),
                        finding.ended);
    return rejected(carrier, Reason::no_rate, "no prefix of the number is in its decks");
}

// What the order goes by, and in words, what put `next` behind `before`.
auto key(const Candidate& entry) {
    return std::tie(entry.cost, entry.priority, entry.carrier);
}

std::string why_behind(const Candidate& before, const Candidate& next) {
    if (before.cost != next.cost)
        return fmt::format("dearer than '{}' by {} {}", before.carrier, (next.cost - before.cost).text(),
                           next.currency.text());
    if (before.priority != next.priority)
        return fmt::format("costs the same as '{}', priority {} after {}", before.carrier, next.priority,
                           before.priority);
    return fmt::format("costs the same as '{}' at the same priority, later by name", before.carrier);
}

std::string why_first(const std::vector<Candidate>& ranked) {
    if (ranked.size() == 1) return "the only one";
    const auto& next = ranked[1];
    if (ranked[0].cost != next.cost) return "cheapest";
    if (ranked[0].priority != next.priority)
        return fmt::format("costs the same as '{}', priority {} before {}", next.carrier, ranked[0].priority,
                           next.priority);
    return fmt::format("costs the same as '{}' at the same priority, earlier by name", next.carrier);
}

void rank(Decision& decision, std::size_t max) {
    auto& ranked = decision.ranked;
    std::ranges::sort(ranked, [](const Candidate& a, const Candidate& b) { return key(a) < key(b); });
    for (std::size_t i = 0; i < ranked.size(); ++i) {
        ranked[i].rank = i + 1;
        ranked[i].reason = i == 0 ? why_first(ranked) : why_behind(ranked[i - 1], ranked[i]);
    }
    for (std::size_t i = max; i < ranked.size(); ++i)
        decision.rejected.push_back(
            {.carrier = ranked[i].carrier,
             .reason = Reason::max_attempts,
             .text = fmt::format("would be number {}, at most {} are asked for", i + 1, max),
             .prefix = ranked[i].prefix,
             .source = ranked[i].source});
    if (max < ranked.size()) ranked.erase(ranked.begin() + static_cast<std::ptrdiff_t>(max), ranked.end());
}

}  // namespace

std::string_view name(Reason reason) {
    switch (reason) {
        case Reason::no_rate: return "no_rate";
        case Reason::blocked: return "blocked";
        case Reason::expired: return "expired";
        case Reason::not_yet_effective: return "not_yet_effective";
        case Reason::disabled: return "disabled";
        case Reason::max_attempts: return "max_attempts";
    }
    return {};
}

std::int64_t billed_seconds(const DeckRow& row, Duration duration) {
    auto asked = started_seconds(duration);
    if (asked == 0) return 0;
    if (asked <= row.minimum) return row.minimum;
    auto past = asked - row.minimum;
    return row.minimum + (past + row.increment - 1) / row.increment * row.increment;
}

Decision evaluate(const Table& table, const Facts& facts) {
    Decision decision{
        .number = facts.number, .at = facts.at, .duration = facts.duration, .ranked = {}, .rejected = {}};
    auto carriers = table.carriers();
    for (std::size_t i = 0; i < carriers.size(); ++i) {
        const auto& carrier = carriers[i];
        if (!carrier.enabled) {
            decision.rejected.push_back(rejected(carrier, Reason::disabled, "the carrier is switched off"));
            continue;
        }
        auto finding = table.find(i, facts.number, facts.at);
        if (finding.row.row == nullptr)
            decision.rejected.push_back(nothing_in_force(carrier, finding));
        else if (finding.row.row->blocked)
            decision.rejected.push_back(
                rejected(carrier, Reason::blocked,
                         fmt::format("prefix {} is blocked", finding.row.row->prefix.text()), finding.row));
        else
            decision.ranked.push_back(candidate(carrier, finding.row, facts.duration));
    }
    rank(decision, facts.max);
    std::ranges::sort(decision.rejected, {}, &Rejected::carrier);
    return decision;
}

}  // namespace trunkbox::lcr

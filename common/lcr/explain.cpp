#include "lcr/evaluate.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

constexpr std::int64_t farther = 3600;  // seconds beyond the call's own that are looked at

Cost in_table_currency(const Candidate& entry, const Decision& decision, Cost cost) {
    return entry.terms.currency == decision.currency ? cost : cost.exchanged(entry.exchange);
}

Cost cost_of(const Candidate& entry, const Decision& decision, Money rate, Duration duration) {
    return in_table_currency(entry, decision, bill(rate, entry.terms, duration).cost);
}

// The same for what the decision compared: one call, or all of the profile.
Cost cost_of(const Candidate& entry, const Decision& decision, Money rate) {
    if (decision.profile.empty()) return cost_of(entry, decision, rate, decision.duration);
    Cost sum;
    for (const auto& share : decision.profile)
        sum = sum + bill(rate, entry.terms, std::chrono::seconds(share.seconds)).cost.times(share.weight);
    return in_table_currency(entry, decision, sum);
}

// At equal costs, by the order that stands behind cost when nothing else was asked for.
bool wins_tie(const Candidate& entry, const Candidate& other, const Decision& decision) {
    bool plain = decision.order.size() == 3 && decision.order[1].key == Key::priority && !decision.order[1].descending;
    return plain && std::tie(entry.priority, entry.carrier) < std::tie(other.priority, other.carrier);
}

bool beats(Cost cost, const Candidate& entry, Cost other_cost, const Candidate& other, const Decision& decision) {
    return cost < other_cost || (cost == other_cost && wins_tie(entry, other, decision));
}

// The highest rate, in steps of its last decimal, at least the sixth, at which the entry would be first.
std::optional<Money> rate_to_win(const Decision& decision, const Candidate& entry) {
    const auto& first = decision.ranked.front();
    std::int64_t step = 1;
    for (int i = std::max(6, entry.rate.decimals_used()); i < Money::decimals; ++i) step *= 10;
    auto wins = [&](std::int64_t steps) {
        auto cost = cost_of(entry, decision, Money::of_units(steps * step));
        return beats(cost, entry, first.compared, first, decision);
    };
    if (!wins(0)) return std::nullopt;
    std::int64_t good = 0;
    auto bad = entry.rate.units() / step + 1;
    while (bad - good > 1) {
        auto middle = good + (bad - good) / 2;
        (wins(middle) ? good : bad) = middle;
    }
    return Money::of_units(good * step);
}

bool first_at(const Decision& decision, const Candidate& entry, std::int64_t seconds) {
    auto duration = std::chrono::seconds(seconds);
    auto cost = cost_of(entry, decision, entry.rate, duration);
    return std::ranges::all_of(decision.ranked, [&](const Candidate& other) {
        return &other == &entry ||
               beats(cost, entry, cost_of(other, decision, other.rate, duration), other, decision);
    });
}

// The durations nearest to the call's own at which the entry would be first: "≤ 41 s".
std::string duration_to_win(const Decision& decision, const Candidate& entry) {
    auto asked = started_seconds(decision.duration);
    auto limit = asked + farther;
    auto first = [&](std::int64_t seconds) { return first_at(decision, entry, seconds); };
    for (std::int64_t away = 1; away <= std::max(asked, farther); ++away)
        for (auto seconds : {asked - away, asked + away}) {
            if (seconds < 1 || seconds > limit || !first(seconds)) continue;
            auto low = seconds;
            auto high = seconds;
            while (low > 1 && first(low - 1)) --low;
            while (high < limit && first(high + 1)) ++high;
            if (low == 1) return fmt::format("≤ {} s", high);
            if (high == limit) return fmt::format("≥ {} s", low);
            return low == high ? fmt::format("{} s", low) : fmt::format("{} to {} s", low, high);
        }
    return {};
}

}  // namespace

std::string arithmetic(const Candidate& entry, const Decision& decision) {
    std::string line;
    if (decision.profile.empty()) {
        line = arithmetic(entry.rate, entry.terms, decision.duration, entry.digits);
    } else {
        for (const auto& share : decision.profile) {
            auto one = bill(entry.rate, entry.terms, std::chrono::seconds(share.seconds));
            line += fmt::format("{}{}/{} × {} ({} s)", line.empty() ? "" : " + ", share.weight, decision.weight,
                                one.cost.text(), share.seconds);
        }
        line += fmt::format(" = {} {}", entry.printed_cost, entry.currency().text());
    }
    if (entry.terms.currency == decision.currency) return line;
    return line + fmt::format(", × {} = {} {}", entry.exchange.text(),
                              entry.compared.text(6, Cost::Round::half_up, decision.weight),
                              decision.currency.text());
}

std::string counterfactual(const Decision& decision, std::size_t index) {
    const auto& first = decision.order.front();
    bool by_cost = first.key == Key::cost && !first.descending && first.within == 0;
    if (index == 0 || !by_cost) return {};
    const auto& entry = decision.ranked[index];
    std::string text;
    if (auto rate = rate_to_win(decision, entry)) text = fmt::format("first if the rate were ≤ {}", rate->text());
    // What other durations would bill is not known of a call that is split.
    if (decision.profile.empty() && decision.hours == Hours::start)
        if (auto duration = duration_to_win(decision, entry); !duration.empty())
            text += fmt::format("{} the call {}", text.empty() ? "first if" : ", or", duration);
    return text;
}

}  // namespace trunkbox::lcr

#include "lcr/terms.h"

#include <algorithm>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

std::int64_t round_up(std::int64_t seconds, std::int64_t increment) {
    return (seconds + increment - 1) / increment * increment;
}

// Billed seconds between two marks at one rate.
struct TierPart {
    std::int64_t seconds = 0;
    Money rate{};
};

// Where the seconds of a call fall: one stretch for the row's own rate, one for each tier that is reached.
std::vector<TierPart> stretches(Money rate, const Terms& terms, std::int64_t asked) {
    std::vector<TierPart> parts;
    std::int64_t from = 0;
    auto increment = terms.increment;
    auto minimum = terms.minimum;
    for (std::size_t i = 0;; ++i) {
        bool last = i == terms.tiers.size();
        auto most = last ? longest_call * 2 : terms.tiers[i].from - from;
        auto past = std::max<std::int64_t>(asked - from - minimum, 0);
        auto seconds = minimum + round_up(past, increment);
        parts.push_back({std::min(seconds, most), rate});
        if (last || asked <= terms.tiers[i].from) return parts;
        from = terms.tiers[i].from;
        rate = terms.tiers[i].rate;
        increment = terms.tiers[i].increment;
        minimum = 0;
    }
}

// Takes the free seconds off the front.
void give_free(std::vector<TierPart>& parts, std::int64_t free_seconds) {
    for (auto& part : parts) {
        auto given = std::min(part.seconds, free_seconds);
        part.seconds -= given;
        free_seconds -= given;
    }
}

bool is_free(const Terms& terms, std::int64_t asked) {
    return asked > 0 && asked <= terms.grace;
}

Cost limited(const Terms& terms, Cost cost) {
    cost = std::max(cost, Cost(terms.minimum_charge));
    return terms.maximum_charge ? std::min(cost, Cost(*terms.maximum_charge)) : cost;
}

}  // namespace

bool is_linear(const Terms& terms) {
    return terms.grace == 0 && terms.free_seconds == 0 && terms.minimum_charge == Money{} && !terms.maximum_charge &&
           terms.tiers.empty();
}

std::int64_t started_seconds(Duration duration) {
    auto started = std::chrono::ceil<std::chrono::seconds>(duration).count();
    return std::clamp<std::int64_t>(started, 0, longest_call);
}

Bill bill(Money rate, const Terms& terms, Duration duration) {
    auto asked = started_seconds(duration);
    if (is_free(terms, asked)) return {};
    Bill result{.seconds = 0, .cost = Cost(terms.connect_fee)};
    if (asked == 0) return result;
    auto parts = stretches(rate, terms, asked);
    for (const auto& part : parts) result.seconds += part.seconds;
    give_free(parts, terms.free_seconds);
    for (const auto& part : parts) result.cost = result.cost + Cost::per_minute(part.rate, part.seconds);
    result.cost = limited(terms, result.cost);
    return result;
}

std::string arithmetic(Money rate, const Terms& terms, Duration duration, int digits) {
    auto asked = started_seconds(duration);
    auto total = bill(rate, terms, duration);
    if (is_free(terms, asked)) return fmt::format("{} s is not billed, up to {} s are not", asked, terms.grace);
    auto parts = asked == 0 ? std::vector<TierPart>{} : stretches(rate, terms, asked);
    give_free(parts, terms.free_seconds);
    std::string line;
    auto plus = [&] { return line.empty() ? "" : " + "; };
    Cost sum(terms.connect_fee);
    if (terms.connect_fee != Money{} || asked == 0) line = terms.connect_fee.text();
    for (const auto& part : parts) {
        line += fmt::format("{}{} × {} s / 60", plus(), part.rate.text(), part.seconds);
        sum = sum + Cost::per_minute(part.rate, part.seconds);
    }
    if (asked != 0 && asked != total.seconds)
        line += terms.tiers.empty() ? fmt::format(" ({} s, at least {} s, then by {} s)", asked, terms.minimum,
                                                  terms.increment)
                                    : fmt::format(" ({} s, rounded up to {} s)", asked, total.seconds);
    if (terms.free_seconds > 0) line += fmt::format(", the first {} s free", terms.free_seconds);
    if (total.cost > sum) line += fmt::format(", at least {}", terms.minimum_charge.text());
    if (total.cost < sum) line += fmt::format(", at most {}", terms.maximum_charge->text());
    return line + fmt::format(" = {} {}", total.cost.text(digits), terms.currency.text());
}

}  // namespace trunkbox::lcr

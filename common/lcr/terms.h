// What a row of a deck bills for a call, its rate aside, and the arithmetic of it.
#pragma once

#include "base/money.h"
#include "base/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace trunkbox::lcr {

// From so many billed seconds on, another rate and increment.
struct Tier {
    std::int64_t from = 0;  // seconds, above the row's minimum
    Money rate{};           // a minute
    std::int64_t increment = 1;
    auto operator<=>(const Tier&) const = default;
};

struct Terms {
    Currency currency{};
    Money connect_fee{};                    // once for an answered call
    Money attempt_fee{};                    // instead of all else for one that was not answered
    std::int64_t minimum = 0;               // seconds that are billed at least
    std::int64_t increment = 1;             // seconds, at least 1; what is past the minimum is rounded up to these
    std::int64_t grace = 0;                 // a call of at most so many seconds bills nothing at all
    std::int64_t free_seconds = 0;          // so many of the billed seconds, the first ones, cost nothing
    Money minimum_charge{};                 // the whole call costs at least this
    std::optional<Money> maximum_charge{};  // and at most this
    std::vector<Tier> tiers{};              // ascending
    bool blocked = false;                   // the carrier does not take these calls; nothing else counts
    auto operator<=>(const Terms&) const = default;
};

// Whether the price is fee + rate × billed seconds / 60 and nothing else.
[[nodiscard]] bool is_linear(const Terms& terms);

struct Bill {
    std::int64_t seconds = 0;
    Cost cost{};
};
// What an answered call costs, exactly. A started second counts as a whole one; a call of no duration bills no
// seconds, only the connect fee. Durations beyond `longest_call` count as that.
[[nodiscard]] Bill bill(Money rate, const Terms& terms, Duration duration);
inline constexpr std::int64_t longest_call = 10'000'000;  // seconds, 115 days

// The same as a line to check by hand: "0.02 + 0.001 × 61 s / 60 = 0.021017 EUR"; `digits` of the result.
[[nodiscard]] std::string arithmetic(Money rate, const Terms& terms, Duration duration, int digits = 6);

// The seconds a call of `duration` has begun: 2.1 s have begun the third.
[[nodiscard]] std::int64_t started_seconds(Duration duration);

}  // namespace trunkbox::lcr

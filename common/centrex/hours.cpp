#include "centrex/hours.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/text.h"

namespace trunkbox::centrex {

namespace {

constexpr std::array<std::string_view, 7> names{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

std::optional<std::size_t> day_named(std::string_view name) {
    auto found = std::find(names.begin(), names.end(), lower(name));
    if (found == names.end()) return std::nullopt;
    return static_cast<std::size_t>(found - names.begin());
}

bool add_days(std::string_view text, std::bitset<7>& days) {
    for (auto part : split(text, ',')) {
        auto [first, last] = split_once(part, '-');
        auto from = day_named(first);
        auto to = day_named(last.value_or(first));
        if (!from || !to) return false;
        for (auto day = *from;; day = (day + 1) % 7) {  // "sat-mon" goes over the end of the week
            days.set(day);
            if (day == *to) break;
        }
    }
    return true;
}

std::optional<int> minute_of(std::string_view text) {
    auto [hour_text, minute_text] = split_once(text, ':');
    auto hour = parse_integer<int>(hour_text);
    auto minute = minute_text && minute_text->size() == 2 ? parse_integer<int>(*minute_text) : std::nullopt;
    if (!hour || !minute || hour_text.size() > 2 || *hour < 0 || *minute < 0 || *minute > 59) return std::nullopt;
    const int sum = *hour * 60 + *minute;
    return sum <= 24 * 60 ? std::optional(sum) : std::nullopt;
}

}  // namespace

Result<Hours> Hours::parse(std::string_view text) {
    Hours hours;
    auto [days, times] = split_once(trim(text), ' ');
    bool good = add_days(days, hours.days);
    if (good && times) {
        auto [from, to] = split_once(trim(*times), '-');
        auto first = minute_of(from);
        auto last = minute_of(to.value_or(""));
        good = first && last && *first < 24 * 60;
        if (good) hours.from = *first, hours.to = *last;
    }
    if (good) return hours;
    return failure(Fault::input, "", fmt::format("hours '{}' are not understood", printable(text)),
                   "write e.g. 'mon-fri 09:00-18:00'");
}

bool Hours::contains(const WallClock& clock) const {
    const auto day = static_cast<std::size_t>(clock.weekday);
    if (from < to) return days[day] && clock.minute >= from && clock.minute < to;
    return (days[day] && clock.minute >= from) || (days[(day + 6) % 7] && clock.minute < to);
}

}  // namespace trunkbox::centrex

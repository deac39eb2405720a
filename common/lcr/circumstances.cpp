#include "lcr/circumstances.h"

#include "base/text.h"
#include "base/zone.h"

#include <algorithm>

namespace trunkbox::lcr {

namespace {

constexpr std::uint64_t nanp = 1;         // country code of the North American Numbering Plan
constexpr std::size_t nanp_digits = 11;  // with its country code
constexpr int least_caller = 5;          // digits of a calling number that anybody could call back

bool in_span(const WeekSpan& span, const WallClock& clock) {
    auto on = [&](int day) { return (span.days >> static_cast<unsigned>((day + 7) % 7) & 1U) != 0; };
    if (span.from_minute < span.to_minute)
        return on(clock.weekday) && clock.minute >= span.from_minute && clock.minute < span.to_minute;
    // Over midnight: the evening of its own day, the morning of the next.
    return (on(clock.weekday) && clock.minute >= span.from_minute) ||
           (on(clock.weekday - 1) && clock.minute < span.to_minute);
}

// The name of the area whose longest prefix the number has behind its country code.
std::string_view area_of(const std::map<std::string, std::vector<std::string>>& areas,
                         const numbering::E164& number) {
    auto digits = number.digits();
    if (number.leading(1) != nanp || digits.size() != nanp_digits) return {};
    auto national = std::string_view(digits).substr(1);
    std::string_view best;
    std::size_t longest = 0;
    for (const auto& [name, prefixes] : areas)
        for (const auto& prefix : prefixes)
            if (prefix.size() > longest && national.starts_with(prefix)) {
                best = name;
                longest = prefix.size();
            }
    return best;
}

}  // namespace

const numbering::E164& rated_number(const Carrier& carrier, const Facts& facts) {
    bool by_routing = carrier.rate_by == RateBy::routing_number && facts.routing_number;
    return by_routing ? *facts.routing_number : facts.number;
}

bool in_time_class(const Settings& settings, std::string_view time_class, std::string_view zone, Time at) {
    auto spans = settings.time_classes.find(std::string(time_class));
    if (spans == settings.time_classes.end()) return false;
    auto clock = wall_clock(at, zone);
    return clock && std::ranges::any_of(spans->second, [&](const WeekSpan& span) { return in_span(span, *clock); });
}

std::optional<int> origin_match(const Settings& settings, std::string_view origin,
                                const std::optional<numbering::E164>& from) {
    if (origin.empty()) return 0;
    bool valid = from && from->length() >= least_caller;
    if (origin == invalid_origin) return valid ? std::nullopt : std::optional(1);
    if (!valid) return std::nullopt;
    auto digits = from->digits();
    auto match = [&](std::string_view prefix) -> std::optional<int> {
        if (!digits.starts_with(prefix)) return std::nullopt;
        return static_cast<int>(prefix.size());
    };
    if (is_digit(origin.front())) return match(origin);
    std::optional<int> best;
    if (auto group = settings.origins.find(std::string(origin)); group != settings.origins.end())
        for (const auto& prefix : group->second) best = std::max(best, match(prefix));
    return best;
}

Jurisdiction jurisdiction_of(const Settings& settings, JurisdictionBasis basis,
                             const std::optional<numbering::E164>& from, const numbering::E164& number) {
    const auto& areas = basis == JurisdictionBasis::state ? settings.states : settings.latas;
    auto called = area_of(areas, number);
    auto calling = from ? area_of(areas, *from) : std::string_view{};
    if (called.empty() || calling.empty()) return Jurisdiction::indeterminate;
    return called == calling ? Jurisdiction::intrastate : Jurisdiction::interstate;
}

}  // namespace trunkbox::lcr

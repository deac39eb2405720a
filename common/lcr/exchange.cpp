#include "lcr/exchange.h"

namespace trunkbox::lcr {

std::optional<Money> exchange_at(const Settings& settings, Currency currency, Time at) {
    constexpr std::int64_t one = 1'000'000'000'000;
    if (currency == settings.currency) return Money::of_units(one);
    const Exchange* best = nullptr;
    for (const auto& entry : settings.exchanges)
        if (entry.currency == currency && entry.since <= at && (best == nullptr || entry.since >= best->since))
            best = &entry;
    if (best == nullptr) return std::nullopt;
    return best->rate;
}

}  // namespace trunkbox::lcr

// Rates of exchange.
#pragma once

#include "lcr/settings.h"

#include <optional>

namespace trunkbox::lcr {

// What one of `currency` is in the settings' own at that time; nothing before the first rate that is given.
[[nodiscard]] std::optional<Money> exchange_at(const Settings& settings, Currency currency, Time at);

}  // namespace trunkbox::lcr

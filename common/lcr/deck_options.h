// What the map of a deck says besides its columns.
#pragma once

#include "base/result.h"
#include "lcr/deck_columns.h"
#include "lcr/deck_dates.h"

#include <cstdint>
#include <string_view>

namespace trunkbox::lcr {

struct DeckOptions {
    // "date order": "day first" or "month first".
    DateOrder date_order = DateOrder::unknown;
    // "per": what the rates are for, "minute", "second", so many seconds, or "increment"; 0 is each row's
    // increment.
    std::int64_t per = 60;
};

[[nodiscard]] bool is_deck_option(std::string_view key);
[[nodiscard]] Result<DeckOptions> read_deck_options(const ColumnMap& map);

}  // namespace trunkbox::lcr

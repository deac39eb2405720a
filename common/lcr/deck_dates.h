// Dates and times as the cells of a deck have them.
#pragma once

#include "base/result.h"
#include "base/time.h"

#include <functional>
#include <optional>
#include <string_view>

namespace trunkbox::lcr {

enum class DateOrder { unknown, day_first, month_first, both };

// "day first", "month first"; Fault::input for anything else.
[[nodiscard]] Result<DateOrder> parse_date_order(std::string_view words);

// What "25/12/2026" or "12-25-2026" says of the order in its deck; unknown if this could be both or is no
// such date.
[[nodiscard]] DateOrder order_shown_by(std::string_view cell);

// 2026-11-22, 2026/11/22, 20261122, 22.11.2026, 22-Nov-2026, Nov 22 2026, each with hh:mm or hh:mm:ss behind
// it as wanted, and RFC 3339; in UTC where there is no offset, a day at 00:00. Of 22/11/2026 and 22-11-2026,
// `order` says which is the day; it is asked only where that matters. None for "", "0000-00-00" and what lies
// beyond 2261. Errors have no place.
[[nodiscard]] Result<std::optional<Time>> read_date(std::string_view cell,
                                                    const std::function<DateOrder()>& order);

}  // namespace trunkbox::lcr

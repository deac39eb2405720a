// The Date of a message (RFC 3261 section 20.17): "Sat, 13 Nov 2010 23:29:00 GMT".
#pragma once

#include <optional>
#include <string_view>

#include "base/time.h"

namespace trunkbox::sbc {

// Nothing when it is no such date; the day of the week is not compared with the calendar.
[[nodiscard]] std::optional<Time> parse_date(std::string_view text);

}  // namespace trunkbox::sbc

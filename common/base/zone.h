// What the clock on the wall says in an IANA time zone (tzdata; a constant of the machine). std::system_error where the
// library that knows them is not installed.
#pragma once

#include "base/result.h"
#include "base/time.h"

#include <string>
#include <string_view>

namespace trunkbox {

struct WallClock {
    int weekday = 0;  // 0 is Monday
    int minute = 0;   // of the day, 0 to 1439
};

// "Europe/Paris", "UTC". Fault::input names what is not a zone.
[[nodiscard]] Result<WallClock> wall_clock(Time time, std::string_view zone);
[[nodiscard]] Result<void> check_zone(std::string_view zone);
// When the clocks of the zone show `local` (its digits, as if they were UTC). A time that they show twice is the first of
// the two; one that they skip is the moment at which they do.
[[nodiscard]] Result<Time> from_wall_clock(Time local, std::string_view zone);
// The time as RFC 3339 with the zone's offset, to the second: "2026-07-01T10:00:00+02:00"; UTC when the zone is unknown.
[[nodiscard]] std::string rfc3339_in(Time time, std::string_view zone);

}  // namespace trunkbox

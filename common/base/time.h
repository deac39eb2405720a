// Time as values: floors 0 to 2 read no clock, time arrives as an argument.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace trunkbox {

using Duration = std::chrono::nanoseconds;
// UTC, nanoseconds since 1970 (the precision of a capture file).
using Time = std::chrono::sys_time<Duration>;

using namespace std::chrono_literals;

[[nodiscard]] constexpr double seconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}
[[nodiscard]] constexpr Duration from_seconds(double count) {
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(count));
}

// RFC 3339 in UTC, "2026-11-22T10:00:00.123456Z"; digits: 0 to 9 decimals.
[[nodiscard]] std::string rfc3339(Time time, int digits = 6);
// RFC 3339 with "Z" or an offset; error otherwise.
[[nodiscard]] Result<Time> parse_rfc3339(std::string_view text);

// "2", "2.5", "500ms", "20s", "3m", "1h", "1d" (a bare number is seconds); not negative.
[[nodiscard]] Result<Duration> parse_duration(std::string_view text);

}  // namespace trunkbox

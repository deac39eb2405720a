#include "base/time.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"

namespace trunkbox {

std::string rfc3339(Time time, int digits) {
    using namespace std::chrono;
    // The day that the earliest times of all are in begins before what a Time can say.
    time = std::max(time, Time::min() + days(1));
    auto day = floor<days>(time);
    year_month_day date(day);
    hh_mm_ss clock(time - day);
    // By hand, because records of packets and calls have one or two of these each.
    std::string text = "0000-00-00T00:00:00.000000000";
    auto put = [&](std::size_t place, std::size_t width, std::int64_t value) {
        for (; width > 0; --width, value /= 10) text[place + width - 1] = static_cast<char>('0' + value % 10);
    };
    put(0, 4, static_cast<int>(date.year()));
    put(5, 2, static_cast<unsigned>(date.month()));
    put(8, 2, static_cast<unsigned>(date.day()));
    put(11, 2, clock.hours().count());
    put(14, 2, clock.minutes().count());
    put(17, 2, clock.seconds().count());
    put(20, 9, clock.subseconds().count());
    text.resize(digits > 0 ? 20 + static_cast<std::size_t>(digits) : 19);
    return text + 'Z';
}

namespace {

// Reads `width` digits at the front and removes them.
std::optional<int> take_digits(std::string_view& text, std::size_t width) {
    if (text.size() < width) return std::nullopt;
    for (char c : text.substr(0, width))
        if (!is_digit(c)) return std::nullopt;
    auto value = parse_integer<int>(text.substr(0, width));
    text.remove_prefix(width);
    return value;
}

bool take(std::string_view& text, std::string_view any_of) {
    if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<Duration> take_fraction(std::string_view& text) {
    if (!take(text, ".")) return Duration{0};
    std::int64_t value = 0;
    std::int64_t unit = 1'000'000'000;
    std::size_t count = 0;
    while (!text.empty() && is_digit(text.front())) {
        if (unit > 1) {
            unit /= 10;
            value += (text.front() - '0') * unit;
        }
        text.remove_prefix(1);
        ++count;
    }
    if (count == 0) return std::nullopt;
    return Duration{value};
}

std::optional<std::chrono::minutes> take_offset(std::string_view& text) {
    if (take(text, "Zz")) return std::chrono::minutes{0};
    int sign = !text.empty() && text.front() == '-' ? -1 : 1;
    if (!take(text, "+-")) return std::nullopt;
    auto hour = take_digits(text, 2);
    if (!hour || *hour > 23 || !take(text, ":")) return std::nullopt;
    auto minute = take_digits(text, 2);
    if (!minute || *minute > 59) return std::nullopt;
    return std::chrono::minutes{sign * (*hour * 60 + *minute)};
}

}  // namespace

Result<Time> parse_rfc3339(std::string_view text) {
    using namespace std::chrono;
    auto bad = failure(Fault::input, "", fmt::format("'{}' is not a time", printable(text)),
                       "write e.g. '2026-11-22T10:00:00Z'");
    auto rest = text;
    auto year = take_digits(rest, 4);
    if (!year || !take(rest, "-")) return bad;
    auto month = take_digits(rest, 2);
    if (!month || !take(rest, "-")) return bad;
    auto day = take_digits(rest, 2);
    if (!day || !take(rest, "Tt ")) return bad;
    auto hour = take_digits(rest, 2);
    if (!hour || *hour > 23 || !take(rest, ":")) return bad;
    auto minute = take_digits(rest, 2);
    if (!minute || *minute > 59 || !take(rest, ":")) return bad;
    auto second = take_digits(rest, 2);
    if (!second || *second > 60) return bad;
    auto fraction = take_fraction(rest);
    if (!fraction) return bad;
    auto offset = take_offset(rest);
    year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                        std::chrono::day{static_cast<unsigned>(*day)}};
    // sys_time of nanoseconds ends in 2262.
    if (!offset || !rest.empty() || !date.ok() || *year < 1970 || *year > 2261) return bad;
    return Time{sys_days{date}} + hours{*hour} + minutes{*minute} + std::chrono::seconds{*second} + *fraction -
           *offset;
}

Result<Duration> parse_duration(std::string_view text) {
    auto bad = failure(Fault::usage, "", fmt::format("'{}' is not a duration", printable(text)),
                       "write e.g. '2', '2.5', '500ms', '20s', '3m' or '1h'");
    auto unit = text.find_first_not_of("0123456789.");
    auto number = parse_number(text.substr(0, unit));
    auto suffix = unit == std::string_view::npos ? std::string_view{} : text.substr(unit);
    if (!number || !std::isfinite(*number)) return bad;
    double factor = suffix.empty() || suffix == "s" ? 1
                    : suffix == "ms"                ? 0.001
                    : suffix == "m"                 ? 60
                    : suffix == "h"                 ? 3600
                    : suffix == "d"                 ? 86400
                                                    : 0;
    constexpr double century = 100.0 * 366 * 86400;
    if (factor == 0 || *number * factor > century) return bad;
    return from_seconds(*number * factor);
}

}  // namespace trunkbox

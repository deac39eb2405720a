#include "sbc/date.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace trunkbox::sbc {
namespace {

constexpr std::array<std::string_view, 7> weekdays{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::optional<Duration> time_of_day(std::string_view text) {
    if (text.size() != 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
    auto hour = parse_integer<unsigned>(text.substr(0, 2));
    auto minute = parse_integer<unsigned>(text.substr(3, 2));
    auto second = parse_integer<unsigned>(text.substr(6, 2));
    if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
    return std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second);
}

}  // namespace

std::optional<Time> parse_date(std::string_view text) {
    constexpr std::size_t length = std::string_view("Sat, 13 Nov 2010 23:29:00 GMT").size();
    bool shaped = text.size() == length && text.substr(3, 2) == ", " && text[7] == ' ' && text[11] == ' ' &&
                  text[16] == ' ' && text.substr(25) == " GMT";
    if (!shaped || std::ranges::find(weekdays, text.substr(0, 3)) == weekdays.end()) return std::nullopt;
    auto month = std::ranges::find(months, text.substr(8, 3));
    auto day = parse_integer<unsigned>(text.substr(5, 2));
    auto year = parse_integer<unsigned>(text.substr(12, 4));
    auto time = time_of_day(text.substr(17, 8));
    if (month == months.end() || !day || !year || !time) return std::nullopt;
    std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                     std::chrono::month(static_cast<unsigned>(month - months.begin()) + 1),
                                     std::chrono::day(*day)};
    // Beyond these, nanoseconds since 1970 do not fit.
    if (!date.ok() || *year < 1678 || *year > 2261) return std::nullopt;
    return std::chrono::sys_days(date) + *time;
}

}  // namespace trunkbox::sbc

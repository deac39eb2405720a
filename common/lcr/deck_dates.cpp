#include "lcr/deck_dates.h"

#include "base/text.h"
#include "lcr/deck_titles.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

// The numbers and words of a date, with what parts them.
struct Parts {
    std::array<std::string_view, 3> words{};
    std::array<char, 2> marks{};
    std::string_view rest{};  // the time of day
};

std::optional<Parts> take_apart(std::string_view text) {
    Parts parts;
    for (std::size_t i = 0; i < 3; ++i) {
        bool digits = !text.empty() && is_digit(text.front());
        auto end = std::ranges::find_if_not(text, digits ? is_digit : is_alpha) - text.begin();
        parts.words[i] = text.substr(0, static_cast<std::size_t>(end));
        text.remove_prefix(static_cast<std::size_t>(end));
        if (parts.words[i].empty()) return std::nullopt;
        if (i == 2) break;
        if (text.empty()) return std::nullopt;
        parts.marks[i] = text.front() == ',' ? ' ' : text.front();
        text.remove_prefix(1);
        if (parts.marks[i] == ' ') text = trim(text);
    }
    parts.rest = text;
    return parts;
}

std::optional<int> number(std::string_view word, std::size_t most_digits) {
    if (word.size() > most_digits) return std::nullopt;
    auto value = parse_integer<unsigned>(word);
    return value ? std::optional(static_cast<int>(*value)) : std::nullopt;
}

std::optional<int> month_by_name(std::string_view word) {
    constexpr std::array<std::string_view, 12> months{"january",   "february", "march",    "april",
                                                      "may",       "june",     "july",     "august",
                                                      "september", "october",  "november", "december"};
    if (word.size() < 3) return std::nullopt;
    for (std::size_t i = 0; i < months.size(); ++i)
        if (istarts_with(months[i], word)) return static_cast<int>(i) + 1;
    return std::nullopt;
}

// " 10:00", "T10:00:00"; none if it is anything else.
std::optional<Duration> time_of_day(std::string_view text) {
    if (text.empty()) return Duration{0};
    if (text.front() != ' ' && text.front() != 'T') return std::nullopt;
    auto fields = split(trim(text.substr(1)), ':');
    if (fields.size() < 2 || fields.size() > 3) return std::nullopt;
    auto [whole, fraction] = split_once(fields.back(), '.');
    if (fraction && !fraction->empty() && fraction->find_first_not_of('0') == std::string_view::npos) fields.back() = whole;
    constexpr std::array<int, 3> most{23, 59, 59};
    std::array<int, 3> clock{};
    for (std::size_t i = 0; i < fields.size(); ++i) {
        auto value = number(fields[i], 2);
        if (!value || *value > most[i]) return std::nullopt;
        clock[i] = *value;
    }
    return std::chrono::hours{clock[0]} + std::chrono::minutes{clock[1]} + std::chrono::seconds{clock[2]};
}

tl::unexpected<Error> bad_date(std::string_view text, std::string_view why, std::string fix) {
    return failure(Fault::input, "", fmt::format("'{}' {}", printable(text), why), std::move(fix));
}
tl::unexpected<Error> no_date(std::string_view text) {
    return bad_date(text, "is not a date or time", "write e.g. '2026-11-22' or '2026-11-22T10:00:00Z'");
}

Result<std::optional<Time>> instant(std::string_view text, int year, int month, int day,
                                    std::string_view rest) {
    using namespace std::chrono;
    if (year == 0 && month == 0 && day == 0) return std::nullopt;
    auto clock = time_of_day(rest);
    year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                        std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok() || year < 1970) return no_date(text);
    if (year > 2261) return std::nullopt;  // where Time ends, and what "9999-12-31" means anyway
    if (!clock) return no_date(text);
    return Time{sys_days{date}} + *clock;
}

// Both ways of "03/04/2026" are dates: the file must show its order elsewhere.
Result<bool> is_day_first(std::string_view text, const std::function<DateOrder()>& order) {
    switch (order()) {
        case DateOrder::day_first: return true;
        case DateOrder::month_first: return false;
        case DateOrder::both:
            return bad_date(text, "has its day first or its month first, and the file has dates of both kinds",
                            "write e.g. '2026-11-22', or map 'date order' to 'day first' or 'month first'");
        case DateOrder::unknown: break;
    }
    return bad_date(text, "has its day first or its month first, and no date in the file shows which",
                    "write e.g. '2026-11-22', or map 'date order' to 'day first' or 'month first'");
}

bool has_ordered_marks(const Parts& parts) {
    return parts.marks[0] == parts.marks[1] && (parts.marks[0] == '/' || parts.marks[0] == '-');
}

bool are_digits(std::string_view text) {
    return std::ranges::all_of(text, is_digit);
}

// 22/11/2026 and 22-11-2026, in either order.
Result<std::optional<Time>> ordered_date(std::string_view text, const Parts& parts, int a, int b, int year,
                                         const std::function<DateOrder()>& order) {
    bool day_first = a > 12;
    if (a <= 12 && b <= 12 && a != b) {
        auto asked = is_day_first(text, order);
        if (!asked) return tl::unexpected(asked.error());
        day_first = *asked;
    }
    return day_first ? instant(text, year, b, a, parts.rest) : instant(text, year, a, b, parts.rest);
}

Result<std::optional<Time>> date_of_parts(std::string_view text, const Parts& parts,
                                          const std::function<DateOrder()>& order) {
    const auto& [first, second, third] = parts.words;
    bool same_marks = parts.marks[0] == parts.marks[1];
    if (first.size() == 4 && are_digits(first) && same_marks) {
        auto month = number(second, 2);
        auto day = number(third, 2);
        if (!month || !day) return no_date(text);
        return instant(text, *number(first, 4), *month, *day, parts.rest);
    }
    auto year = number(third, 4);
    if (!year) return no_date(text);
    if (third.size() != 4) return bad_date(text, "has no year of four digits", "write e.g. '2026-11-22'");
    auto a = number(first, 2);
    auto b = number(second, 2);
    if (auto month = month_by_name(second); month && a) return instant(text, *year, *month, *a, parts.rest);
    if (auto month = month_by_name(first); month && b) return instant(text, *year, *month, *b, parts.rest);
    if (!a || !b) return no_date(text);
    if (same_marks && parts.marks[0] == '.') return instant(text, *year, *b, *a, parts.rest);
    return has_ordered_marks(parts) ? ordered_date(text, parts, *a, *b, *year, order) : no_date(text);
}

}  // namespace

Result<DateOrder> parse_date_order(std::string_view words) {
    auto order = normalised(words);
    if (order == "day first") return DateOrder::day_first;
    if (order == "month first") return DateOrder::month_first;
    return failure(Fault::input, "", fmt::format("map 'date order={}' is not understood", printable(words)),
                   "write 'day first' or 'month first'");
}

DateOrder order_shown_by(std::string_view cell) {
    auto parts = take_apart(cell);
    if (!parts || parts->words[2].size() != 4 || !has_ordered_marks(*parts)) return DateOrder::unknown;
    auto a = number(parts->words[0], 2);
    auto b = number(parts->words[1], 2);
    if (!a || !b || (*a > 12) == (*b > 12)) return DateOrder::unknown;
    return *a > 12 ? DateOrder::day_first : DateOrder::month_first;
}

Result<std::optional<Time>> read_date(std::string_view cell, const std::function<DateOrder()>& order) {
    if (cell.empty()) return std::nullopt;
    if (are_digits(cell)) {
        if (cell.size() == 8)
            return instant(cell, *number(cell.substr(0, 4), 4), *number(cell.substr(4, 2), 2),
                           *number(cell.substr(6), 2), {});
        if (cell.size() == 5)
            return bad_date(cell, "is how a spreadsheet counts days",
                            "format the column as date and export the deck again, e.g. '2026-11-22'");
        return no_date(cell);
    }
    if (auto time = parse_rfc3339(cell)) return *time;
    auto parts = take_apart(cell);
    return parts ? date_of_parts(cell, *parts, order) : no_date(cell);
}

}  // namespace trunkbox::lcr

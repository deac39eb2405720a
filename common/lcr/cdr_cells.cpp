#include "lcr/cdr_cells.h"

#include "base/text.h"
#include "base/zone.h"
#include "lcr/terms.h"
#include "numbering/e164.h"
#include "numbering/spelling.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

using namespace std::chrono;

constexpr std::int64_t day_seconds = 86'400;
// Nanoseconds end in 2262, and the longest call must end before.
constexpr Time past_times{sys_days{std::chrono::year{2200} / 1 / 1}};

tl::unexpected<Error> bad_cell(std::string_view what, std::string_view cell, std::string_view why, std::string fix) {
    return failure(Fault::input, "", fmt::format("{} '{}' {}", what, printable(cell), why), std::move(fix));
}

// Eight digits at once; none if one of them is none. Little-endian, as all that runs this is.
std::optional<std::uint64_t> eight_digits(const char* at) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    constexpr std::uint64_t high_halves = 0xF0F0F0F0F0F0F0F0, zeros = 0x3030303030303030, six = 0x0606060606060606;
    if ((word & high_halves) != zeros || ((word + six) & high_halves) != zeros) return std::nullopt;
    word = (word & 0x0F0F0F0F0F0F0F0F) * 2561 >> 8U;            // pairs
    word = (word & 0x00FF00FF00FF00FF) * 6553601 >> 16U;        // fours
    return (word & 0x0000FFFF0000FFFF) * 42949672960001 >> 32U;
}

// 4 to 15 digits, the first not 0; otherwise 0.
std::uint64_t plain_number(std::string_view digits) {
    if (digits.size() < 4 || digits.size() > numbering::max_digits || digits.front() == '0') return 0;
    std::uint64_t value = 0;
    if (digits.size() >= 8) {
        auto first = eight_digits(digits.data());
        if (!first) return 0;
        value = *first;
        digits.remove_prefix(8);
    }
    for (char c : digits) {
        if (!is_digit(c)) return 0;
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return value;
}

// 1 to 5 digits and nothing else; otherwise -1. No call of so few is too long.
std::int64_t plain_seconds(std::string_view cell) {
    if (cell.empty() || cell.size() > 5) return -1;
    std::int64_t value = 0;
    for (char c : cell) {
        if (!is_digit(c)) return -1;
        value = value * 10 + (c - '0');
    }
    return value;
}

// The user part of a sip, sips or tel URI, without its parameters; other text as it is.
std::string_view without_uri(std::string_view text) {
    auto colon = text.find(':');
    if (colon == std::string_view::npos) return text.substr(0, text.find('@'));
    auto scheme = text.substr(0, colon);
    if (!iequals(scheme, "sip") && !iequals(scheme, "sips") && !iequals(scheme, "tel")) return text;
    text = text.substr(colon + 1);
    text = text.substr(0, text.find('@'));
    return text.substr(0, text.find(';'));
}

// So many digits at a place, as a number; -1 if they are none.
int digits_at(std::string_view text, std::size_t place, std::size_t count) {
    int value = 0;
    for (std::size_t i = place; i < place + count; ++i) {
        if (i >= text.size() || !is_digit(text[i])) return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

// "hh:mm:ss" at a place, in seconds.
std::optional<std::int64_t> clock_at(std::string_view text, std::size_t place) {
    auto hour = digits_at(text, place, 2);
    auto minute = digits_at(text, place + 3, 2);
    auto second = digits_at(text, place + 6, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return std::nullopt;
    if (text[place + 2] != ':' || text[place + 5] != ':') return std::nullopt;
    return (std::int64_t{hour} * 60 + minute) * 60 + second;
}

std::optional<std::int64_t> day_number(int year, int month, int day) {
    if (year < 1970 || year > 2199 || month < 1 || day < 1) return std::nullopt;
    year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                        std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) return std::nullopt;
    return sys_days{date}.time_since_epoch().count() * day_seconds;
}

// Decimals of a second, as far as there are any; the text behind them stays.
std::optional<std::int64_t> take_decimals(std::string_view& text) {
    if (text.empty() || (text.front() != '.' && text.front() != ',')) return 0;
    std::int64_t value = 0;
    std::int64_t unit = 1'000'000'000;
    std::size_t i = 1;
    for (; i < text.size() && is_digit(text[i]); ++i) {
        unit /= 10;
        value += unit * (text[i] - '0');
    }
    if (i == 1) return std::nullopt;
    text.remove_prefix(i);
    return value;
}

// "Z", "UTC", "+01:00", "+0100", in seconds east; none where there is none.
struct Offset {
    bool good = true;
    std::optional<std::int64_t> east{};
};
Offset read_offset(std::string_view text) {
    text = trim(text);
    if (text.empty()) return {};
    if (text == "Z" || text == "z" || iequals(text, "UTC") || iequals(text, "GMT")) return {true, 0};
    if (text.front() != '+' && text.front() != '-') return {.good = false};
    std::size_t minutes_at = text.size() == 6 && text[3] == ':' ? 4 : 3;
    auto hour = digits_at(text, 1, 2);
    auto minute = digits_at(text, minutes_at, 2);
    if (text.size() != minutes_at + 2 || hour < 0 || hour > 23 || minute < 0 || minute > 59) return {.good = false};
    std::int64_t east = (std::int64_t{hour} * 60 + minute) * 60;
    return {true, text.front() == '-' ? -east : east};
}

Time at_seconds(std::int64_t count, std::int64_t nanoseconds_past) {
    return Time{std::chrono::seconds(count) + nanoseconds(nanoseconds_past)};
}

// What a count since 1970 is in depends on how many digits it has: seconds from 1973 on, and their thousandths.
std::optional<Time> epoch_time(std::string_view cell) {
    auto whole = cell.substr(0, cell.find_first_not_of("0123456789"));
    auto rest = cell.substr(whole.size());
    auto value = parse_integer<std::int64_t>(whole);
    auto decimals = take_decimals(rest);
    if (!value || !decimals || !rest.empty()) return std::nullopt;
    constexpr std::int64_t billion = 1'000'000'000;
    switch (whole.size()) {
        case 9:
        case 10: return at_seconds(std::min(*value, past_times.time_since_epoch().count() / billion), *decimals);
        case 13:
            return *decimals == 0 ? std::optional(at_seconds(*value / 1000, *value % 1000 * 1'000'000)) : std::nullopt;
        case 16:
            return *decimals == 0 ? std::optional(at_seconds(*value / 1'000'000, *value % 1'000'000 * 1000))
                                  : std::nullopt;
        case 19: return *decimals == 0 ? std::optional(at_seconds(*value / billion, *value % billion)) : std::nullopt;
        default: return std::nullopt;
    }
}

struct Disposition {
    std::string_view text;
    bool answered;
};
constexpr std::array dispositions{
    Disposition{"answered", true},   Disposition{"answer", true},        Disposition{"yes", true},
    Disposition{"true", true},       Disposition{"1", true},             Disposition{"ok", true},
    Disposition{"success", true},    Disposition{"completed", true},     Disposition{"connected", true},
    Disposition{"normal", true},     Disposition{"no answer", false},    Disposition{"noanswer", false},
    Disposition{"no_answer", false}, Disposition{"unanswered", false},   Disposition{"not answered", false},
    Disposition{"busy", false},      Disposition{"failed", false},       Disposition{"failure", false},
    Disposition{"cancel", false},    Disposition{"cancelled", false},    Disposition{"canceled", false},
    Disposition{"congestion", false}, Disposition{"chanunavail", false}, Disposition{"rejected", false},
    Disposition{"missed", false},    Disposition{"timeout", false},      Disposition{"no", false},
    Disposition{"false", false},     Disposition{"0", false}};

}  // namespace

Result<std::uint64_t> read_cdr_number(std::string_view cell, std::string_view region) {
    auto text = cell;
    bool international = text.starts_with('+');
    if (international) text.remove_prefix(1);
    if (international || region.empty())
        if (auto value = plain_number(text); value != 0) return value;
    auto spelt = trim(without_uri(cell));
    if (spelt.starts_with("00"))
        if (auto value = plain_number(spelt.substr(2)); value != 0) return value;
    if (spelt.starts_with('+') || !region.empty())
        if (auto number = numbering::read_number(spelt, region)) return number->value();
    if (spelt != cell && region.empty())
        if (auto value = plain_number(spelt); value != 0) return value;
    return bad_cell("number", cell, "is not in E.164",
                    region.empty() ? "write the country code first, e.g. '+442079460123', or say of which region national "
                                "numbers are"
                              : fmt::format("as '+442079460123' or as it is dialled in {}", printable(region)));
}

Result<Duration> read_cdr_duration(std::string_view cell, std::int64_t per_second) {
    constexpr std::size_t most_digits = 15;
    constexpr std::string_view example = "write e.g. '61', '61.5' or '0:01:01'";
    if (auto whole = plain_seconds(cell); whole >= 0) return Duration{whole * (1'000'000'000 / per_second)};
    if (cell.starts_with('-')) return bad_cell("duration", cell, "is negative", std::string(example));
    std::int64_t whole = 0;
    int parts = 1;
    std::size_t digits = 0;
    std::size_t i = 0;
    std::int64_t part = 0;
    for (; i < cell.size() && digits <= most_digits; ++i) {
        if (is_digit(cell[i])) {
            part = part * 10 + (cell[i] - '0');
            ++digits;
        } else if (cell[i] == ':' && digits > 0 && parts < 3 && per_second == 1) {
            whole = (whole + part) * 60;
            part = 0;
            digits = 0;
            ++parts;
        } else {
            break;
        }
        if (whole > longest_call * 3600) digits = most_digits + 1;
    }
    bool huge = digits > most_digits;
    auto rest = cell.substr(i);
    whole += part;
    auto decimals = take_decimals(rest);
    if (!huge && (digits == 0 || !decimals || !rest.empty() || (parts > 1 && part > 59)))
        return bad_cell("duration", cell, "is not understood", std::string(example));
    if (huge || whole / per_second > longest_call || (whole / per_second == longest_call && *decimals > 0))
        return bad_cell("duration", cell, fmt::format("is more than {} s", longest_call),
                        per_second == 1 ? "a column of milliseconds is titled e.g. 'duration_ms'" : "no call is that long");
    constexpr std::int64_t billion = 1'000'000'000;
    return Duration{whole * (billion / per_second) + *decimals / per_second};
}

Result<bool> read_cdr_status(std::string_view cell) {
    auto text = trim(cell);
    if (istarts_with(text, "SIP/2.0 ")) text.remove_prefix(8);
    auto status = digits_at(text, 0, 3);
    if (status >= 100 && status <= 699 && (text.size() == 3 || text[3] == ' ')) return status / 100 == 2;
    for (const auto& disposition : dispositions)
        if (iequals(text, disposition.text)) return disposition.answered;
    return bad_cell("status", cell, "is not known", "write e.g. 'ANSWERED', 'NO ANSWER' or a SIP status");
}

std::optional<std::int64_t> CdrTimeReader::day_of(std::string_view date) {
    if (date == day_text_) return day_;
    if (date[4] != date[7] || (date[4] != '-' && date[4] != '/')) return std::nullopt;
    auto day = day_number(digits_at(date, 0, 4), digits_at(date, 5, 2), digits_at(date, 8, 2));
    if (!day) return std::nullopt;
    day_text_ = date;
    day_ = *day;
    return day;
}

// Offsets change at quarters of hours, so that one with the same offset at both ends has it throughout.
std::optional<Time> CdrTimeReader::from_zone(std::int64_t local_seconds) {
    constexpr std::int64_t quarter_seconds = 900;
    auto quarter = local_seconds / quarter_seconds;
    if (offset_ && quarter == quarter_) return at_seconds(local_seconds - *offset_, 0);
    auto offset_at = [&](std::int64_t local) -> std::optional<std::int64_t> {
        auto moment = from_wall_clock(at_seconds(local, 0), zone_);
        if (!moment) return std::nullopt;
        return local - duration_cast<std::chrono::seconds>(moment->time_since_epoch()).count();
    };
    auto here = offset_at(local_seconds);
    if (!here) return std::nullopt;
    auto first = offset_at(quarter * quarter_seconds);
    auto last = offset_at((quarter + 1) * quarter_seconds - 1);
    offset_ = first == last ? first : std::nullopt;
    quarter_ = quarter;
    return at_seconds(local_seconds - *here, 0);
}

std::optional<Time> CdrTimeReader::in_last_minute(std::string_view cell) const {
    auto behind = minute_text_.size() + 2;
    if (minute_text_.empty() || cell.size() < behind || !cell.starts_with(minute_text_) || cell.substr(behind) != minute_rest_)
        return std::nullopt;
    auto second = digits_at(cell, minute_text_.size(), 2);
    if (second < 0 || second > 59) return std::nullopt;
    return minute_ + std::chrono::seconds(second);
}

// Whole seconds, where the zone has one offset throughout.
void CdrTimeReader::remember_minute(std::string_view cell, Time time) {
    constexpr std::size_t seconds_at = 17;
    minute_text_.clear();
    if (cell.size() < seconds_at + 2 || time.time_since_epoch() % std::chrono::seconds(1) != Duration{}) return;
    auto second = digits_at(cell, seconds_at, 2);
    if (cell[seconds_at - 1] != ':' || second < 0 || second > 59) return;
    minute_text_ = cell.substr(0, seconds_at);
    minute_rest_ = cell.substr(seconds_at + 2);
    minute_ = time - std::chrono::seconds(second);
}

std::optional<Time> CdrTimeReader::wall_time(std::string_view cell) {
    std::optional<std::int64_t> day;
    std::optional<std::int64_t> clock;
    std::string_view rest;
    if (cell.size() == 14 && std::ranges::all_of(cell, is_digit)) {
        day = day_number(digits_at(cell, 0, 4), digits_at(cell, 4, 2), digits_at(cell, 6, 2));
        std::array<char, 8> spelt{cell[8], cell[9], ':', cell[10], cell[11], ':', cell[12], cell[13]};
        clock = clock_at({spelt.data(), spelt.size()}, 0);
    } else if (cell.size() >= 19 && (cell[10] == ' ' || cell[10] == 'T' || cell[10] == 't')) {
        day = day_of(cell.substr(0, 10));
        clock = clock_at(cell, 11);
        rest = cell.substr(19);
    }
    if (!day || !clock) return std::nullopt;
    auto decimals = take_decimals(rest);
    auto [good, east] = read_offset(rest);
    if (!decimals || !good) return std::nullopt;
    auto local = *day + *clock;
    auto time = east || utc_ ? at_seconds(local - east.value_or(0), 0) : from_zone(local);
    if (!time) return std::nullopt;
    *time += nanoseconds(*decimals);
    if (east || utc_ || offset_) remember_minute(cell, *time);
    return time;
}

// The same hour, where the zone's clock shows it.
std::optional<Time> CdrTimeReader::at_wall(Time shown) {
    if (utc_) return shown;
    auto whole = std::chrono::floor<std::chrono::seconds>(shown);
    auto time = from_zone(whole.time_since_epoch().count());
    return time ? std::optional(*time + (shown - whole)) : std::nullopt;
}

Result<Time> CdrTimeReader::read(std::string_view cell) {
    auto time = in_last_minute(cell);
    if (!time) time = wall_time(cell);
    if (!time) time = epoch_time(cell);
    if (!time && cell.find(':') != std::string_view::npos) {
        bool asked = false;
        auto shown = read_date(cell, [&] {
            asked = true;
            return order_;
        });
        if (!shown && asked) return tl::unexpected(shown.error());
        if (shown && *shown) time = at_wall(**shown);
    }
    if (time && *time >= Time{} && *time < past_times) return *time;
    return bad_cell("time", cell, "is not understood",
                    "write e.g. '2026-11-22T10:00:00Z', '2026-11-22 10:00:00' or '1795341600'");
}

}  // namespace trunkbox::lcr

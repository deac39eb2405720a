#include "base/money.h"

#include "base/text.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

namespace trunkbox {

namespace {

constexpr std::int64_t unit = 1'000'000'000'000;  // one whole, 10^Money::decimals
constexpr std::int64_t most_units = std::numeric_limits<std::int64_t>::max();

tl::unexpected<Error> bad(std::string_view text, std::string_view why, std::string fix) {
    return failure(Fault::input, "", fmt::format("amount '{}' {}", printable(text), why), std::move(fix));
}

// Appends digits to a count of units; false on overflow.
bool append(std::int64_t& units, std::string_view digits) {
    for (char c : digits) {
        std::int64_t digit = c - '0';
        if (units > (most_units - digit) / 10) return false;
        units = units * 10 + digit;
    }
    return true;
}

}  // namespace

Result<Money> Money::parse(std::string_view text, char mark) {
    auto example = mark == ',' ? "write e.g. '0,0123'" : "write e.g. '0.0123'";
    auto [whole, fraction] = split_once(text, mark);
    auto decimals_text = fraction.value_or(std::string_view{});
    if (text.starts_with('-')) return bad(text, "is negative", example);
    auto digits_only = [](std::string_view part) { return std::ranges::all_of(part, is_digit); };
    if (!digits_only(whole) || !digits_only(decimals_text) || (whole.empty() && decimals_text.empty()))
        return bad(text, "is not a decimal number", example);
    while (decimals_text.ends_with('0')) decimals_text.remove_suffix(1);
    if (decimals_text.size() > static_cast<std::size_t>(decimals))
        return bad(text, fmt::format("has more than {} decimals", decimals), "round it");
    std::string padded(decimals_text);
    padded.resize(static_cast<std::size_t>(decimals), '0');
    std::int64_t units = 0;
    if (!append(units, whole) || !append(units, padded))
        return bad(text, "is too large", fmt::format("at most {} whole units", most_units / unit));
    return Money(units);
}

std::string Money::text() const {
    auto text = fmt::format("{}.{:012}", units_ / unit, units_ % unit);
    while (text.ends_with('0')) text.pop_back();
    if (text.ends_with('.')) text.pop_back();
    return text;
}

Cost Cost::per_minute(Money rate, std::int64_t seconds) {
    // The multiple of 1/60: rate × seconds / 60 = units × seconds × 1/60.
    return Cost(Int128{rate.units()} * std::max<std::int64_t>(seconds, 0));
}

std::string Cost::text(int digits) const {
    digits = std::clamp(digits, 0, Money::decimals);
    Int128 step = 60;  // one of the last printed digit
    for (int i = digits; i < Money::decimals; ++i) step *= 10;
    bool negative = units_ < 0;
    Int128 magnitude = negative ? -units_ : units_;
    Int128 count = (magnitude + step / 2) / step;
    std::string reversed;
    for (int i = 0; count > 0 || i <= digits; ++i) {
        if (i == digits && digits > 0) reversed += '.';
        reversed += static_cast<char>('0' + static_cast<int>(count % 10));
        count /= 10;
    }
    bool zero = reversed.find_first_not_of("0.") == std::string::npos;
    if (negative && !zero) reversed += '-';
    return {reversed.rbegin(), reversed.rend()};
}

Result<Currency> Currency::parse(std::string_view text) {
    Currency currency;
    if (text.size() != 3 || !std::ranges::all_of(text, is_alpha))
        return failure(Fault::input, "", fmt::format("currency '{}' is not three letters", printable(text)),
                       "write e.g. 'EUR'");
    for (std::size_t i = 0; i < 3; ++i) {
        char c = to_lower(text[i]);
        currency.letters_[i] = static_cast<char>(c - 'a' + 'A');
    }
    return currency;
}

}  // namespace trunkbox

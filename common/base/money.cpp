#include "base/money.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

namespace trunkbox {

namespace {

constexpr std::int64_t unit = 1'000'000'000'000;  // one whole, 10^Money::decimals
constexpr std::int64_t most_units = std::numeric_limits<std::int64_t>::max();

tl::unexpected<Error> bad(std::string_view text, std::string_view why, std::string fix) {
    return failure(Fault::input, "", fmt::format("amount '{}' {}", printable(text), why), std::move(fix));
}

constexpr auto powers_of_ten = [] {
    std::array<std::int64_t, Money::decimals + 1> powers{1};
    for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
    return powers;
}();

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
    std::int64_t units = 0;
    auto missing = powers_of_ten[static_cast<std::size_t>(decimals) - decimals_text.size()];
    if (!append(units, whole) || !append(units, decimals_text) || units > most_units / missing)
        return bad(text, "is too large", fmt::format("at most {} whole units", most_units / unit));
    return Money(units * missing);
}

std::string Money::text() const {
    std::array<char, most_text> buffer;
    return {buffer.data(), write(buffer.data())};
}

char* Money::write(char* to) const {
    std::array<char, most_text> buffer;  // from its end
    auto* begin = buffer.data() + buffer.size();
    auto write = [&](std::int64_t number, int least) {
        for (; number > 0 || least > 0; number /= 10, --least) *--begin = static_cast<char>('0' + number % 10);
    };
    if (auto used = decimals_used(); used > 0) {
        write(units_ % unit / powers_of_ten[static_cast<std::size_t>(decimals - used)], used);
        *--begin = '.';
    }
    write(units_ / unit, 1);
    return std::copy(begin, buffer.data() + buffer.size(), to);
}

int Money::decimals_used() const {
    if (units_ == 0) return 0;
    // Eight zeros, four, two, one: every sum of these up to 15, in as many steps.
    auto rest = units_;
    int zeros = 0;
    auto strip = [&](std::int64_t power, int count) {
        if (rest % power != 0) return;
        rest /= power;
        zeros += count;
    };
    strip(100'000'000, 8);
    strip(10'000, 4);
    strip(100, 2);
    strip(10, 1);
    return zeros < decimals ? decimals - zeros : 0;
}

Cost Cost::per_minute(Money rate, std::int64_t seconds) {
    constexpr std::int64_t most_seconds = 10'000'000;
    // The multiple of 1/60: rate × seconds / 60 = units × seconds × 1/60.
    return of_sixtieths(Int128{rate.units()} * std::clamp<std::int64_t>(seconds, 0, most_seconds));
}

Cost Cost::exchanged(Money rate) const {
    // 10^-12 of the rate's units against the 10^-9 that a cost has in reserve.
    Int128 product = 0;
    if (__builtin_mul_overflow(units_ / fine, Int128{rate.units() / 1000}, &product)) return Cost(most);
    return Cost(product);
}

Cost Cost::times(std::uint32_t count) const {
    Int128 product = 0;
    if (__builtin_mul_overflow(units_, Int128{count}, &product)) return Cost(most);
    return Cost(product);
}

std::string Cost::text(int digits, Round round, std::uint64_t divisor) const {
    std::array<char, most_text> buffer;
    return {buffer.data(), write(buffer.data(), digits, round, divisor)};
}

char* Cost::write(char* to, int digits, Round round, std::uint64_t divisor) const {
    digits = std::clamp(digits, 0, Money::decimals);
    Int128 step = Int128{60} * fine * std::max<std::uint64_t>(divisor, 1);  // one of the last printed digit
    for (int i = digits; i < Money::decimals; ++i) step *= 10;
    bool negative = units_ < 0;
    Int128 magnitude = negative ? -units_ : units_;
    Int128 count = magnitude / step;
    Int128 rest = magnitude % step;
    bool more = rest > step - rest;
    bool half = rest == step - rest;
    if ((round == Round::up && rest > 0) || (round == Round::half_up && (more || half)) ||
        (round == Round::half_even && (more || (half && count % 2 == 1))))
        ++count;
    bool minus = negative && count > 0;
    std::array<char, most_text> buffer;  // from its end: 39 digits, the decimals' zeros, a point and a minus
    auto* begin = buffer.data() + buffer.size();
    int written = 0;
    auto write = [&](auto number, auto until) {
        for (; number > until || written <= digits; ++written) {
            if (written == digits && digits > 0) *--begin = '.';
            *--begin = static_cast<char>('0' + static_cast<int>(number % 10));
            number /= 10;
        }
        return number;
    };
    // 128 bits divide slowly, and hardly anything that is printed needs them.
    constexpr Int128 narrow = std::numeric_limits<std::uint64_t>::max();
    auto left = count > narrow ? write(count, narrow) : count;
    write(static_cast<std::uint64_t>(left), std::uint64_t{0});
    if (minus) *--begin = '-';
    return std::copy(begin, buffer.data() + buffer.size(), to);
}

Money Cost::floor(int digits) const {
    Int128 step = 1;  // of the last digit, in units of 10^-12
    for (int i = std::clamp(digits, 0, Money::decimals); i < Money::decimals; ++i) step *= 10;
    auto count = std::max<Int128>(units_, 0) / (Int128{60} * fine) / step * step;
    return Money::of_units(static_cast<std::int64_t>(std::min<Int128>(count, most_units / step * step)));
}

bool Cost::is_share(Money share, Cost whole) const {
    constexpr std::int64_t million = 1'000'000;
    Int128 left = 0;
    Int128 right = 0;
    auto parts = (share.units() + million / 2) / million;
    if (__builtin_mul_overflow(units_, Int128{million}, &left) ||
        __builtin_mul_overflow(whole.units_, Int128{parts}, &right))
        return ratio(whole) >= static_cast<double>(parts) / static_cast<double>(million);
    return left >= right;
}

double Cost::ratio(Cost other) const {
    return static_cast<double>(units_) / static_cast<double>(other.units_);
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

Currency Currency::of_letters(std::array<char, 3> letters) {
    Currency currency;
    if (std::ranges::all_of(letters, [](char c) { return c >= 'A' && c <= 'Z'; })) currency.letters_ = letters;
    return currency;
}

}  // namespace trunkbox

// Money without floating point: what a deck says is a decimal, what a call costs is an exact fraction of it.
#pragma once

#include "base/result.h"

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace trunkbox {

// Not ISO C++, so it is spelt once; both compilers have it.
__extension__ using Int128 = __int128;
__extension__ using UInt128 = unsigned __int128;

// A decimal as written, at most 12 decimals and 9,223,371 whole units; never negative.
class Money {
  public:
    static constexpr int decimals = 12;

    Money() = default;
    // "0.0123", "12", ".5"; `mark` is the decimal mark. No sign, blank, exponent or thousands mark.
    [[nodiscard]] static Result<Money> parse(std::string_view text, char mark = '.');

    // In units of 10^-12.
    [[nodiscard]] std::int64_t units() const { return units_; }
    // The same back; negative counts as none.
    [[nodiscard]] static Money of_units(std::int64_t units) { return Money(units < 0 ? 0 : units); }
    // Decimals that are needed to write it.
    [[nodiscard]] int decimals_used() const;
    // Exact and shortest: "0.0123", "12".
    [[nodiscard]] std::string text() const;
    // The same from `to` on, at most so many bytes; gives where it ends.
    static constexpr std::size_t most_text = 24;
    char* write(char* to) const;
    auto operator<=>(const Money&) const = default;

  private:
    explicit Money(std::int64_t units) : units_(units) {}
    std::int64_t units_ = 0;
};

// An exact amount: a multiple of 1/60 of 10^-21, so that a rate a minute times seconds times a rate of exchange
// loses nothing. What would not fit 127 bits (a billion millions) stays at the limit.
class Cost {
  public:
    Cost() = default;
    explicit Cost(Money money) : units_(Int128{money.units()} * (60 * fine)) {}
    // rate × seconds / 60; negative seconds count as none, more than 10^7 as that many.
    [[nodiscard]] static Cost per_minute(Money rate, std::int64_t seconds);
    // So many sixtieths of 10^-12.
    [[nodiscard]] static Cost of_sixtieths(Int128 count) { return Cost(count * fine); }

    // In another currency: one of this is `rate` of that. Exact for a rate of at most 9 decimals and a cost that
    // was not exchanged before.
    [[nodiscard]] Cost exchanged(Money rate) const;
    [[nodiscard]] Cost times(std::uint32_t count) const;

    friend Cost operator+(Cost a, Cost b) {
        Int128 sum = 0;
        return __builtin_add_overflow(a.units_, b.units_, &sum) ? Cost(a.units_ < 0 ? -most : most) : Cost(sum);
    }
    // May be negative, to say how much one is dearer than the other.
    friend Cost operator-(Cost a, Cost b) {
        Int128 rest = 0;
        return __builtin_sub_overflow(a.units_, b.units_, &rest) ? Cost(a.units_ < 0 ? -most : most) : Cost(rest);
    }
    friend bool operator==(Cost a, Cost b) { return a.units_ == b.units_; }
    friend std::strong_ordering operator<=>(Cost a, Cost b) { return a.units_ <=> b.units_; }

    // Of amount / divisor, to `digits` (0 to 12) decimals, trailing zeros kept: "0.036900".
    enum class Round { half_up, half_even, up, down };  // by magnitude
    [[nodiscard]] std::string text(int digits = 6, Round round = Round::half_up, std::uint64_t divisor = 1) const;
    // The same from `to` on, at most so many bytes; gives where it ends.
    static constexpr std::size_t most_text = 64;
    char* write(char* to, int digits, Round round, std::uint64_t divisor = 1) const;
    // The largest decimal of `digits` decimals not above it.
    [[nodiscard]] Money floor(int digits) const;
    // Whether this is at least `share` of `whole`; shares finer than 10^-6 are rounded to that.
    [[nodiscard]] bool is_share(Money share, Cost whole) const;
    // This / other, for shares that are printed; other is not zero.
    [[nodiscard]] double ratio(Cost other) const;

  private:
    static constexpr std::int64_t fine = 1'000'000'000;
    static constexpr Int128 most = (Int128{1} << 126) - 1 + (Int128{1} << 126);
    explicit Cost(Int128 units) : units_(units) {}
    Int128 units_ = 0;
};

// Three letters as in ISO 4217, upper-case. Which letters are in use is not checked.
class Currency {
  public:
    Currency() = default;  // EUR
    [[nodiscard]] static Result<Currency> parse(std::string_view text);
    // EUR if they are none.
    [[nodiscard]] static Currency of_letters(std::array<char, 3> letters);
    [[nodiscard]] std::string_view text() const { return {letters_.data(), letters_.size()}; }
    auto operator<=>(const Currency&) const = default;

  private:
    std::array<char, 3> letters_{'E', 'U', 'R'};
};

}  // namespace trunkbox

// Money without floating point: what a deck says is a decimal, what a call costs is an exact fraction of it.
#pragma once

#include "base/result.h"

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace trunkbox {

// Not ISO C++, so it is spelt once; both compilers have it.
__extension__ using Int128 = __int128;

// A decimal as written, at most 12 decimals and 9,223,371 whole units; never negative.
class Money {
  public:
    static constexpr int decimals = 12;

    Money() = default;
    // "0.0123", "12", ".5"; `mark` is the decimal mark. No sign, blank, exponent or thousands mark.
    [[nodiscard]] static Result<Money> parse(std::string_view text, char mark = '.');

    // In units of 10^-12.
    [[nodiscard]] std::int64_t units() const { return units_; }
    // Exact and shortest: "0.0123", "12".
    [[nodiscard]] std::string text() const;
    auto operator<=>(const Money&) const = default;

  private:
    explicit Money(std::int64_t units) : units_(units) {}
    std::int64_t units_ = 0;
};

// An exact amount: a multiple of 1/60 of 10^-12, so that a rate a minute times seconds loses nothing.
class Cost {
  public:
    Cost() = default;
    explicit Cost(Money money) : units_(Int128{money.units()} * 60) {}
    // rate × seconds / 60; negative seconds count as none. 63 bits times 63 bits cannot overflow.
    [[nodiscard]] static Cost per_minute(Money rate, std::int64_t seconds);

    friend Cost operator+(Cost a, Cost b) { return Cost(a.units_ + b.units_); }
    // May be negative, to say how much one is dearer than the other.
    friend Cost operator-(Cost a, Cost b) { return Cost(a.units_ - b.units_); }
    friend bool operator==(Cost a, Cost b) { return a.units_ == b.units_; }
    friend std::strong_ordering operator<=>(Cost a, Cost b) { return a.units_ <=> b.units_; }

    // Rounded half away from zero to `digits` (0 to 12) decimals, trailing zeros kept: "0.036900".
    [[nodiscard]] std::string text(int digits = 6) const;

  private:
    explicit Cost(Int128 units) : units_(units) {}
    Int128 units_ = 0;
};

// Three letters as in ISO 4217, upper-case. Which letters are in use is not checked.
class Currency {
  public:
    Currency() = default;  // EUR
    [[nodiscard]] static Result<Currency> parse(std::string_view text);
    [[nodiscard]] std::string_view text() const { return {letters_.data(), letters_.size()}; }
    auto operator<=>(const Currency&) const = default;

  private:
    std::array<char, 3> letters_{'E', 'U', 'R'};
};

}  // namespace trunkbox

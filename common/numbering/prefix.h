// The digits that a family of numbers begins with: a country code, an area, a network.
#pragma once

#include "base/result.h"
#include "numbering/e164.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace trunkbox::numbering {

class Prefix {
  public:
    // 1 to 15 digits, the first not 0; no "+".
    [[nodiscard]] static Result<Prefix> parse(std::string_view digits);
    // The same without a reason, for the millions that a deck has.
    [[nodiscard]] static std::optional<Prefix> of_digits(std::string_view digits) {
        if (digits.empty() || digits.size() > max_digits || digits.front() == '0') return std::nullopt;
        std::uint64_t value = 0;
        for (char c : digits) {
            auto digit = static_cast<unsigned char>(c - '0');
            if (digit > 9) return std::nullopt;
            value = value * 10 + digit;
        }
        return Prefix(static_cast<int>(digits.size()), value);
    }
    // Digits as a number, which has exactly `length` of them, 1 to 15.
    [[nodiscard]] static std::optional<Prefix> of_value(std::uint64_t value, int length);
    // The first `count` digits of the number; count is 1 to number.length().
    [[nodiscard]] static Prefix of(const E164& number, int count);

    [[nodiscard]] int length() const { return static_cast<int>(key_ >> value_bits); }
    [[nodiscard]] std::uint64_t value() const { return key_ & ((std::uint64_t{1} << value_bits) - 1); }
    [[nodiscard]] bool covers(const E164& number) const;
    // A prefix begins with itself.
    [[nodiscard]] bool begins_with(const Prefix& shorter) const;
    [[nodiscard]] std::string text() const;
    // By length, then by value: the order of a table that is searched one length at a time.
    auto operator<=>(const Prefix&) const = default;

  private:
    // 15 digits take 50 bits; one word, because decks hold millions of these.
    static constexpr int value_bits = 56;
    Prefix(int length, std::uint64_t value)
        : key_(static_cast<std::uint64_t>(length) << value_bits | value) {}
    std::uint64_t key_;
};

}  // namespace trunkbox::numbering

// A public telephone number as ITU-T E.164 has it: at most 15 digits, the country code first.
#pragma once

#include "base/result.h"

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace trunkbox::numbering {

inline constexpr int max_digits = 15;

// What readers of numbers answer: the text and why it is none.
[[nodiscard]] tl::unexpected<Error> not_a_number(std::string_view text, std::string_view why);

// Built only by parse. A country code never begins with 0, so the value alone is the number.
class E164 {
  public:
    // "+" and 4 to 15 digits and nothing else; other spellings: numbering/spelling.h.
    [[nodiscard]] static Result<E164> parse(std::string_view text);
    // The same without the "+", as decks and databases have it.
    [[nodiscard]] static Result<E164> parse_digits(std::string_view digits);

    [[nodiscard]] std::uint64_t value() const { return value_; }
    [[nodiscard]] int length() const { return length_; }
    // The first `count` digits as a number; count is 1 to length().
    [[nodiscard]] std::uint64_t leading(int count) const;
    [[nodiscard]] std::string digits() const;  // "33199000001"
    [[nodiscard]] std::string text() const;    // "+33199000001"
    auto operator<=>(const E164&) const = default;

  private:
    E164(std::uint64_t value, int length) : value_(value), length_(length) {}
    std::uint64_t value_;
    int length_;
};

}  // namespace trunkbox::numbering

template <>
struct std::hash<trunkbox::numbering::E164> {
    std::size_t operator()(const trunkbox::numbering::E164& number) const noexcept {
        return std::hash<std::uint64_t>{}(number.value());
    }
};

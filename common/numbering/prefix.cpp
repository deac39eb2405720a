#include "numbering/prefix.h"

#include "base/text.h"

#include <algorithm>

#include <fmt/format.h>

namespace trunkbox::numbering {

Result<Prefix> Prefix::parse(std::string_view digits) {
    auto bad = [&](std::string_view why) {
        return failure(Fault::input, "", fmt::format("prefix '{}' {}", printable(digits), why),
                       "write the country code and what follows, e.g. '1415'");
    };
    if (auto prefix = of_digits(digits)) return *prefix;
    if (digits.empty()) return bad("is empty");
    if (!std::ranges::all_of(digits, is_digit)) return bad("is not digits");
    if (digits.front() == '0') return bad("begins with 0, which no country code does");
    return bad(fmt::format("has more than {} digits", max_digits));
}

std::optional<Prefix> Prefix::of_value(std::uint64_t value, int length) {
    if (length < 1 || length > max_digits) return std::nullopt;
    std::uint64_t least = 1;
    for (int i = 1; i < length; ++i) least *= 10;
    if (value < least || value >= least * 10) return std::nullopt;
    return Prefix(length, value);
}

Prefix Prefix::of(const E164& number, int count) {
    return Prefix(count, number.leading(count));
}

bool Prefix::covers(const E164& number) const {
    return length() <= number.length() && number.leading(length()) == value();
}

bool Prefix::begins_with(const Prefix& shorter) const {
    auto digits = value();
    for (int i = length(); i > shorter.length(); --i) digits /= 10;
    return length() >= shorter.length() && digits == shorter.value();
}

std::string Prefix::text() const {
    return fmt::format("{}", value());
}

}  // namespace trunkbox::numbering

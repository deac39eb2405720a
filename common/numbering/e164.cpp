#include "numbering/e164.h"

#include "base/text.h"

#include <algorithm>

#include <fmt/format.h>

namespace trunkbox::numbering {

namespace {

constexpr std::size_t least_digits = 4;

}  // namespace

tl::unexpected<Error> not_a_number(std::string_view text, std::string_view why) {
    return failure(Fault::input, "", fmt::format("number '{}' {}", printable(text), why),
                   "write e.g. '+442079460123'");
}

Result<E164> E164::parse(std::string_view text) {
    if (!text.starts_with('+')) return not_a_number(text, "does not begin with '+'");
    auto number = parse_digits(text.substr(1));
    if (!number) return failure(Fault::input, "", number.error().what, "write e.g. '+442079460123'");
    return number;
}

Result<E164> E164::parse_digits(std::string_view digits) {
    if (digits.empty() || !std::ranges::all_of(digits, is_digit)) return not_a_number(digits, "is not digits");
    if (digits.front() == '0') return not_a_number(digits, "begins with 0, which no country code does");
    if (digits.size() > max_digits) return not_a_number(digits, fmt::format("has more than {} digits", max_digits));
    if (digits.size() < least_digits)
        return not_a_number(digits, fmt::format("has fewer than {} digits", least_digits));
    auto value = parse_integer<std::uint64_t>(digits);
    return E164(value.value(), static_cast<int>(digits.size()));
}

std::uint64_t E164::leading(int count) const {
    auto value = value_;
    for (int i = count; i < length_; ++i) value /= 10;
    return value;
}

std::string E164::digits() const {
    return fmt::format_int(value_).str();
}
std::string E164::text() const {
    const fmt::format_int digits(value_);
    return std::string("+").append(digits.data(), digits.size());
}

}  // namespace trunkbox::numbering

// Consecutive numbers of one length, as trunks and blocks are ordered in.
#pragma once

#include "base/result.h"
#include "numbering/e164.h"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace trunkbox::numbering {

struct NumberRange {
    E164 first;
    E164 last;  // included

    // "+33199000000-+33199000999" or one number; equal lengths, first not after last.
    [[nodiscard]] static Result<NumberRange> parse(std::string_view text);

    [[nodiscard]] bool contains(const E164& number) const;
    [[nodiscard]] std::uint64_t size() const { return last.value() - first.value() + 1; }
    [[nodiscard]] std::string text() const;
    auto operator<=>(const NumberRange&) const = default;
};

}  // namespace trunkbox::numbering

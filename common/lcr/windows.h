// When rows are in force, counted in the boundaries that have passed. Private to lcr.
#pragma once

#include "lcr/line_source.h"

#include <cstdint>
#include <vector>

namespace trunkbox::lcr {

inline constexpr std::uint32_t no_boundary = LineHead::ever;  // where something lasts

// From how many boundaries passed until how many a row is in force; `plain`: time is all that its scope asks.
struct Window {
    std::uint32_t begin = 0;
    std::uint32_t end = no_boundary;
    bool plain = true;
};

// By scope.
[[nodiscard]] std::vector<Window> windows(const LineSource& source);

// The boundaries that have passed when all but a hundredth of the rows have begun.
[[nodiscard]] std::uint32_t usual_time(const LineSource& source, const std::vector<Window>& windows);

}  // namespace trunkbox::lcr

// Prefixes as the cells of a deck have them: one, a list, ranges, sets of digits.
#pragma once

#include "base/result.h"
#include "numbering/prefix.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace trunkbox::lcr {

inline constexpr std::size_t most_prefixes_of_cell = 100'000;

// Adds every prefix that the cell names: "4475-4479, 4485" are six of them, "066[1-3]" behind the country
// code 39 three. A range stays as fine as it is written, so that it neither meets a row of a shorter prefix
// nor goes behind one of its own length. `country` is "" where the cell holds whole prefixes; "+" and "00"
// before these fall away. An empty cell behind a country code is that code itself. Errors have no place, and
// leave `prefixes` as it was.
[[nodiscard]] Result<void> read_prefixes(std::string_view cell, std::string_view country,
                                         std::vector<numbering::Prefix>& prefixes);

}  // namespace trunkbox::lcr

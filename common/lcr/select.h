// Which row of a carrier's decks a call goes by.
#pragma once

#include "lcr/evaluate.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace trunkbox::lcr {

// Why a row that matches the number does not match the call.
enum class Unfit { not_begun, ended, other_hours, other_caller, other_jurisdiction };
inline constexpr std::size_t unfit_count = 5;

struct PlacedRow {
    std::uint32_t position = 0;  // of the row
    std::uint32_t place = 0;     // of its prefix
};

// What one carrier's decks say of a call.
struct Finding {
    std::optional<PlacedRow> row{};                                  // that decides
    std::vector<PlacedRow> shadowed{};                               // in force as well, but shorter or later in order
    std::array<std::optional<PlacedRow>, unfit_count> unfit{};       // the longest of each kind
};

// By the table's order of carriers. The shorter prefixes are only looked at for what they would have said.
[[nodiscard]] Result<std::vector<Finding>> select_rows(const Table& table, const Facts& facts);

}  // namespace trunkbox::lcr

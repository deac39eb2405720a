// The lines of some prefixes that follow each other: what a table's lines are put together from. Private to lcr.
#pragma once

#include "lcr/windows.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace trunkbox::lcr {

inline constexpr std::size_t at_other_times = 0;  // a group beside those of the lines of 1, 2 and 4 units
inline constexpr std::size_t line_groups = most_units + 1;

// Those of one size stand together, so that none crosses a cache line, and what holds at other times apart from them, so
// that what is asked for every day lies close together.
struct LinePiece {
    std::array<std::vector<std::byte>, line_groups> lines;
    std::array<std::vector<std::uint32_t>, line_groups> beside;
    std::vector<LineCandidate> spill;
    std::vector<std::uint32_t> spill_rows;
    struct Pointer {
        std::size_t group = 0;
        std::size_t at = 0;  // bytes
    };
    std::vector<Pointer> spilled;  // candidates that point into the spill
    struct Where {
        std::uint32_t units = 0;
        std::uint32_t offset = 0;        // in units, among the lines of so many
        std::uint32_t others = no_leaf;  // in units, among those of other times
    };
    static constexpr std::uint32_t as_shorter = leaf_bit;  // others: those of the next shorter prefix
    std::vector<Where> where;  // by place
};

// Of the places from `first` on, before `last`; `usual`: the boundaries that have passed at the time the first lines are for.
[[nodiscard]] LinePiece build_piece(const LineSource& source, const std::vector<Window>& windows, std::uint32_t usual,
                                    std::uint32_t first, std::uint32_t last);

}  // namespace trunkbox::lcr

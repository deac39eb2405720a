// For every prefix, the few candidates that can be the cheapest for some duration: what makes deciding fast.
#pragma once

#include "lcr/line_piece.h"
#include "lcr/parallel.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace trunkbox::lcr {

// Made piece by piece, and written once it is known how many there are.
class Lines {
  public:
    Lines(const LineSource& source, const Parallel& parallel);

    // LineHead and candidates; beside them the prefix of each head and the position of the row of each candidate. The
    // pieces are not kept.
    void write(std::span<std::byte> lines, std::span<std::uint32_t> beside, const Parallel& parallel);
    [[nodiscard]] std::size_t size() const { return (units_ + most_units - 1) * line_unit; }  // bytes of the first
    [[nodiscard]] std::size_t beside() const { return units_ * slots_in_unit; }               // records of the second

    std::vector<LineCandidate> spill;
    std::vector<std::uint32_t> spill_rows;
    std::vector<std::uint32_t> first_of_prefix;  // unit, by place
    std::vector<std::uint32_t> others;           // as the section has them

  private:
    void place_pieces();
    void place_lines(std::span<const PrefixRecord> prefixes);

    std::vector<LinePiece> pieces_;
    std::vector<std::array<std::uint32_t, line_groups>> begins_;  // units, by piece
    std::size_t units_ = 0;
};

}  // namespace trunkbox::lcr

// For every prefix, the few candidates that can be the cheapest for some duration: what makes deciding fast.
#pragma once

#include "lcr/image.h"
#include "lcr/parallel.h"

#include <cstdint>
#include <span>
#include <vector>

namespace trunkbox::lcr {

// The parts of a table that the lines are made from.
struct LineSource {
    std::span<const PrefixRecord> prefixes;  // and one behind the last
    std::span<const RowRecord> rows;
    std::span<const TermsRecord> terms;
    std::span<const ScopeRecord> scopes;
    std::span<const DeckRecord> decks;
    std::span<const std::int64_t> boundaries;
    std::span<const ShapeRecord> shapes;
    std::span<const Carrier> carriers;
};

struct Lines {
    std::vector<std::byte> bytes;              // LineHead and candidates
    std::vector<std::uint32_t> beside;         // the prefix of each head, the position of the row of each candidate
    std::vector<LineCandidate> spill;
    std::vector<std::uint32_t> spill_rows;
    std::vector<std::uint32_t> first_of_prefix;  // unit, by place
    std::vector<std::uint32_t> others;           // unit of the first line for another time, by place; no_leaf: none
};
[[nodiscard]] Lines build_lines(const LineSource& source, const Parallel& parallel);

// Whether a call under `a` never bills more seconds nor a higher fee than under `b`, whatever its duration: every
// moment at which `b` starts a new increment is one at which `a` does.
[[nodiscard]] bool never_more(const ShapeRecord& a, const ShapeRecord& b);

}  // namespace trunkbox::lcr

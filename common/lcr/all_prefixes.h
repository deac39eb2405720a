// The tree of all prefixes that any deck has.
#pragma once

#include "lcr/deck.h"
#include "lcr/image.h"
#include "lcr/parallel.h"

#include <cstdint>
#include <span>
#include <vector>

namespace trunkbox::lcr {

// Rows of a sorted deck by tree_key: where those begin whose key is not below `key`.
[[nodiscard]] std::size_t first_row(std::span<const Deck::Packed> rows, std::uint64_t key);

// In tree order, each once and with the longest prefix that it begins with, and one behind the last; first_row is left
// at 0. The decks are sorted.
[[nodiscard]] std::vector<PrefixRecord> all_prefixes(std::span<const Deck* const> decks, const Parallel& parallel);

}  // namespace trunkbox::lcr

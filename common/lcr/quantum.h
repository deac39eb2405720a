// The unit that a table's rates count in, so that nearly all of them fit 31 bits.
#pragma once

#include "lcr/deck.h"
#include "lcr/parallel.h"

#include <cstdint>
#include <span>

namespace trunkbox::lcr {

struct Quantum {
    std::int64_t units = 1;  // of 10^-12; a power of ten
    bool fits_all = true;    // all rates are multiples of it, below rate_by_index of them
};
// The one that fits the most rates; of equally good ones the finest.
[[nodiscard]] Quantum choose_quantum(std::span<const Deck* const> decks, const Parallel& parallel);

}  // namespace trunkbox::lcr

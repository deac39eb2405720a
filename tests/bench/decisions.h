// The cheapest carrier for many calls, timed inside one process on one thread.
#pragma once

#include "lcr/cheapest.h"
#include "lcr/table.h"

#include <cstddef>
#include <string>
#include <vector>

namespace trunkbox::bench {

struct Decisions {
    double batched = 0;  // a second
    double singly = 0;   // a second
    std::size_t checked = 0;
    std::size_t wrong = 0;    // of these: another carrier or cost than evaluate() gives
    std::string cost{};       // what the checked calls cost, in all
    std::string evaluated{};  // and what they cost by evaluate()
};
// Medians of so many rounds; every answer of a call must be the same both ways, which counts as wrong otherwise.
[[nodiscard]] Decisions decide(const lcr::Table& table, const std::vector<lcr::Call>& calls, std::size_t rounds);

}  // namespace trunkbox::bench

// The order of the candidates, and in words why each stands where it does.
#pragma once

#include "lcr/evaluate.h"

#include <vector>

namespace trunkbox::lcr {

// With cost, priority and name behind, as far as they are missing: then no two carriers are equal.
[[nodiscard]] std::vector<SortKey> complete_order(const std::vector<SortKey>& order);

// Sorts Decision::ranked by Decision::order, numbers it, gives each its reason, and moves what is behind Facts::max
// to the rejected ones.
void rank(Decision& decision, const Facts& facts);

}  // namespace trunkbox::lcr

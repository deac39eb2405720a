// How full the blocks are: how many numbers are in which state at a time.
#pragma once

#include "centrex/edits.h"
#include "centrex/lifecycle.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace trunkbox::centrex {

enum class UsageBy { block, tenant, state, site };
// "block", "tenant" …
[[nodiscard]] std::string_view name(UsageBy by);

struct Usage {
    std::int64_t first = 0;  // of a block, as its last
    std::int64_t last = 0;
    std::string tenant{};
    std::string site{};      // where the home phones of those stand whom the numbers ring; "": of nobody who has one
    std::array<std::int64_t, 7> counts{};  // by State

    [[nodiscard]] std::int64_t count(State state) const { return counts[static_cast<std::size_t>(state)]; }
    [[nodiscard]] std::int64_t size() const;
};
// One entry a block, tenant or site, in their order; by state a single one for all. What is free is in blocks and belongs to
// whom they belong; of sites, which have no blocks, nothing is free. Dates that are over have taken effect.
[[nodiscard]] Result<std::vector<Usage>> usage(Rows& rows, UsageBy by, Time at);

}  // namespace trunkbox::centrex

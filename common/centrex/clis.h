// Which numbers calls may show.
#pragma once

#include "centrex/edits.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace trunkbox::centrex {

// A row of "cli". Rule "cli-proof": part of the range is in no block of the tenant's, and nothing proves that it is theirs.
[[nodiscard]] Result<void> check_cli(Rows& rows, const Row& cli);

// Rule "cli": a user's calls would show a number that they may not show.
[[nodiscard]] Result<void> check_default_cli(Rows& rows, const std::string& tenant, const std::string& user, Time at);

// Tenant and name of the users whose calls show a number of this range unless they say otherwise.
[[nodiscard]] Result<std::vector<std::pair<std::string, std::string>>> users_showing(Rows& rows, std::int64_t first,
                                                                                     std::int64_t last);

}  // namespace trunkbox::centrex

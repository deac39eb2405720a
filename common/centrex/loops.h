// Calls that go round and round: found when they are made, not when they are called.
#pragma once

#include "centrex/edits.h"

#include <string>

namespace trunkbox::centrex {

// Follows what leads on whatever the called party does (unconditional forwards, overflows of groups, both ends of schedules)
// from a target. Rule "loop": it comes back, by the way that is told.
[[nodiscard]] Result<void> check_loop(Rows& rows, const std::string& tenant, const std::string& target);

}  // namespace trunkbox::centrex

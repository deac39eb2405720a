// How long calls are, as a histogram: what carriers are compared by when no single duration will do.
#pragma once

#include "base/result.h"
#include "lcr/settings.h"

#include <string_view>
#include <vector>

namespace trunkbox::lcr {

// CSV with the columns seconds and weight (or calls, or share): so many calls last so long. The weights are whole
// numbers, their sum is above 0. `file` is the name in errors.
[[nodiscard]] Result<std::vector<DurationShare>> read_durations(std::string_view csv, std::string_view file);

}  // namespace trunkbox::lcr

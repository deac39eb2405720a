// Settings as bytes inside a route table.
#pragma once

#include "base/result.h"
#include "lcr/settings.h"

#include <cstddef>
#include <span>
#include <vector>

namespace trunkbox::lcr {

[[nodiscard]] std::vector<std::byte> pack_settings(const Settings& settings);
// Fault::input if they are cut, or hold what no settings can hold.
[[nodiscard]] Result<Settings> unpack_settings(std::span<const std::byte> bytes);

}  // namespace trunkbox::lcr

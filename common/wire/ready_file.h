// Tells whoever started us that we listen, and where.
#pragma once

#include <span>
#include <string>

#include "base/result.h"

namespace trunkbox::wire {

// One line each, e.g. "udp:127.0.0.1:5090". The file appears whole, by rename within its folder; an older one is
// replaced. Error: Fault::system.
[[nodiscard]] Result<void> write_ready_file(const std::string& path, std::span<const std::string> lines);

}  // namespace trunkbox::wire

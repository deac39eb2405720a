// Randomness from the system, for the values that floors 0 to 2 are seeded with.
#pragma once

#include "base/ids.h"

namespace trunkbox::wire {

// Waits for the kernel's generator, which is ready soon after boot.
[[nodiscard]] IdSource::Seed system_seed();

}  // namespace trunkbox::wire

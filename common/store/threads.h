// The threads that independent parts of a work are done with.
#pragma once

#include "lcr/parallel.h"

namespace trunkbox::store {

// So many; 0: one for each processor.
[[nodiscard]] unsigned thread_count(unsigned asked);

// With at most so many threads at once, the caller's among them; 0: one for each processor. Parts are begun in their
// order.
[[nodiscard]] lcr::Parallel on_threads(unsigned count = 0);

}  // namespace trunkbox::store

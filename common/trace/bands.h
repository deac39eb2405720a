// The bands of a ladder diagram that streams draw.
#pragma once

#include <span>
#include <vector>

#include "trace/ladder.h"
#include "trace/streams.h"

namespace trunkbox::trace {

// One for the RTP of each stream, and one for its digits. A stream that two calls share is drawn once.
[[nodiscard]] std::vector<Band> bands(std::span<const Stream> streams);

}  // namespace trunkbox::trace

// RTP streams that a capture holds, as records and as a table.
#pragma once

#include <span>
#include <string>

#include "output/value.h"
#include "trace/streams.h"

namespace trunkbox::output {

// Times are RFC 3339, durations seconds; what is not known is null.
[[nodiscard]] Record record(const trace::Stream& stream);

// A row a stream; "" when there is none.
[[nodiscard]] std::string text(std::span<const trace::Stream> streams);

}  // namespace trunkbox::output

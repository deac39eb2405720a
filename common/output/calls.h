// Calls that a capture holds, as records and as a table.
#pragma once

#include <span>
#include <string>

#include "output/value.h"
#include "trace/calls.h"

namespace trunkbox::output {

// Times are RFC 3339, durations seconds; what was not captured is null.
[[nodiscard]] Record record(const trace::Call& call);

// A row a call; "" when there is none. Text from the wire is made printable.
[[nodiscard]] std::string text(std::span<const trace::Call> calls);

}  // namespace trunkbox::output

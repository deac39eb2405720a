// What a tool's exit status says. Never a SIP status, never 0 when less was done than asked.
#pragma once

#include "base/result.h"

#include <span>
#include <string_view>

namespace trunkbox::cli {

enum class Exit : int {
    ok = 0,
    no = 1,  // a valid "no"
    usage = 2,
    input = 3,
    system = 4,
    refused = 5,
    unanswered = 6,
    inconclusive = 7,  // what was asked was not carried out in full
    interrupted = 130,
    terminated = 143,
};

[[nodiscard]] Exit exit_of(Fault fault);

struct ExitMeaning {
    Exit exit;
    std::string_view meaning;
};
// Every status and what it means in general, in ascending order.
[[nodiscard]] std::span<const ExitMeaning> exit_meanings();

}  // namespace trunkbox::cli

// A ladder drawn with characters, for a terminal or a log.
#pragma once

#include <cstddef>
#include <string>

#include "trace/ladder.h"

namespace trunkbox::output {

struct LadderStyle {
    std::size_t width = 110;  // columns of the terminal; lines are never longer, unless the columns alone need it
    bool ascii = false;       // no character beyond ASCII
    bool color = false;       // ANSI colours: requests, success, refusal, media
};

// Times in the left margin are milliseconds since the first arrow. Text from the wire is made printable; what does
// not fit its arrow stands beside it, and is cut with an ellipsis where even that is too narrow.
[[nodiscard]] std::string text(const trace::Ladder& ladder, const LadderStyle& style = {});

}  // namespace trunkbox::output

// A ladder diagram as SVG, for documents and browsers.
#pragma once

#include <string>

#include "trace/ladder.h"

namespace trunkbox::output {

// A whole document of SVG 1.1 in UTF-8, without anything to be loaded: dark on white, times in the left column,
// retransmissions dashed, media as bands. What of the text XML cannot hold is shown as \xNN; long texts are cut, and
// stand whole in the arrow's tooltip.
[[nodiscard]] std::string svg(const trace::Ladder& ladder);

}  // namespace trunkbox::output

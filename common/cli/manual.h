// Manual pages of section 1, in the man macros of groff_man(7), from a tool's definition.
#pragma once

#include "cli/program.h"

#include <string>
#include <string_view>

namespace trunkbox::cli {

// One page for the tool and all its commands, a section for each, their examples together in EXAMPLES.
[[nodiscard]] std::string manual_page(const Tool& tool, std::string_view version);
// trunkbox(1): what the program is, its tools, what they have in common.
[[nodiscard]] std::string overview_page(const Program& program, std::string_view version);

// Text that roff prints as it is, in running text or after a macro.
[[nodiscard]] std::string roff(std::string_view text);

}  // namespace trunkbox::cli

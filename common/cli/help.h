// Text for a terminal, from a tool's definition.
#pragma once

#include "cli/command.h"
#include "cli/program.h"

#include <string>
#include <string_view>

namespace trunkbox::cli {

// Width is what the lines are filled to, at least 40. Of a tool with commands: which there are.
[[nodiscard]] std::string help_text(const Command& command, int width);
// The tools by section, with their summaries.
[[nodiscard]] std::string list_text(const Program& program, int width);

// Words filled into lines of at most `width` columns, each after `indent` blanks; longer words stand alone.
[[nodiscard]] std::string fill(std::string_view text, int indent, int width);

// "default: 20s; one of text, json": what help and manual say behind an option's help; may be empty.
[[nodiscard]] std::string particulars(const Option& option);

}  // namespace trunkbox::cli

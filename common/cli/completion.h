// Completion scripts for the shells, from the definitions of all tools. Live values are asked of
// `trunkbox --complete TOOL NAME WORD`, which prints a candidate a line: value, tab, help. TOOL may be a
// command: "lcr route", one argument.
#pragma once

#include "cli/program.h"

#include <string>
#include <string_view>

namespace trunkbox::cli {

[[nodiscard]] std::string bash_completion(const Program& program);
[[nodiscard]] std::string zsh_completion(const Program& program);
[[nodiscard]] std::string fish_completion(const Program& program);

// One word of bash or zsh.
[[nodiscard]] std::string shell_quoted(std::string_view text);

}  // namespace trunkbox::cli

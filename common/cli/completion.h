// Completion scripts for the shells, from the definitions of all tools. Live values are asked of
// `trunkbox --complete TOOL NAME WORD`, which prints a candidate a line: value, tab, help. TOOL may be a
// command: "lcr route", one argument.
#pragma once

#include "cli/program.h"

#include <string>

namespace trunkbox::cli {

[[nodiscard]] std::string bash_completion(const Program& program);
[[nodiscard]] std::string zsh_completion(const Program& program);
[[nodiscard]] std::string fish_completion(const Program& program);

}  // namespace trunkbox::cli

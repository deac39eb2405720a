// The commands of `number`, by the files that hold them.
#pragma once

#include <vector>

#include "cli/tool.h"

namespace trunkbox::tools {

cli::Tool number_add();
cli::Tool number_block();                   // add, list, show, split, merge, delete
std::vector<cli::Tool> number_lifecycle();  // reserve, assign, unassign, move, quarantine, reclaim, release
cli::Tool number_port();                    // in, out, foc, list, complete, cancel
std::vector<cli::Tool> number_inventory();  // list, show, next, tick
std::vector<cli::Tool> number_spelling();   // check, format

}  // namespace trunkbox::tools

// The commands of `centrex`, by the files that hold them.
#pragma once

#include <vector>

#include "cli/tool.h"

namespace trunkbox::tools {

std::vector<cli::Tool> centrex_rows();      // tenant, address, site, user …: add, set, show, list, delete
std::vector<cli::Tool> centrex_features();  // forward, dnd, override
std::vector<cli::Tool> centrex_desks();     // login, logout
std::vector<cli::Tool> centrex_sheets();    // plan, apply, import
std::vector<cli::Tool> centrex_changes();   // history, show, undo, diff
std::vector<cli::Tool> centrex_storage();   // init, check, dump, load, stats
std::vector<cli::Tool> centrex_copies();    // backup, restore, migrate

}  // namespace trunkbox::tools

// What completes on the command line from the directory.
#pragma once

#include "cli/tool.h"

namespace trunkbox::tools {

// Gives every option and argument of the tool and of its commands that takes a name of the directory (a user, a phone, a
// number, a target …) the names that are there. What there are too many of is cut; without a directory there are none.
void complete_from_directory(cli::Tool& tool);

}  // namespace trunkbox::tools

// The history, played from its start and taken back from its end, compared with what the directory holds.
#pragma once

#include "store/directory.h"

#include <string>
#include <vector>

namespace trunkbox::store {

// What does not agree, at most `most` of it. Every row is held in memory.
[[nodiscard]] Result<std::vector<std::string>> replay(Directory& directory, DirectoryRows& rows, std::size_t most);
[[nodiscard]] Result<std::vector<std::string>> take_back(Directory& directory, DirectoryRows& rows, std::size_t most);

}  // namespace trunkbox::store

// The state of a directory as lines of JSON, a row each, by names and in C order: the same rows are the same bytes, on
// whatever engine and however they came.
#pragma once

#include "store/directory.h"

#include <functional>
#include <string>
#include <string_view>

namespace trunkbox::store {

// {"table":"user","tenant":"acme","user":"alice",…}; secrets as "(hidden)" unless they are wanted.
[[nodiscard]] Result<void> dump(DirectoryRows& rows, bool secrets,
                                const std::function<Result<void>(std::string_view line)>& take);
// One line of a dump, put into the directory; `where` is its place in errors.
[[nodiscard]] Result<bool> load_line(DirectoryRows& rows, std::string_view line, const std::string& where);

}  // namespace trunkbox::store

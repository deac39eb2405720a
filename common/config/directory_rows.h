// Rows of the directory in JSON, as its history, dumps and plans have them.
#pragma once

#include "base/result.h"
#include "centrex/row.h"
#include "config/json.h"

#include <string_view>

namespace trunkbox::config {

// {"tenant":"acme","user":"alice",…}: columns by name; what is not named has its default if it is a new row, else nothing.
// Errors: a key that is no column, a value that the column does not take.
[[nodiscard]] Result<centrex::Row> read_row(const centrex::Table& table, const Node& object, bool defaults = false,
                                            std::string_view region = {});
// The same from one line of text; `where` is its place in errors.
[[nodiscard]] Result<centrex::Row> read_row(const centrex::Table& table, std::string_view line, std::string_view where);

}  // namespace trunkbox::config

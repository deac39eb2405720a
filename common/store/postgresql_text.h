// SQL and rows as PostgreSQL reads them.
#pragma once

#include "centrex/row.h"

#include <span>
#include <string>
#include <string_view>

namespace trunkbox::store {

// "?" outside of quotes becomes "$1", "$2", …
[[nodiscard]] std::string numbered(std::string_view sql);

// COPY of these columns from standard input, and a line of it (tabs between, "\N" for nothing).
[[nodiscard]] std::string copy_sql(std::string_view table, std::span<const std::string> columns);
void append_copy_line(std::string& lines, std::span<const centrex::Cell> cells);

}  // namespace trunkbox::store

// Route tables from files, which are mapped and used where they lie.
#pragma once

#include "base/result.h"
#include "lcr/table.h"

#include <string>

namespace trunkbox::store {

// By its first bytes; false for what cannot be read or is no regular file.
[[nodiscard]] bool is_routes_file(const std::string& path);

// Mapped for as long as the table lives, also when the file is replaced or removed meanwhile. Only the header and the
// settings are read here; Table::verify reads all. Fault::input: not a route table, cut, damaged; Fault::system: cannot
// be opened, or no regular file. Whoever shortens a file in place while it is mapped ends this process (SIGBUS), which
// RoutesFile and every other writer that renames never does.
[[nodiscard]] Result<lcr::Table> open_routes(const std::string& path);

// Table::verify of a table from open_routes, read from one end to the other.
[[nodiscard]] Result<void> verify_routes(const lcr::Table& table);

}  // namespace trunkbox::store

// Rows that somebody names.
#pragma once

#include "centrex/edits.h"

#include <string>

namespace trunkbox::centrex {

// Rule "reference" when it is not there, with the nearest name that is.
[[nodiscard]] Result<Row> known_row(Rows& rows, const Table& table, const Key& key);

// The country by whose spellings a tenant's numbers are read, "" for no tenant. Rule "reference" when it is not there.
[[nodiscard]] Result<std::string> region_of(Rows& rows, const std::string& tenant);

// What else the name of a row of this table may have meant: "did you mean 'paris'?", "known: 'paris', 'lyon'".
[[nodiscard]] Result<std::string> near_names(Rows& rows, const Table& table, const std::string& tenant, const std::string& name);

}  // namespace trunkbox::centrex

// The directory's tables in SQL, made from their descriptions.
#pragma once

#include "store/sql.h"

#include <cstdint>
#include <string>
#include <vector>

namespace trunkbox::store {

// "TBOX": what the file says that it is.
inline constexpr std::int64_t application_id = 0x54424F58;

// The statements that make an empty directory, in order.
[[nodiscard]] std::vector<std::string> schema_sql(Database::Engine engine);
// An empty database becomes a directory when it may; what is neither is left alone. `place` is for errors.
// Fault::system: there is none; Fault::input: it is something else, or of another version.
[[nodiscard]] Result<void> make_ready(Database& database, const std::string& place, bool create);

// Numbers that one row of "usage" counts.
inline constexpr std::int64_t usage_chunk = 1000;

}  // namespace trunkbox::store

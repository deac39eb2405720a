// PostgreSQL as the directory's database: one who writes at a time, by the lock of one row, in the order of the commits.
#pragma once

#include "base/time.h"
#include "store/sql.h"

#include <memory>
#include <string>
#include <string_view>

namespace trunkbox::store {

// "postgresql://USER@HOST/NAME"; all that libpq reads may stand there.
[[nodiscard]] bool is_postgresql(std::string_view place);
// The place as it may be shown: user, host and database, never a password.
[[nodiscard]] std::string shown_place(std::string_view place);
// False where a password may stand in the place of something else: then not even what libpq says of it may be shown.
[[nodiscard]] bool may_be_shown(std::string_view place);

struct PostgresqlOptions {
    std::string url;
    Duration wait = 5s;  // for the lock, and from 2 to 10 s of it for an answer to a new connection
};
// Fault::usage: no address; Fault::system: no server, no libpq. A connection that is lost comes back with the next transaction.
[[nodiscard]] Result<std::unique_ptr<Database>> open_postgresql(const PostgresqlOptions& options);

// Of the library as it would be loaded, or "not installed".
[[nodiscard]] std::string libpq_version();

}  // namespace trunkbox::store

// SQLite as the directory's database: write-ahead log, every commit on disk, foreign keys kept.
#pragma once

#include "base/time.h"
#include "store/sql.h"

#include <memory>
#include <string>

namespace trunkbox::store {

struct SqliteOptions {
    std::string path;
    bool create = false;     // when it is not there, readable by its owner alone
    Duration wait = 5s;      // for a lock
};
// Fault::system: not there, not to be opened, readable by others; Fault::input: no database.
[[nodiscard]] Result<std::unique_ptr<Database>> open_sqlite(const SqliteOptions& options);

[[nodiscard]] std::string sqlite_version();
[[nodiscard]] std::string sqlitecpp_version();

}  // namespace trunkbox::store

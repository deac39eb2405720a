// Directories in files of their own: copied while they are in use, put back, brought from an older version to this one.
#pragma once

#include "store/directory.h"

#include <string>

namespace trunkbox::store {

// One moment of the directory, history and all, in a new file that its owner alone can read. Fault::system: it is there
// already, the disk is full; nothing is left of it then.
[[nodiscard]] Result<void> backup(const Directory::Options& place, const std::string& to);
[[nodiscard]] Result<void> copy_sqlite(Database& database, const std::string& to);

// The directory becomes what the backup holds, its history too; what is no sound directory is refused and nothing happens.
[[nodiscard]] Result<void> restore(const Directory::Options& place, const std::string& from);

struct Migrated {
    std::int64_t from = 0;
    std::int64_t to = 0;
    std::string kept{};  // where it is as it was, "" when nothing was to be done
};
// From the version of the tables that it has to the one that this program knows, in one transaction.
[[nodiscard]] Result<Migrated> migrate(const Directory::Options& place);

}  // namespace trunkbox::store

#include "store/copies.h"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include "config/files.h"
#include "store/descriptor.h"
#include "store/postgresql.h"
#include "store/sqlite.h"

namespace trunkbox::store {

namespace {

std::string sql_text(std::string_view text) {
    std::string sql = "'";
    for (char c : text) sql += c == '\'' ? std::string("''") : std::string{c};
    return sql + '\'';
}

Result<void> only_sqlite(const std::string& place) {
    if (!is_postgresql(place)) return {};
    return failure(Fault::usage, "", "a PostgreSQL directory has copies of its own", "use pg_dump and pg_restore");
}

}  // namespace

Result<void> copy_sqlite(Database& database, const std::string& to) {
    Descriptor made(::open(to.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600));
    if (!made.open() && errno == EEXIST) return failure(Fault::system, to, "is there already", "name a new file");
    if (!made.open()) return config::cannot_read(to, errno);
    auto done = database.execute("VACUUM INTO " + sql_text(to));
    if (done && ::fsync(made.number()) != 0) done = config::cannot_read(to, errno);
    if (!done) ::unlink(to.c_str());
    return done;
}

Result<void> backup(const Directory::Options& place, const std::string& to) {
    if (auto good = only_sqlite(place.place); !good) return good;
    auto directory = Directory::open(place);
    if (!directory) return tl::unexpected(directory.error());
    return copy_sqlite(directory->database(), to);
}

Result<void> restore(const Directory::Options& place, const std::string& from) {
    for (const auto& each : {place.place, from})
        if (auto good = only_sqlite(each); !good) return good;
    auto source = Directory::open({.place = from, .wait = place.wait});
    if (!source) return tl::unexpected(source.error());
    auto whole = source->database().one("PRAGMA integrity_check");
    if (!whole) return tl::unexpected(whole.error());
    if (!*whole || centrex::text((**whole)[0]) != "ok") return failure(Fault::input, from, "is damaged", "take another backup");
    auto target = Directory::open({.place = place.place, .create = true, .wait = place.wait});
    if (!target) return tl::unexpected(target.error());
    try {
        SQLite::Database read(from, SQLite::OPEN_READONLY);
        SQLite::Database write(place.place, SQLite::OPEN_READWRITE,
                               static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(place.wait).count()));
        SQLite::Backup copy(write, read);
        copy.executeStep(-1);
    } catch (const SQLite::Exception& error) {
        const bool locked = error.getErrorCode() == 5 || error.getErrorCode() == 6;  // SQLITE_BUSY, SQLITE_LOCKED
        return failure(locked ? Fault::timeout : Fault::system, place.place, error.what());
    }
    return {};
}

}  // namespace trunkbox::store

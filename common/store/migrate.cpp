// Older versions of the tables: their rows are put into tables of this version, what those have and these have not stays empty.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "store/copies.h"
#include "store/directory_schema.h"
#include "store/postgresql.h"
#include "store/sqlite.h"

namespace trunkbox::store {

namespace {

using centrex::text;

// One column of every row of the answer.
Result<std::vector<std::string>> words(Database& database, const std::string& sql) {
    auto statement = database.prepare(sql);
    if (!statement) return tl::unexpected(statement.error());
    if (auto started = (*statement)->start({}); !started) return tl::unexpected(started.error());
    std::vector<std::string> all;
    while (true) {
        auto there = (*statement)->step();
        if (there && *there) {
            all.push_back(text((*statement)->cell(0)));
            continue;
        }
        (*statement)->finish();
        if (!there) return tl::unexpected(there.error());
        return all;
    }
}

Result<std::int64_t> integer_of(Database& database, const std::string& sql) {
    auto row = database.one(sql);
    if (!row) return tl::unexpected(row.error());
    return *row ? centrex::integer((**row)[0]) : 0;
}

Result<void> execute_all(Database& database, const std::vector<std::string>& statements) {
    for (const auto& sql : statements)
        if (auto done = database.execute(sql); !done) return done;
    return {};
}

Result<std::vector<std::string>> columns_of(Database& database, const std::string& table) {
    return words(database, fmt::format("SELECT name FROM pragma_table_info('{}')", table));
}

// Out of the way, with all that hangs on them.
Result<std::vector<std::string>> put_aside(Database& database) {
    auto tables = words(database, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'");
    if (!tables) return tables;
    auto others = words(database, "SELECT 'DROP ' || type || ' \"' || name || '\"' FROM sqlite_master "
                                  "WHERE type IN ('index', 'trigger') AND sql IS NOT NULL");
    if (!others) return others;
    if (auto dropped = execute_all(database, *others); !dropped) return tl::unexpected(dropped.error());
    for (const auto& name : *tables)
        if (auto moved = database.execute(fmt::format("ALTER TABLE \"{0}\" RENAME TO \"old {0}\"", name)); !moved)
            return tl::unexpected(moved.error());
    return tables;
}

Result<void> take_over(Database& database, const std::string& name) {
    auto before = columns_of(database, "old " + name);
    auto now = columns_of(database, name);
    if (!before || !now) return tl::unexpected((!before ? before : now).error());
    std::string both;
    for (const auto& column : *now)
        if (std::find(before->begin(), before->end(), column) != before->end())
            both += fmt::format("{}\"{}\"", both.empty() ? "" : ", ", column);
    if (both.empty()) return {};
    return database.execute(fmt::format("INSERT INTO \"{0}\" ({1}) SELECT {1} FROM \"old {0}\"", name, both));
}

Result<void> rebuild(Database& database) {
    auto old = put_aside(database);
    if (!old) return tl::unexpected(old.error());
    if (auto made = execute_all(database, schema_sql(Database::Engine::sqlite)); !made) return made;
    for (const auto& name : *old)
        if (auto taken = take_over(database, name); !taken) return taken;
    for (const auto& name : *old)
        if (auto gone = database.execute(fmt::format("DROP TABLE \"old {}\"", name)); !gone) return gone;
    auto broken = words(database, "SELECT \"table\" FROM pragma_foreign_key_check");
    if (!broken) return tl::unexpected(broken.error());
    if (!broken->empty())
        return failure(Fault::input, "", fmt::format("a row of '{}' names what is not there", broken->front()),
                       "take the last backup");
    return {};
}

// From version 2, the first that there was on a server. From 3 on the history's lines may be shorter.
Result<Migrated> migrate_postgresql(const Directory::Options& place) {
    constexpr std::int64_t first = 2;
    auto current = Directory::open(place);
    if (current) return Migrated{.from = centrex::schema_version, .to = centrex::schema_version};
    auto opened = open_postgresql({.url = place.place, .wait = place.wait});
    if (!opened) return tl::unexpected(opened.error());
    auto& database = **opened;
    auto said = database.one("SELECT \"version\" FROM \"directory\" WHERE \"application\" = ?", std::array<centrex::Cell, 1>{std::int64_t{application_id}});
    const auto version = said && *said ? centrex::integer((**said)[0]) : 0;
    if (version < first || version >= centrex::schema_version) return tl::unexpected(current.error());
    auto moved = database.begin(true);
    if (moved && version == first) moved = database.execute("ALTER TABLE \"change_row\" ADD COLUMN \"rows\" BIGINT NOT NULL DEFAULT 1");
    if (moved) moved = database.execute(fmt::format("UPDATE \"directory\" SET \"version\" = {}", centrex::schema_version));
    if (moved) moved = database.commit();
    if (moved) return Migrated{.from = version, .to = centrex::schema_version};
    database.rollback();
    return tl::unexpected(moved.error());
}

}  // namespace

Result<Migrated> migrate(const Directory::Options& place) {
    if (is_postgresql(place.place)) return migrate_postgresql(place);
    auto opened = open_sqlite({.path = place.place, .wait = place.wait});
    if (!opened) return tl::unexpected(opened.error());
    auto& database = **opened;
    auto id = integer_of(database, "PRAGMA application_id");
    auto version = integer_of(database, "PRAGMA user_version");
    if (!id || !version) return tl::unexpected((!id ? id : version).error());
    if (*id != application_id || *version < 1)
        return failure(Fault::input, place.place, "is a database, but no directory of trunkbox", "name another file");
    if (*version > centrex::schema_version)
        return failure(Fault::input, place.place,
                       fmt::format("is of version {}, this program knows {}", *version, centrex::schema_version),
                       "use the program that made it");
    Migrated done{.from = *version, .to = centrex::schema_version};
    if (*version == centrex::schema_version) return done;
    done.kept = fmt::format("{}.version-{}", place.place, *version);
    if (auto kept = copy_sqlite(database, done.kept); !kept) return tl::unexpected(kept.error());
    // Names in the tables that are put aside stay as they are.
    auto moved = execute_all(database, {"PRAGMA foreign_keys=OFF", "PRAGMA legacy_alter_table=ON"});
    if (moved) moved = database.begin(true);
    if (moved) moved = rebuild(database);
    if (moved) moved = database.commit();
    if (moved) return done;
    database.rollback();
    return tl::unexpected(moved.error());
}

}  // namespace trunkbox::store

#include "store/bulk_load.h"

#include <array>
#include <utility>

#include <fmt/format.h>

namespace trunkbox::store {

namespace {

using centrex::Cell;
using centrex::text;

// The statements that put them aside, and those that make them; nothing where there are none.
constexpr const char* statements = R"(
    SELECT string_agg(format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I;', conrelid::regclass, conname), ' ' ORDER BY conname),
           string_agg(format('ALTER TABLE %s ADD CONSTRAINT %I %s;', conrelid::regclass, conname, pg_get_constraintdef(oid)),
                      ' ' ORDER BY conname)
    FROM pg_constraint WHERE contype = 'f' AND conrelid = to_regclass(?)
    UNION ALL
    SELECT string_agg(format('DROP INDEX IF EXISTS %s;', indexrelid::regclass), ' ' ORDER BY indexrelid),
           string_agg(pg_get_indexdef(indexrelid) || ';', ' ' ORDER BY indexrelid)
    FROM pg_index WHERE NOT indisunique AND indrelid = to_regclass(?))";

// Whether the table is empty, its indexes lie where new ones will, and the server is one whose every statement can be taken
// back: YugabyteDB's are not all, and with Citus a table may lie on several.
constexpr const char* suitable = R"(
    SELECT (version() LIKE 'PostgreSQL %' AND version() NOT LIKE '%-YB-%'
            AND NOT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus')
            AND NOT EXISTS (SELECT 1 FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
                            WHERE indrelid = to_regclass('"{0}"') AND reltablespace <> 0)
            AND NOT EXISTS (SELECT 1 FROM "{0}"))::int)";

// Long enough for who reads a row, not for who reads them all.
constexpr const char* patience = "SET LOCAL lock_timeout = 200;";

struct Texts {
    std::string put_aside{}, make{};
};

Result<Texts> texts_for(Database& database, const std::string& table) {
    auto statement = database.prepare(statements);
    if (!statement) return tl::unexpected(statement.error());
    const Cell named = fmt::format("\"{}\"", table);
    const std::array<Cell, 2> parameters{named, named};
    if (auto started = (*statement)->start(parameters); !started) return tl::unexpected(started.error());
    Texts texts;
    for (;;) {
        auto there = (*statement)->step();
        if (there && *there) {
            texts.put_aside += text((*statement)->cell(0));
            texts.make += text((*statement)->cell(1));
            continue;
        }
        (*statement)->finish();
        if (!there) return tl::unexpected(there.error());
        return texts;
    }
}

Result<std::string> lock_timeout(Database& database) {
    auto row = database.one("SELECT current_setting('lock_timeout')");
    if (!row) return tl::unexpected(row.error());
    return text((**row)[0]);
}

}  // namespace

Result<void> BulkLoad::begin(Database& database, const std::string& table) {
    if (!put_back_.empty()) return {};
    auto suits = database.one(fmt::format(suitable, table));
    if (!suits) return tl::unexpected(suits.error());
    if (centrex::integer((**suits)[0]) == 0) return {};
    auto texts = texts_for(database, table);
    if (!texts) return tl::unexpected(texts.error());
    if (texts->put_aside.empty()) return {};
    auto waits = lock_timeout(database);
    if (!waits) return tl::unexpected(waits.error());
    if (auto saved = database.execute("SAVEPOINT aside"); !saved) return saved;
    // Who may drop them need not be one who may make them: tried while there is nothing to lose.
    auto& [put_aside, make] = *texts;
    if (!database.execute(patience + put_aside + make + put_aside))
        return database.execute("ROLLBACK TO SAVEPOINT aside; RELEASE SAVEPOINT aside");
    // Those that are there are made again: a transaction may have been taken back to before they were put aside.
    put_back_ = put_aside + make;
    return database.execute(fmt::format("RELEASE SAVEPOINT aside; SET LOCAL lock_timeout = '{}'", *waits));
}

Result<void> BulkLoad::finish(Database& database) {
    if (put_back_.empty()) return {};
    return database.execute(std::exchange(put_back_, {}));
}

}  // namespace trunkbox::store

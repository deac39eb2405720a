#include "store/directory.h"

#include <array>

#include <fmt/format.h>

#include "config/directory_rows.h"
#include "store/directory_schema.h"
#include "store/sqlite.h"

namespace trunkbox::store {

using centrex::Cell;
using centrex::integer;
using centrex::Row;
using centrex::RowChange;
using centrex::text;

namespace {

Result<std::int64_t> pragma(Database& database, const std::string& name) {
    auto row = database.one("PRAGMA " + name);
    if (!row) return tl::unexpected(row.error());
    return *row ? integer((**row)[0]) : 0;
}

Result<void> make_tables(Database& database) {
    for (const auto& sql : schema_sql(database.engine()))
        if (auto done = database.execute(sql); !done) return done;
    return {};
}

// An empty file becomes a directory; what is neither is left alone.
Result<void> prepare_sqlite(Database& database, const Directory::Options& options) {
    auto version = pragma(database, "user_version");
    if (!version) return tl::unexpected(version.error());
    if (*version == 0 && options.create) {
        if (auto begun = database.begin(true); !begun) return begun;
        version = pragma(database, "user_version");  // another may have made it meanwhile
        auto id = pragma(database, "application_id");
        auto there = database.one("SELECT COUNT(*) FROM sqlite_master");
        Result<void> made;
        if (version && *version == 0 && id && *id == 0 && there && *there && integer((**there)[0]) == 0)
            made = make_tables(database);
        if (made) made = database.commit();
        if (!made) {
            database.rollback();
            return made;
        }
        version = pragma(database, "user_version");
    }
    auto id = pragma(database, "application_id");
    if (!version || !id) return tl::unexpected((!version ? version : id).error());
    if (*id != application_id || *version == 0)
        return failure(Fault::input, options.place, "is a database, but no directory of trunkbox", "name another file");
    if (*version != centrex::schema_version)
        return failure(Fault::input, options.place,
                       fmt::format("is of version {}, this program knows {}", *version, centrex::schema_version),
                       "use the program that made it");
    return {};
}

constexpr std::string_view change_columns =
    "\"change\", \"at\", \"actor\", \"host\", \"command\", \"message\", \"plan\", \"undo_of\", "
    "(SELECT COUNT(*) FROM \"change_row\" WHERE \"change_row\".\"change\" = \"change\".\"change\")";

Change read_change(const Statement& statement) {
    Change change{.change = integer(statement.cell(0)),
                  .at = Time{std::chrono::seconds{integer(statement.cell(1))}},
                  .actor = text(statement.cell(2)),
                  .host = text(statement.cell(3)),
                  .command = text(statement.cell(4)),
                  .message = text(statement.cell(5)),
                  .plan = text(statement.cell(6)),
                  .rows = integer(statement.cell(8))};
    if (auto of = statement.cell(7); !centrex::is_null(of)) change.undo_of = integer(of);
    return change;
}

// Calls `take` for each row of the answer.
Result<void> query(Database& database, const std::string& sql, std::span<const Cell> parameters,
                   const std::function<Result<void>(const Statement&)>& take) {
    auto statement = database.prepare(sql);
    if (!statement) return tl::unexpected(statement.error());
    if (auto started = (*statement)->start(parameters); !started) return started;
    while (true) {
        auto there = (*statement)->step();
        Result<void> taken;
        if (there && *there) taken = take(**statement);
        if (there && *there && taken) continue;
        (*statement)->finish();
        if (!there) return tl::unexpected(there.error());
        return taken;
    }
}

Result<std::optional<Row>> read_side(const centrex::Table& table, const Cell& json, std::int64_t change) {
    if (centrex::is_null(json)) return std::optional<Row>{};
    auto row = config::read_row(table, text(json), fmt::format("change {}", change));
    if (!row) return tl::unexpected(row.error());
    return std::optional<Row>{std::move(*row)};
}

}  // namespace

Result<Directory> Directory::open(const Options& options) {
    auto database = open_sqlite({.path = options.place, .create = options.create, .wait = options.wait});
    if (!database) return tl::unexpected(database.error());
    if (auto ready = prepare_sqlite(**database, options); !ready) return tl::unexpected(ready.error());
    return Directory(std::move(*database));
}

Result<Directory::Outcome> Directory::edit(const Edit& edit, const std::function<Result<void>(DirectoryRows&)>& work) {
    if (auto begun = database_->begin(true); !begun) return tl::unexpected(begun.error());
    DirectoryRows rows(*database_, &edit);
    auto done = work(rows);
    if (done) done = rows.flush();
    if (done && !edit.dry_run) done = database_->commit();
    if (!done || edit.dry_run) database_->rollback();
    if (!done) return tl::unexpected(done.error());
    return Outcome{.change = rows.change(),
                   .changed = rows.changed_rows() > 0,
                   .count = rows.changed_rows(),
                   .rows = rows.take_rows()};
}

Result<void> Directory::read(const std::function<Result<void>(DirectoryRows&)>& work) {
    if (auto begun = database_->begin(false); !begun) return begun;
    DirectoryRows rows(*database_, nullptr);
    auto done = work(rows);
    database_->rollback();
    return done;
}

Result<std::vector<Change>> Directory::history(std::int64_t from, std::size_t most) {
    const std::array<Cell, 2> parameters{from, most == 0 ? std::int64_t{1} << 60 : static_cast<std::int64_t>(most)};
    auto sql = fmt::format("SELECT {} FROM \"change\" WHERE \"change\" >= ? ORDER BY \"change\" DESC LIMIT ?", change_columns);
    std::vector<Change> changes;
    auto done = query(*database_, sql, parameters, [&](const Statement& statement) -> Result<void> {
        changes.push_back(read_change(statement));
        return {};
    });
    if (!done) return tl::unexpected(done.error());
    return std::vector<Change>(changes.rbegin(), changes.rend());
}

Result<Change> Directory::change(std::int64_t number) {
    const std::array<Cell, 1> parameters{number};
    std::optional<Change> found;
    auto done = query(*database_, fmt::format("SELECT {} FROM \"change\" WHERE \"change\" = ?", change_columns), parameters,
                      [&](const Statement& statement) -> Result<void> {
                          found = read_change(statement);
                          return {};
                      });
    if (!done) return tl::unexpected(done.error());
    if (!found)
        return centrex::against("change", fmt::format("there is no change {}", number), "'centrex history' lists them");
    return *found;
}

Result<std::int64_t> Directory::last_change() {
    auto row = database_->one("SELECT MAX(\"change\") FROM \"change\"");
    if (!row) return tl::unexpected(row.error());
    return *row ? integer((**row)[0]) : 0;
}

Result<void> Directory::each_row_change(std::int64_t first, std::int64_t last,
                                        const std::function<Result<void>(std::int64_t, RowChange)>& take) {
    const std::array<Cell, 2> parameters{first, last};
    return query(*database_,
                 "SELECT \"change\", \"table\", \"before\", \"after\" FROM \"change_row\" WHERE \"change\" BETWEEN ? AND ? "
                 "ORDER BY \"change\", \"seq\"",
                 parameters, [&](const Statement& statement) -> Result<void> {
                     const auto number = integer(statement.cell(0));
                     const auto* table = centrex::find_table(text(statement.cell(1)));
                     if (table == nullptr)
                         return failure(Fault::input, fmt::format("change {}", number),
                                        fmt::format("table '{}' is not known", text(statement.cell(1))));
                     auto before = read_side(*table, statement.cell(2), number);
                     auto after = read_side(*table, statement.cell(3), number);
                     if (!before || !after) return tl::unexpected((!before ? before : after).error());
                     return take(number, {table, std::move(*before), std::move(*after)});
                 });
}

}  // namespace trunkbox::store

#include "store/directory.h"

#include <array>

#include <fmt/format.h>

#include "config/directory_rows.h"
#include "store/directory_schema.h"
#include "store/history.h"
#include "store/postgresql.h"
#include "store/sqlite.h"

namespace trunkbox::store {

using centrex::Cell;
using centrex::integer;
using centrex::Row;
using centrex::RowChange;
using centrex::text;

namespace {

constexpr std::string_view change_columns =
    "\"change\", \"at\", \"actor\", \"host\", \"command\", \"message\", \"plan\", \"undo_of\", "
    "(SELECT CAST(COALESCE(SUM(\"rows\"), 0) AS BIGINT) FROM \"change_row\" WHERE \"change_row\".\"change\" = \"change\".\"change\")";

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

Result<std::optional<Row>> read_side(const centrex::Table& table, std::string_view json, std::int64_t change) {
    if (json.empty()) return std::optional<Row>{};
    auto row = config::read_row(table, json, fmt::format("change {}", change));
    if (!row) return tl::unexpected(row.error());
    return std::optional<Row>{std::move(*row)};
}

}  // namespace

Result<Directory> Directory::open(const Options& options) {
    auto database = is_postgresql(options.place)
                        ? open_postgresql({.url = options.place, .wait = options.wait})
                        : open_sqlite({.path = options.place, .create = options.create, .wait = options.wait});
    if (!database) return tl::unexpected(database.error());
    if (auto ready = make_ready(**database, shown_place(options.place), options.create); !ready)
        return tl::unexpected(ready.error());
    return Directory(std::move(*database));
}

Result<Directory::Outcome> Directory::edit(const Edit& edit, const std::function<Result<void>(DirectoryRows&)>& work) {
    if (auto begun = database_->begin(true); !begun) return tl::unexpected(begun.error());
    DirectoryRows rows(*database_, &edit);
    auto done = work(rows);
    if (done) done = rows.flush();
    if (auto written = rows.wait(); done) done = std::move(written);
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
    return each_touched(*database_, first, last, Direction::forwards, [&](const TouchedRow& row) -> Result<void> {
        const auto* table = centrex::find_table(row.table);
        if (table == nullptr)
            return failure(Fault::input, fmt::format("change {}", row.change),
                           fmt::format("table '{}' is not known", row.table));
        auto before = read_side(*table, row.before, row.change);
        auto after = read_side(*table, row.after, row.change);
        if (!before || !after) return tl::unexpected((!before ? before : after).error());
        return take(row.change, {table, std::move(*before), std::move(*after)});
    });
}

}  // namespace trunkbox::store

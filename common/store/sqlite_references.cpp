#include "store/sqlite_references.h"

#include <algorithm>
#include <array>
#include <map>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>
#include <sqlite3.h>

namespace trunkbox::store {

namespace {

using centrex::Cell;
using centrex::integer;
using centrex::Row;
using centrex::text;

struct ForeignKey {
    std::string parent{};
    std::vector<std::size_t> cells{};  // of the row
    std::vector<std::string> names{};  // of the parent's columns
};

Result<std::vector<ForeignKey>> foreign_keys(Database& database, const std::string& table,
                                             std::span<const std::string> columns) {
    auto statement = database.prepare("SELECT \"id\", \"table\", \"from\", \"to\" FROM pragma_foreign_key_list(?) ORDER BY \"id\", \"seq\"");
    if (!statement) return tl::unexpected(statement.error());
    const std::array<Cell, 1> named{table};
    if (auto started = (*statement)->start(named); !started) return tl::unexpected(started.error());
    std::map<std::int64_t, ForeignKey> keys;
    std::vector<ForeignKey> all;
    for (;;) {
        auto there = (*statement)->step();
        if (there && *there) {
            auto& key = keys[integer((*statement)->cell(0))];
            key.parent = text((*statement)->cell(1));
            const auto from = std::ranges::find(columns, text((*statement)->cell(2)));
            key.cells.push_back(static_cast<std::size_t>(from - columns.begin()));
            key.names.push_back(text((*statement)->cell(3)));
            continue;
        }
        (*statement)->finish();
        if (!there) return tl::unexpected(there.error());
        // What is not said of a row is null, and refers to nothing.
        for (auto& [id, key] : keys)
            if (std::ranges::max(key.cells) < columns.size()) all.push_back(std::move(key));
        return all;
    }
}

std::string question(const ForeignKey& key) {
    std::string where;
    for (const auto& name : key.names) where += fmt::format("{}\"{}\" = ?", where.empty() ? "" : " AND ", name);
    return fmt::format("SELECT 1 FROM \"{}\" WHERE {}", key.parent, where);
}

std::vector<Cell> cells_of(const ForeignKey& key, const Row& row) {
    std::vector<Cell> cells;
    for (auto cell : key.cells) cells.push_back(row[cell]);
    return cells;
}

std::string name_of(const std::vector<Cell>& cells) {
    std::string name;
    for (const auto& cell : cells) {
        const auto* word = std::get_if<std::string>(&cell);
        name += word != nullptr ? fmt::format("{} {}", word->size(), *word) : fmt::format("{};", integer(cell));
    }
    return name;
}

Result<void> check_key(Database& database, const std::string& table, const ForeignKey& key, std::span<const Row> rows) {
    const auto sql = question(key);
    std::unordered_set<std::string> known;
    const Row* last = nullptr;
    for (const auto& row : rows) {
        const auto is_null = [&](std::size_t cell) { return centrex::is_null(row[cell]); };
        const auto as_before = [&](std::size_t cell) { return row[cell] == (*last)[cell]; };
        if (std::ranges::any_of(key.cells, is_null)) continue;
        if (last != nullptr && std::ranges::all_of(key.cells, as_before)) continue;
        last = &row;
        const auto cells = cells_of(key, row);
        if (!known.insert(name_of(cells)).second) continue;
        auto there = database.one(sql, cells);
        if (!there) return tl::unexpected(there.error());
        if (!*there) return failure(Fault::system, "", fmt::format("a row of '{}' refers to no row of '{}'", table, key.parent));
    }
    return {};
}

}  // namespace

Result<void> check_references(Database& database, const std::string& table, std::span<const std::string> columns,
                              std::span<const Row> rows) {
    auto keys = foreign_keys(database, table, columns);
    if (!keys) return tl::unexpected(keys.error());
    for (const auto& key : *keys)
        if (auto good = check_key(database, table, key, rows); !good) return good;
    return {};
}

// Not by the pragma, which does nothing within a transaction.
WithoutForeignKeys::WithoutForeignKeys(sqlite3* handle) : handle_(handle) {
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_ENABLE_FKEY, 0, nullptr);
}
WithoutForeignKeys::~WithoutForeignKeys() { sqlite3_db_config(handle_, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr); }

}  // namespace trunkbox::store

#include "store/sql.h"

#include <fmt/format.h>

namespace trunkbox::store {

namespace {

std::string insert_sql(const std::string& table, std::span<const std::string> columns) {
    std::string list;
    std::string marks;
    for (const auto& column : columns) {
        list += fmt::format("{}\"{}\"", list.empty() ? "" : ", ", column);
        marks += marks.empty() ? "(?" : ", ?";
    }
    return fmt::format("INSERT INTO \"{}\" ({}) VALUES {})", table, list, marks);
}

}  // namespace

Result<std::optional<centrex::Row>> Database::one(const std::string& sql, std::span<const centrex::Cell> parameters,
                                                  std::size_t columns) {
    auto statement = prepare(sql);
    if (!statement) return tl::unexpected(statement.error());
    if (auto started = (*statement)->start(parameters); !started) return tl::unexpected(started.error());
    auto there = (*statement)->step();
    if (!there) {
        (*statement)->finish();
        return tl::unexpected(there.error());
    }
    std::optional<centrex::Row> row;
    if (*there) {
        row.emplace();
        row->reserve(columns);
        for (std::size_t i = 0; i < columns; ++i) row->push_back((*statement)->cell(i));
    }
    (*statement)->finish();
    return row;
}

Result<void> Database::append(const std::string& table, std::span<const std::string> columns,
                              std::span<const centrex::Row> rows) {
    if (rows.empty()) return {};
    auto statement = prepare(insert_sql(table, columns));
    if (!statement) return tl::unexpected(statement.error());
    for (const auto& row : rows) {
        auto done = (*statement)->start(row);
        if (auto stepped = done ? (*statement)->step() : Result<bool>{false}; !stepped) done = tl::unexpected(stepped.error());
        (*statement)->finish();
        if (!done) return done;
    }
    return {};
}

}  // namespace trunkbox::store

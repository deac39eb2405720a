#include "centrex/lookup.h"

#include <fmt/format.h>

#include "base/text.h"

namespace trunkbox::centrex {

Result<std::string> near_names(Rows& rows, const Table& table, const std::string& tenant, const std::string& name) {
    Query query{.table = &table, .limit = 1000};
    if (table.name != "tenant" && table.keys > 1) query.where.push_back({.column = "tenant", .value = tenant});
    auto found = rows.find(query);
    if (!found) return tl::unexpected(found.error());
    std::vector<std::string> names;
    for (const auto& row : *found) names.push_back(shown(table.columns[table.keys - 1], row[table.keys - 1]));
    if (names.empty()) return fmt::format("there is no {} yet", table.name);
    auto near = nearest(name, std::vector<std::string_view>(names.begin(), names.end()));
    if (!near.empty()) return fmt::format("did you mean '{}'?", near);
    constexpr std::size_t most = 5;
    std::string known;
    for (std::size_t i = 0; i < names.size() && i < most; ++i) known += fmt::format("{}'{}'", i > 0 ? ", " : "", names[i]);
    return fmt::format("known{}: {}", names.size() > most ? " e.g." : "", known);
}

Result<Row> known_row(Rows& rows, const Table& table, const Key& key) {
    auto row = rows.get(table, key);
    if (!row) return tl::unexpected(row.error());
    if (*row) return std::move(**row);
    const auto& last = table.columns[table.keys - 1];
    auto near = near_names(rows, table, text(key.front()), shown(last, key.back()));
    return against("reference", fmt::format("{} is not known", called(table, key)), near ? *near : "");
}

Result<std::string> region_of(Rows& rows, const std::string& tenant) {
    if (tenant.empty()) return std::string{};
    static const Table& tenants = table("tenant");
    static const auto country = tenants.index("country");
    auto row = known_row(rows, tenants, {tenant});
    if (!row) return tl::unexpected(row.error());
    return text((*row)[country]);
}

}  // namespace trunkbox::centrex

#include "store/dump.h"

#include <fmt/format.h>

#include "config/directory_rows.h"

namespace trunkbox::store {

Result<void> dump(DirectoryRows& rows, bool secrets, const std::function<Result<void>(std::string_view)>& take) {
    std::string line;
    for (const auto& table : centrex::tables()) {
        auto done = rows.each(table, [&](const centrex::Row& row) -> Result<void> {
            line = fmt::format("{{\"table\":\"{}\",", table.name);
            auto shown = row;
            for (std::size_t i = 0; i < shown.size() && !secrets; ++i)
                if (table.columns[i].kind == centrex::Kind::secret && !centrex::is_null(shown[i])) shown[i] = std::string("(hidden)");
            auto json = centrex::json(table, shown);
            line += std::string_view(json).substr(1);
            line += '\n';
            return take(line);
        });
        if (!done) return done;
    }
    return {};
}

Result<bool> load_line(DirectoryRows& rows, std::string_view line, const std::string& where) {
    constexpr std::string_view start = "{\"table\":\"";
    const auto end = line.starts_with(start) ? line.find("\",", start.size()) : std::string_view::npos;
    const auto* table = end == std::string_view::npos ? nullptr : centrex::find_table(line.substr(start.size(), end - start.size()));
    if (table == nullptr)
        return failure(Fault::input, where, "is no line of a dump", R"(it begins with e.g. '{"table":"user",')");
    auto row = config::read_row(*table, "{" + std::string(line.substr(end + 2)), where);
    if (!row) return tl::unexpected(row.error());
    for (std::size_t i = 0; i < row->size(); ++i)
        if (table->columns[i].kind == centrex::Kind::secret && centrex::text((*row)[i]) == "(hidden)")
            return failure(Fault::input, where, "holds a secret that was left out", "dump with --show-secrets");
    auto put = rows.put(*table, *row);
    if (!put) return tl::unexpected(at(where, put.error()));
    return put;
}

}  // namespace trunkbox::store

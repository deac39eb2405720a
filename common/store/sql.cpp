#include "store/sql.h"

namespace trunkbox::store {

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
        for (std::size_t i = 0; i < columns; ++i) row->push_back((*statement)->cell(i));
    }
    (*statement)->finish();
    return row;
}

}  // namespace trunkbox::store

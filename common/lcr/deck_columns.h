// What the header row of a rate deck may call each column.
#pragma once

#include "base/csv.h"
#include "base/result.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace trunkbox::lcr {

enum class Column {
    prefix,
    destination,
    rate,
    currency,
    connect_fee,
    minimum,
    increment,
    effective,
    end,
    blocked,
    status,
};
inline constexpr std::size_t column_count = 11;

// Where each column stands in a record.
using Columns = std::array<std::optional<std::size_t>, column_count>;

// Errors: a name that is not known (the nearest is named), one column twice, no prefix or rate column.
[[nodiscard]] Result<Columns> read_columns(const CsvReader& reader, const CsvRecord& header);

}  // namespace trunkbox::lcr

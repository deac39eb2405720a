// What each column of a rate deck means: by the title that a known dialect gives it, or by the reader's map.
#pragma once

#include "base/csv.h"
#include "base/money.h"
#include "base/result.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::lcr {

enum class Column : std::uint8_t {
    prefix,        // whole prefixes, from the country code on
    area,          // what follows the country code
    country_code,  // digits
    destination,
    country,  // a name; the destination where no other column is
    rate,
    inter_rate,
    intra_rate,
    ij_rate,
    // Terms
    currency,
    connect_fee,
    attempt_fee,
    minimum,
    increment,
    grace,
    free_seconds,
    minimum_charge,
    maximum_charge,
    tiers,
    blocked,
    status,
    // Scope
    effective,
    end,
    time_class,
    origin,
    jurisdiction,
    // Not of a row
    ignored,   // says nothing about the price
    constant,  // says nothing as long as all rows have the same there
    neutral,   // would change the price; its cells must say that they do not
};
inline constexpr std::size_t column_count = static_cast<std::size_t>(Column::ignored);
inline constexpr Column first_of_terms = Column::currency;
inline constexpr Column first_of_scope = Column::effective;

// A column whose cells must not say anything: blank, 0, or this word; of a constant one, what the first row
// has.
struct NeutralColumn {
    std::size_t place = 0;
    std::string title{};
    std::string_view word{};
    bool constant = false;
};

struct Columns {
    std::array<std::optional<std::size_t>, column_count> places{};  // in a record
    std::vector<NeutralColumn> neutral{};
    std::optional<Currency> currency{};  // "Rate (USD)"
    std::size_t width = 0;
    bool untitled = false;  // the record that they were read from is a row itself

    [[nodiscard]] std::optional<std::size_t> place(Column column) const {
        return places[static_cast<std::size_t>(column)];
    }
};

// Our name of a column, or of its title in the deck: what the deck calls it, or its number from 1. A deck's
// title or number with "" or "-": the column is left out.
using ColumnMap = std::map<std::string, std::string, std::less<>>;

// Whether the record has a title for the prefix and one for a rate, so that it is the header.
[[nodiscard]] bool is_header(const CsvRecord& record, const ColumnMap& map);

// Errors: a title that is not known (the nearest is named), one meaning twice, no prefix or rate column, a
// name in the map that is neither ours nor in the deck. Where the map numbers the prefix column and digits
// stand in it already, the deck has no header, and the map must name all of its columns.
[[nodiscard]] Result<Columns> read_columns(const CsvReader& reader, const CsvRecord& header,
                                           const ColumnMap& map);

}  // namespace trunkbox::lcr

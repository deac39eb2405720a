// Which column of a file of call records is what.
#pragma once

#include "base/csv.h"
#include "base/result.h"
#include "lcr/cdr.h"
#include "lcr/deck_dates.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

namespace trunkbox::lcr {

// What no record can do without.
inline constexpr std::array needed_columns{CdrColumn::number, CdrColumn::start, CdrColumn::duration};

struct CdrColumns {
    static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
    std::array<std::size_t, cdr_column_count> places = [] {
        std::array<std::size_t, cdr_column_count> all{};
        all.fill(none);
        return all;
    }();
    // What a second is in the columns of seconds: 1, 1000 or 1000000.
    std::array<std::int64_t, cdr_column_count> per_second = [] {
        std::array<std::int64_t, cdr_column_count> all{};
        all.fill(1);
        return all;
    }();
    std::optional<Currency> currency{};  // "cost (USD)"
    DateOrder date_order = DateOrder::unknown;
    bool untitled = false;               // the record they were read from is a call itself

    [[nodiscard]] std::size_t place(CdrColumn column) const { return places[static_cast<std::size_t>(column)]; }
    [[nodiscard]] bool has(CdrColumn column) const { return place(column) != none; }
};

// Of the first record of the file.
[[nodiscard]] Result<CdrColumns> read_cdr_columns(const CsvReader& reader, const CsvRecord& first,
                                                  const CdrOptions& options);

}  // namespace trunkbox::lcr

// The cells of one record of a deck that many records have in common: its terms and its scope.
#pragma once

#include "base/csv.h"
#include "base/result.h"
#include "lcr/deck_amounts.h"
#include "lcr/deck_columns.h"
#include "lcr/deck_dates.h"
#include "lcr/scope.h"
#include "lcr/terms.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace trunkbox::lcr {

// A record and what its columns mean. Errors of what is read from it have FILE:LINE:COLUMN.
struct Cells {
    const CsvReader& reader;
    const Columns& columns;
    const CsvRecord& record;

    [[nodiscard]] const CsvField* field(Column column) const {
        auto place = columns.place(column);
        return place ? &record.fields[*place] : nullptr;
    }
    // Cleaned; "" where the deck lacks the column.
    [[nodiscard]] std::string_view text(Column column) const;
    [[nodiscard]] tl::unexpected<Error> bad(Column column, std::string what, std::string fix) const;
    // An error without a place, at this column.
    [[nodiscard]] tl::unexpected<Error> bad(Column column, const Error& error) const;
};

// What the rate's cell says besides the rate.
struct BesideRate {
    std::optional<Currency> currency{};
    bool blocked = false;
};

// "blocked", "closed": a word, in a rate or status, for calls that are not taken.
[[nodiscard]] bool is_closed_word(std::string_view text);

[[nodiscard]] Result<Terms> read_terms(const Cells& cells, AmountReader& amounts, Currency otherwise,
                                       const BesideRate& beside_rate);
[[nodiscard]] Result<Scope> read_scope(const Cells& cells, const std::function<DateOrder()>& order);

}  // namespace trunkbox::lcr

// The rows of a deck that each record of its file is: one for every prefix and every jurisdiction that has a
// price.
#pragma once

#include "base/csv.h"
#include "base/result.h"
#include "lcr/deck.h"
#include "lcr/deck_amounts.h"
#include "lcr/deck_cells.h"
#include "lcr/deck_columns.h"
#include "lcr/deck_dates.h"
#include "lcr/deck_options.h"
#include "lcr/deck_remembered.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace trunkbox::lcr {

// Reads without allocation what is like it was in a row before.
class RowReader {
  public:
    // All but the last two must outlive it. date_order is asked once, when a date could be two.
    RowReader(const CsvReader& reader, const Columns& columns, Deck& deck, const DeckOptions& options,
              Currency currency, std::function<DateOrder()> date_order);

    // Adds the rows of the record, or none of them.
    [[nodiscard]] Result<void> read(const CsvRecord& record);
    // Whether what may not change within a deck is the same in the records that both have read.
    [[nodiscard]] bool agrees_with(const RowReader& other) const;
    // Rows beyond the first of their record.
    [[nodiscard]] std::size_t expanded() const { return expanded_; }

  private:
    static constexpr std::size_t rate_columns = 4;
    struct Price {
        Money rate{};
        std::size_t column = 0;  // of the rate columns
        BesideRate beside{};
    };
    struct KnownTerms {
        std::uint32_t index = 0;
        bool blocked = false;
        std::int64_t minimum = 0;
        std::int64_t increment = 1;
    };
    struct Places {
        std::vector<std::size_t> of_record{};
        bool adjacent = false;
    };
    using KnownScopes = std::array<std::uint32_t, rate_columns>;  // by rate column

    static Places places_between(const Columns& columns, Column first, Column behind);
    Result<void> check_width(const Cells& cells) const;
    Result<void> check_neutral(const Cells& cells);
    Result<void> read_codes(const Cells& cells);
    Result<void> check_country(const Cells& cells, std::string_view country) const;
    Result<void> read_prices(const Cells& cells);
    Result<KnownTerms> terms_of(const Cells& cells, const BesideRate& beside);
    Result<KnownScopes> scopes_of(const Cells& cells);
    Result<Money> per_minute(const Cells& cells, Column column, Money rate, const KnownTerms& terms) const;
    std::uint32_t destination_of(const Cells& cells);
    std::string_view key_of(const Cells& cells, const Places& places);

    const CsvReader& reader_;
    const Columns& columns_;
    Deck& deck_;
    const DeckOptions& options_;
    Currency currency_;
    std::function<DateOrder()> date_order_;
    AmountReader amounts_;
    Places terms_places_;
    Places scope_places_;
    std::vector<std::pair<std::size_t, std::size_t>> rate_places_;  // which of the rate columns, where
    std::vector<std::string> constants_;                            // of the first row, by neutral column
    bool has_constants_ = false;

    Remembered<KnownTerms, 512> terms_;
    Remembered<KnownScopes, 512> scopes_;
    Remembered<std::uint32_t, 2048> destinations_;
    std::string key_;
    std::vector<numbering::Prefix> prefixes_;
    std::vector<Price> prices_;
    std::vector<Deck::Packed> packed_;
    std::size_t expanded_ = 0;
};

}  // namespace trunkbox::lcr

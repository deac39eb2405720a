// Amounts of money as the cells of a deck have them.
#pragma once

#include "base/money.h"
#include "base/result.h"

#include <optional>
#include <string_view>

namespace trunkbox::lcr {

struct Amount {
    Money money{};
    std::optional<Currency> currency{};  // that stands beside it
};

// Of one deck: it has one decimal mark throughout.
class AmountReader {
  public:
    // Between commas a decimal comma must be beyond doubt: "0,0123", but not "1,234".
    explicit AmountReader(char separator) : comma_separates_(separator == ',') {}

    // "0.0123", "0,0123", "€0.0123", "0.0123 EUR", "$ 0.01"; not empty. Errors have no place.
    [[nodiscard]] Result<Amount> read(std::string_view cell);

    [[nodiscard]] char decimal_mark() const { return mark_; }  // seen so far; 0: none

  private:
    [[nodiscard]] Result<Money> number(std::string_view digits);

    bool comma_separates_;
    char mark_ = 0;  // seen so far
};

// "EUR", "eur", "€", "US$"; "$" is the US dollar.
[[nodiscard]] std::optional<Currency> read_currency(std::string_view text);

}  // namespace trunkbox::lcr

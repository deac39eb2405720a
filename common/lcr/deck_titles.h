// The titles of columns that are known, in the spellings of the dialects that carriers send.
#pragma once

#include "base/money.h"
#include "lcr/deck_columns.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace trunkbox::lcr {

struct Title {
    std::string_view text;  // lower-case, words parted by one blank
    Column column;
    std::string_view neutral{};  // for Column::neutral: a word that changes nothing
};
[[nodiscard]] std::span<const Title> known_titles();
[[nodiscard]] const Title* find_title(std::string_view normalised);
// Ours, without the other spellings: "connect fee". Empty for ignored and neutral.
[[nodiscard]] std::string_view name_of(Column column);

// Lower-case UTF-8, '_', '-', '.' and line breaks as blanks, single blanks.
[[nodiscard]] std::string normalised(std::string_view title);

// A title without what stands behind it in brackets, and the currency that this is: "Rate (USD)", "rate (€)".
struct BareTitle {
    std::string text;
    std::optional<Currency> currency{};
};
[[nodiscard]] BareTitle without_unit(std::string_view normalised);

}  // namespace trunkbox::lcr

// What stands in the cell of a deck once spreadsheets and encodings are taken off it.
#pragma once

#include <string>
#include <string_view>

namespace trunkbox::lcr {

// See clean_cell.
[[nodiscard]] std::string_view clean_odd_cell(std::string_view cell);

// Without blanks at both ends (no-break ones too), a leading apostrophe and ="…", by which spreadsheets are
// told that digits are text. A part of `cell`.
[[nodiscard]] inline std::string_view clean_cell(std::string_view cell) {
    auto plain = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    };
    return cell.empty() || (plain(cell.front()) && plain(cell.back())) ? cell : clean_odd_cell(cell);
}

// The text as it is where it is UTF-8 (RFC 3629), read as Windows-1252 where it is not.
[[nodiscard]] bool is_utf8(std::string_view text);
[[nodiscard]] std::string to_utf8(std::string_view text);

// "#N/A", "#REF!": what a formula left behind that found nothing.
[[nodiscard]] bool is_formula_error(std::string_view cell);

}  // namespace trunkbox::lcr

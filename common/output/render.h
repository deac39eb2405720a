// Record -> JSON and CSV text. Text that is not UTF-8 gets U+FFFD in place of what is broken, so that the
// result always is; numbers are written as short as they can be read back; NaN and infinity are null.
#pragma once

#include "output/value.h"

#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::output {

enum class Layout { lines, indented };

// No newline at the end.
[[nodiscard]] std::string to_json(const Value& value, Layout layout);
[[nodiscard]] std::string to_json(const Record& record, Layout layout);

// The same of a single value, at the end of `into`.
void append_json(std::string& into, std::string_view text);
void append_json(std::string& into, std::int64_t number);
void append_json(std::string& into, double number);

// One row of a table: names of nested records joined with '.', lists as JSON in one cell, null as nothing.
struct Cell {
    std::string column;
    std::string text;
};
[[nodiscard]] std::vector<Cell> flatten(const Record& record);

// RFC 4180 section 2, quoted where that is needed, ended by a line feed.
[[nodiscard]] std::string csv_line(const std::vector<std::string>& cells);

// The text with every byte that is no part of well-formed UTF-8 (RFC 3629 section 4) replaced by U+FFFD.
[[nodiscard]] std::string valid_utf8(std::string_view text);

// The version of the JSON library.
[[nodiscard]] std::string library_version();

}  // namespace trunkbox::output

// One row of a table of the directory, its cells in the order of the table's columns.
#pragma once

#include "centrex/schema.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace trunkbox::centrex {

// Nothing; a number, time (seconds since 1970), count or flag; a word or text.
using Cell = std::variant<std::monostate, std::int64_t, std::string>;
using Row = std::vector<Cell>;
// The cells of the key columns, which stand first in every table.
using Key = std::vector<Cell>;

[[nodiscard]] inline bool is_null(const Cell& cell) { return std::holds_alternative<std::monostate>(cell); }
// Nothing counts as 0 and as "".
[[nodiscard]] std::int64_t integer(const Cell& cell);
[[nodiscard]] const std::string& text(const Cell& cell);
// The cell of a column that the table has; another name is a bug and throws.
[[nodiscard]] const Cell& cell(const Table& table, const Row& row, std::string_view column);
[[nodiscard]] Cell& cell(const Table& table, Row& row, std::string_view column);

[[nodiscard]] Key key_of(const Table& table, const Row& row);
// A row of nothing but defaults.
[[nodiscard]] Row empty_row(const Table& table);

// As people read and write it: "+33199000001", "2026-11-22T10:00:00Z", "20", "yes", "alice"; "" for nothing.
[[nodiscard]] std::string shown(const Column& column, const Cell& cell);
void append_shown(std::string& into, const Column& column, const Cell& cell);
// The other way, with errors that say what a good value looks like; national spellings of numbers are read by `region`.
// An empty text is nothing.
[[nodiscard]] Result<Cell> parse_cell(const Column& column, std::string_view text, std::string_view region = {});

// "user 'alice'", "number '+33199000001'": for messages. The tenant stands only where it is all there is.
[[nodiscard]] std::string called(const Table& table, const Key& key);

// One line of JSON: the table's columns by name, nothing left out but what is null.
void append_json(std::string& into, const Table& table, std::span<const Cell> cells);
[[nodiscard]] std::string json(const Table& table, std::span<const Cell> cells);
void append_json_text(std::string& into, std::string_view text);

// What every row must hold before it may be written: what is required is there, choices are choices, both ends of a range
// have one length.
[[nodiscard]] Result<void> check(const Table& table, const Row& row);

}  // namespace trunkbox::centrex

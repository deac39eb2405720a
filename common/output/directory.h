// Rows of the directory, what an edit changed, and where a number rings, as records and text.
#pragma once

#include "centrex/edits.h"
#include "centrex/resolve.h"
#include "output/value.h"

#include <span>
#include <string>
#include <vector>

namespace trunkbox::output {

// Columns by name, secrets left out, nothing as null.
[[nodiscard]] Record record(const centrex::Table& table, const centrex::Row& row);
// "user alice  tenant=acme  name=Alice": what it is called, then what it holds.
[[nodiscard]] std::string text(const centrex::Table& table, const centrex::Row& row);

// [{"op":"add","table":"user","key":"acme alice","before":null,"after":{…}}]
[[nodiscard]] Value row_changes(std::span<const centrex::RowChange> rows);
// A line a row, "+", "~" or "-" before it.
[[nodiscard]] std::string text(std::span<const centrex::RowChange> rows);

// {"number","at","tenant","outcome","legs":[…],"then":[…],"why":[…],"emergency":{…},"change"}
[[nodiscard]] Record record(const centrex::Resolution& resolution, std::int64_t change);
// That record as a line of JSON, without the record between.
[[nodiscard]] std::string json_line(const centrex::Resolution& resolution, std::int64_t change);
// Where it rings in a line each; with `explain` each step that led there.
[[nodiscard]] std::string text(const centrex::Resolution& resolution, bool explain);

}  // namespace trunkbox::output

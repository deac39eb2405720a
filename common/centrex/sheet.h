// A line of somebody's spreadsheet: people, their phones and their numbers side by side. What it names is made to be so;
// what it leaves empty stays as it is, and nothing is ever taken from anybody by the way.
#pragma once

#include "centrex/edits.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace trunkbox::centrex {

struct SheetLine {
    std::vector<std::pair<std::string, std::string>> cells{};  // column, text
    [[nodiscard]] std::string_view find(std::string_view column) const;
};

// Every column that a sheet may have: of site, user, phone, number and extension, the conditions of forwards, and "to".
[[nodiscard]] const std::vector<std::string_view>& sheet_columns();

enum class Verdict { created, updated, same };
[[nodiscard]] std::string_view name(Verdict verdict);

struct Ensured {
    std::string key{};  // "user alice", "number +33199000001": what the line is about
    Verdict verdict = Verdict::same;
};
// `tenant`: of lines that name none. Errors of kind rule and input leave half of the line done: the caller takes it back.
[[nodiscard]] Result<Ensured> ensure(Edits& edits, const SheetLine& line, const std::string& tenant);

}  // namespace trunkbox::centrex

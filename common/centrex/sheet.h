// A line of somebody's spreadsheet: people, their phones and their numbers side by side. What it names is made to be so;
// what it leaves empty stays as it is, and nothing is ever taken from anybody by the way.
#pragma once

#include "centrex/edits.h"

#include <functional>
#include <map>
#include <optional>
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

// One edit by the lines of a sheet, which borrows its rows. Nothing else changes tenants meanwhile.
class SheetEdit {
  public:
    // `tenant`: of lines that name none.
    SheetEdit(Edits& edits, std::string tenant) : edits_(edits), tenant_(std::move(tenant)) {}
    // Errors of kind rule and input leave half of the line done: the caller takes it back.
    [[nodiscard]] Result<Ensured> ensure(const SheetLine& line);
    // The last line was taken back.
    void forget_last() { last_.reset(); }

  private:
    [[nodiscard]] Result<const std::string*> region_of(const std::string& tenant);
    [[nodiscard]] bool repeats_last(const SheetLine& line) const;

    Edits& edits_;
    std::string tenant_;
    struct Last {
        SheetLine line{};
        std::string key{};  // of what its names made of it, "" of a line that names but a number
    };
    std::optional<Last> last_{};
    std::map<std::string, std::string, std::less<>> regions_{};  // of the tenants named so far
};

}  // namespace trunkbox::centrex

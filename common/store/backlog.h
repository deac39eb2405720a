// Rows that an edit adds to the two long tables, numbers and history: held back, so that many are written at once.
#pragma once

#include "store/sql.h"

#include <cstdint>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace trunkbox::store {

class Backlog {
  public:
    explicit Backlog(Database& database) : database_(database) {}

    // A new row of "number", its revision behind it; a row of "change_row".
    void add_number(centrex::Row row);
    void add_note(centrex::Row row) { notes_.push_back(std::move(row)); }
    // The row that is held back; null when none is.
    [[nodiscard]] const centrex::Row* number(std::int64_t number) const;
    // Whether the number was added in this transaction, held back or not.
    [[nodiscard]] bool added(std::int64_t number) const { return added_.contains(number); }
    [[nodiscard]] bool holds_numbers() const { return !numbers_.empty(); }
    [[nodiscard]] bool full() const { return numbers_.size() + notes_.size() >= most; }

    struct Mark {
        std::size_t numbers = 0, notes = 0;
    };
    [[nodiscard]] Mark mark() const { return {numbers_.size(), notes_.size()}; }
    [[nodiscard]] Result<void> write() { return write_until(mark()); }
    [[nodiscard]] Result<void> write_until(Mark mark);
    // What came since is forgotten.
    void back_to(Mark mark);

  private:
    static constexpr std::size_t most = 20'000;

    Database& database_;
    std::vector<centrex::Row> numbers_{}, notes_{};
    std::unordered_map<std::int64_t, std::size_t> places_{};  // in numbers_
    std::unordered_set<std::int64_t> added_{};
};

}  // namespace trunkbox::store

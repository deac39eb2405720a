// Rows that an edit adds to the two long tables, numbers and history: held back, so that many are written at once, on a thread
// of its own while the next are made.
#pragma once

#include "store/history.h"
#include "store/sql.h"

#include <cstdint>
#include <future>
#include <unordered_map>
#include <vector>

namespace trunkbox::store {

class Backlog {
  public:
    // Whoever else uses `database`, which is borrowed, waits before.
    explicit Backlog(Database& database) : database_(database) {}

    // A new row of "number", its revision behind it.
    void add_number(centrex::Row row);
    // A row that the change touched; `sequence` counts them. Null: it was not there, or is not any more.
    void add_touched(std::int64_t change, std::int64_t sequence, const centrex::Table& table, const centrex::Row* before,
                     const centrex::Row* after);
    // The row that is held back; null when none is.
    [[nodiscard]] const centrex::Row* number(std::int64_t number);
    // Whether the number was added in this transaction, held back or not, or was about to be and was taken back.
    [[nodiscard]] bool added(std::int64_t number) const;
    [[nodiscard]] bool holds_numbers() const { return !numbers_.empty(); }
    [[nodiscard]] bool full() const { return numbers_.size() + held_ >= most; }

    struct Mark {
        std::size_t numbers = 0;
        std::size_t touched = 0;          // whole elements
        Touched::Extent of_next{};        // and so much of the one after them
    };
    [[nodiscard]] Mark mark() const;
    [[nodiscard]] Result<void> write() { return write_until(mark()); }
    // Many rows are being written when it returns, a few are written.
    [[nodiscard]] Result<void> write_until(Mark mark);
    // Until nothing is being written any more. The first error that there was, each time.
    [[nodiscard]] Result<void> wait();
    // What came since is forgotten.
    void back_to(Mark mark);

  private:
    static constexpr std::size_t most = 20'000;

    struct Batch {
        std::vector<centrex::Row> numbers{};
        std::vector<Touched> touched{};
        [[nodiscard]] Result<void> write(Database& database) const;
    };
    // What stands before the mark, which goes.
    [[nodiscard]] Batch take(Mark mark);
    [[nodiscard]] std::vector<centrex::Row> take_numbers(std::size_t count);
    void count_held();

    Database& database_;
    std::vector<centrex::Row> numbers_{};
    std::vector<Touched> touched_{};
    std::size_t held_ = 0;  // rows in touched_
    // In numbers_, of so many of them: most are never asked for again.
    std::unordered_map<std::int64_t, std::size_t> places_{};
    std::size_t placed_ = 0;
    // Those that were added, by the bits of sixty-four that follow each other: an import adds a million.
    std::unordered_map<std::int64_t, std::uint64_t> added_{};
    std::future<Result<void>> writing_{};
    Result<void> written_well_{};
};

}  // namespace trunkbox::store

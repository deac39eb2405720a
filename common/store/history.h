// The history's rows: what a change touched, before and after. Rows of one table that were touched one after another stand
// in one row of "change_row", a line each, for most of a million come and go in the same way. A line is an object, or, when
// only the number that is the row's key is another than in the line above, that number.
#pragma once

#include "centrex/row.h"
#include "store/sql.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::store {

// Rows of one table that all came, all changed or all went, in the order in which they did.
class Touched {
  public:
    // `first` is the place of the first row in its change.
    Touched(const centrex::Table& table, std::int64_t change, std::int64_t first, bool had, bool has)
        : table_(&table), change_(change), first_(first), had_(had), has_(has) {}

    // Whether a row that is touched next may stand here, too.
    [[nodiscard]] bool takes(const centrex::Table& table, std::int64_t change, bool had, bool has) const;
    // Null for a row that was not there before, or is not there any more.
    void add(const centrex::Row* before, const centrex::Row* after);
    [[nodiscard]] std::size_t count() const { return extent_.count; }
    // As the columns of "change_row" have it.
    [[nodiscard]] centrex::Row cells() const;
    [[nodiscard]] static std::span<const std::string> columns();

    // How far it goes, to come back to.
    struct Extent {
        std::size_t count = 0;
        std::size_t keys = 0, before = 0, after = 0;  // lengths
    };
    [[nodiscard]] Extent extent() const { return extent_; }
    // What came after is forgotten.
    void cut(Extent to);
    // The rows after the first `at.count`, which stay here.
    [[nodiscard]] Touched split(Extent at);

  private:
    // What the rows were, or are; a line each.
    struct Side {
        std::string lines{};
        centrex::Row last{};  // whose line is the last one; empty where that is not known
        void add(const centrex::Table& table, const centrex::Row& row);
        void cut(std::size_t length);
        [[nodiscard]] Side split(std::size_t length);
    };

    const centrex::Table* table_;
    std::int64_t change_, first_;
    bool had_, has_;
    Extent extent_{};
    std::string keys_{};
    Side before_{}, after_{};
};

// One row as the history tells it, valid during the call; "" where it was not, or is not any more.
struct TouchedRow {
    std::int64_t change = 0;
    std::string_view table{};
    std::string_view key{};            // "acme alice"
    std::string_view before{}, after{};  // JSON
};
enum class Direction { forwards, backwards };
// Every row that the changes from `first` to `last` touched, in the order in which they were, or against it.
[[nodiscard]] Result<void> each_touched(Database& database, std::int64_t first, std::int64_t last, Direction direction,
                                        const std::function<Result<void>(const TouchedRow&)>& take);

}  // namespace trunkbox::store

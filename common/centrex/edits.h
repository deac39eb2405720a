// What edits of the directory stand on: rows are read, put and removed inside one transaction that somebody else begins and
// ends. The store implements it; nothing here knows a database.
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "centrex/row.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::centrex {

struct Match {
    std::string_view column;
    enum class Is { equal, at_most, at_least, null } is = Is::equal;
    Cell value{};
};

struct Query {
    const Table* table;
    std::vector<Match> where{};
    bool descending = false;  // by key
    std::size_t limit = 0;    // 0: all
    bool any_order = false;   // what is asked for is rare, and quicker found than walked to in the order of the key
};

// So many numbers of a tenant have this state stored.
struct StateCount {
    std::string tenant{};  // "" for nobody's
    std::string state{};
    std::int64_t count = 0;
};

class Rows {
  public:
    Rows() = default;
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;
    virtual ~Rows() = default;

    [[nodiscard]] virtual Result<std::optional<Row>> get(const Table& table, const Key& key) = 0;
    // In the order of the key.
    [[nodiscard]] virtual Result<std::vector<Row>> find(const Query& query) = 0;
    // The block of numbers that begins at this one or last before it; null: none does. Valid until rows are put or removed,
    // or this is asked again.
    [[nodiscard]] virtual Result<const Row*> last_block(std::int64_t number) = 0;
    // The change that touched the row last; 0 when it is not there.
    [[nodiscard]] virtual Result<std::int64_t> revision(const Table& table, const Key& key) = 0;
    // The lowest `count` numbers from `first` to `last` that have no row, from `first` on.
    [[nodiscard]] virtual Result<std::vector<std::int64_t>> without_row(std::int64_t first, std::int64_t last,
                                                                        std::size_t count) = 0;
    // Every row of a table in the order of its key, without holding them.
    [[nodiscard]] virtual Result<void> each(const Table& table, const std::function<Result<void>(const Row&)>& take) = 0;
    // Of the numbers from `first` to `last`; what is free is not counted.
    [[nodiscard]] virtual Result<std::vector<StateCount>> count_numbers(std::int64_t first, std::int64_t last) = 0;
};

class Edits : public Rows {
  public:
    // True: something changed. Errors of kind rule: a row that it names is not there, a unique value is taken.
    [[nodiscard]] virtual Result<bool> put(const Table& table, Row row) = 0;
    // False: it was not there. An error of kind rule while other rows name it.
    [[nodiscard]] virtual Result<bool> remove(const Table& table, const Key& key) = 0;
    // When the edit happens.
    [[nodiscard]] virtual Time at() const = 0;
};

// An error of kind rule: "rule 'in-use': …".
[[nodiscard]] tl::unexpected<Error> against(std::string_view rule, std::string what, std::string fix = {});

// One row's change, before and after; without the one it came, without the other it went.
struct RowChange {
    const Table* table = nullptr;
    std::optional<Row> before{};
    std::optional<Row> after{};
    [[nodiscard]] Key key() const { return key_of(*table, before ? *before : *after); }
};

// "+ user alice  name=Alice", "~ number +33199000001  target=user:alice -> user:bob", "- login desk-7".
[[nodiscard]] std::string diff_line(const RowChange& change);

}  // namespace trunkbox::centrex

// Two tables as a comparison reads them: what their rows have in common is numbered alike.
#pragma once

#include "lcr/diff.h"
#include "lcr/image.h"

#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <tuple>
#include <vector>

namespace trunkbox::lcr {

inline constexpr std::int64_t always = std::numeric_limits<std::int64_t>::min();
inline constexpr std::int64_t for_good = std::numeric_limits<std::int64_t>::max();

// Whose calls, and which hours, rows are for; 0 is everybody at any time.
using Lane = std::uint32_t;

// Terms, lanes and carriers of both tables.
class Vocabulary {
  public:
    Vocabulary() { (void)lane({}); }
    // Numbers are equal where the bill of any call is; all blocked terms are `blocked`.
    static constexpr std::uint32_t blocked = 0;
    [[nodiscard]] std::uint32_t terms(Terms terms);
    [[nodiscard]] const Terms& terms(std::uint32_t number) const { return terms_[number]; }

    [[nodiscard]] Lane lane(const Scope& scope);
    [[nodiscard]] std::size_t lanes() const { return lanes_.size(); }
    static constexpr int unfit = -1;
    // How well a row for `row` fits calls of `lane`; the higher of two fits wins.
    [[nodiscard]] int fit(Lane row, Lane lane) const;

  private:
    std::vector<Terms> terms_{Terms{.blocked = true}};
    std::map<Terms, std::uint32_t> terms_numbers_;
    std::vector<Scope> lanes_;  // without dates
    std::map<Scope, Lane> lane_numbers_;
};

class Side {
  public:
    // `carriers` are those of both tables, sorted.
    Side(const Table& table, Vocabulary& vocabulary, std::span<const std::string> carriers);

    struct Row {
        std::uint32_t carrier = 0;  // of both tables
        std::uint32_t terms = 0;    // in the vocabulary
        Lane lane = 0;
        std::int64_t rate = 0;  // units
        std::int64_t effective = always, end = for_good;
    };
    // The position lies in a range that the table gave.
    [[nodiscard]] Result<Row> row(std::uint32_t position) const;

    // The rows of one carrier at one prefix; first == last: none.
    struct Group {
        std::uint32_t carrier = 0;
        std::uint32_t first = 0, last = 0;
    };
    // Those of the prefix at that place, by carrier.
    [[nodiscard]] Result<void> groups(std::uint32_t place, std::vector<Group>& result) const;

    [[nodiscard]] std::uint64_t key(std::uint32_t place) const { return prefixes_[place].key; }
    [[nodiscard]] std::uint32_t prefixes() const { return static_cast<std::uint32_t>(prefixes_.size()); }
    [[nodiscard]] const Table& table() const { return table_; }
    // Of both tables, by the table's own number.
    [[nodiscard]] std::uint32_t carrier(std::size_t own) const { return carriers_[own]; }
    // Which lanes the rows of each carrier use are added, by carrier.
    [[nodiscard]] Result<void> mark_lanes(std::vector<std::vector<bool>>& used) const;

  private:
    struct Dates {
        Lane lane = 0;
        std::int64_t effective = always, end = for_good;
    };
    const Table& table_;
    std::span<const RowRecord> rows_;
    std::span<const PrefixRecord> prefixes_;
    std::span<const std::int64_t> rates_;
    std::vector<std::uint32_t> terms_;
    std::vector<Dates> scopes_;
    std::vector<std::uint32_t> carriers_;       // by the table's own number
    std::vector<std::uint32_t> deck_carriers_;  // by deck
};

}  // namespace trunkbox::lcr

// What a replay adds up by prefix, and the calls and prefixes that stand out.
#pragma once

#include "base/result.h"
#include "lcr/simulate.h"
#include "lcr/table.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

namespace trunkbox::lcr {

struct RowRecord;

// By the prefix's place in the table. Memory grows with the prefixes that are called.
class PrefixTotals {
  public:
    explicit PrefixTotals(const Table& table) : table_(table), pages_(table.prefixes() / page_size + 1) {}

    void add(std::uint32_t place, std::int64_t seconds, Cost cost) {
        auto& page = pages_[place / page_size];
        if (!page) page = std::make_unique<Page>();
        auto& total = (*page)[place % page_size];
        ++total.calls;
        total.seconds += static_cast<std::uint64_t>(seconds);
        total.cost = total.cost + cost;
    }
    // The memory that add will need; null where it will make some.
    [[nodiscard]] const void* near(std::uint32_t place) const {
        const auto& page = pages_[place / page_size];
        return page ? &(*page)[place % page_size] : nullptr;
    }

    // By cost, then calls, then prefix.
    [[nodiscard]] Result<std::vector<TrafficShare>> prefixes(std::size_t top) const;
    // By cost, then calls, then name; a prefix has the destination of its first row.
    [[nodiscard]] Result<std::vector<TrafficShare>> destinations(std::size_t top) const;

  private:
    static constexpr std::size_t page_size = 256;
    // So aligned none lies in two cache lines: a replay mostly waits for them.
    struct alignas(32) Total {
        std::uint64_t calls = 0;
        std::uint64_t seconds = 0;
        Cost cost{};
    };
    using Page = std::array<Total, page_size>;

    struct Placed {
        std::uint32_t place;
        const Total* total;
    };
    [[nodiscard]] std::vector<Placed> all() const;  // that were called, ascending
    [[nodiscard]] const RowRecord* first_row(std::uint32_t place) const;  // null of a table that lies
    [[nodiscard]] Result<std::uint32_t> destination_of(std::uint32_t place) const;

    const Table& table_;
    std::vector<std::unique_ptr<Page>> pages_;
};

// Calls without a route, by the digits they begin with.
class UnroutedDigits {
  public:
    void add(std::uint64_t number, std::int64_t seconds);
    // By calls, then digits.
    [[nodiscard]] std::vector<TrafficShare> most(std::size_t top) const;

  private:
    static constexpr std::uint64_t below = 100'000;  // five digits, so that there are not too many
    struct Count {
        std::uint64_t calls = 0;
        std::uint64_t seconds = 0;
    };
    std::unordered_map<std::uint64_t, Count> counts_;
};

// The calls with the largest losses; of equal ones those that came first.
class LargestLosses {
  public:
    explicit LargestLosses(std::size_t top) : top_(top) {}
    // Whether a call with this loss would be kept.
    [[nodiscard]] bool takes(Cost loss) const;
    void add(LossCall call);
    [[nodiscard]] std::vector<LossCall> list() &&;  // the largest first

  private:
    std::size_t top_;
    std::vector<LossCall> heap_;  // the smallest in front
};

}  // namespace trunkbox::lcr

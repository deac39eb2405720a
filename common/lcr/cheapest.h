// The cheapest carrier and nothing else, for millions of calls: the same answer as evaluate's first rank.
#pragma once

#include "base/money.h"
#include "base/result.h"
#include "base/time.h"
#include "lcr/table.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <span>

namespace trunkbox::lcr {

struct Call {
    std::uint64_t number = 0;  // E.164 digits as a number
    std::int64_t seconds = 0;  // started ones; above 0
    Time at{};
};

struct Cheapest {
    static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
    std::uint32_t carrier = none;  // index into Table::carriers()
    std::uint32_t place = none;    // where asked for, of the number's longest prefix or of the row's own
    std::uint32_t row = none;      // position in the table, where asked for
    std::int64_t billed_seconds = 0;
    Cost cost{};  // in the table's currency
};

// What a decision is to say of where it comes from; each costs a look into more memory. What the rows decide has all.
enum class Origin { none, longest_prefix, row };

struct Found;

// Holds what many decisions by one table share; the table outlives it.
class LeastCost {
  public:
    explicit LeastCost(const Table& table);
    LeastCost(const LeastCost&) = delete;
    LeastCost& operator=(const LeastCost&) = delete;
    ~LeastCost();

    // By cost, priority and name alone, each carrier by its own longest prefix, no guard list asked; a call without
    // a route gets Cheapest::none. Both spans have the same length. Fault::input if the table is damaged where a
    // number leads, Fault::usage if a number is not E.164 or the duration none. Origin::row: and its own prefix.
    [[nodiscard]] Result<void> decide(std::span<const Call> calls, std::span<Cheapest> answers, Origin origin = Origin::none);

  private:
    struct Lookup;
    Result<void> decide_one(std::span<const Call> call, std::span<Cheapest> answer, Origin origin);
    Result<void> decide_some(std::span<const Call> calls, std::span<Cheapest> answers, Origin origin);
    Result<void> complete(std::span<const Call> calls, std::span<Cheapest> answers, std::span<const Found> found, Origin origin);

    const Table& table_;
    std::unique_ptr<Lookup> lookup_;
};

// The same for one batch.
[[nodiscard]] Result<void> cheapest(const Table& table, std::span<const Call> calls, std::span<Cheapest> answers,
                                    Origin origin = Origin::none);

}  // namespace trunkbox::lcr

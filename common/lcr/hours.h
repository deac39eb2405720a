// Calls that last into other hours of the week: what is billed from there on.
#pragma once

#include "lcr/evaluate.h"
#include "lcr/select.h"
#include "lcr/settings.h"
#include "lcr/terms.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::lcr {

// When, in seconds after `start`, other time classes begin to hold on the clock of the zone, ascending; within `seconds`.
// The hour that a change to summer time skips or one back shows twice is as the clock shows it.
[[nodiscard]] std::vector<std::int64_t> class_changes(const Settings& settings, std::string_view zone, Time start,
                                                      std::int64_t seconds);

// A row that takes over `from` seconds after the call began.
struct Later {
    std::int64_t from = 0;
    Money rate{};
    Terms terms{};
};
// The terms of a call that begins at the first row and goes over to the others: of these only rate, increment and tiers
// count, for fee, minimum and limits belong to the call. Nothing changes within the minimum.
[[nodiscard]] Terms continued(Terms terms, std::span<const Later> rows);

// The rows of all carriers that take over while one call lasts.
class LaterRows {
  public:
    [[nodiscard]] static Result<LaterRows> find(const Table& table, const Facts& facts);

    struct Continuation {
        Terms terms{};
        std::string gap{};  // not "": from then on the carrier has no price for the call, or one in another currency
    };
    // Of the carrier of that place, whose call begins at the row of that position.
    [[nodiscard]] Result<Continuation> follow(std::size_t carrier, std::uint32_t position, const Terms& terms) const;

  private:
    LaterRows(const Table& table, Time start) : table_(&table), start_(start) {}

    const Table* table_;
    Time start_;
    std::map<std::string, std::vector<std::int64_t>, std::less<>> changes_;  // by zone
    std::map<std::int64_t, std::vector<Finding>> findings_;                  // by the seconds since the start
};

}  // namespace trunkbox::lcr

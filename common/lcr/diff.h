// What a new price list changes, by meaning: for every prefix of either table, what a number there gets from each
// carrier before and after. A code that is moved, split, or inherits what it had, is no change.
#pragma once

#include "base/money.h"
#include "base/result.h"
#include "base/time.h"
#include "lcr/table.h"
#include "numbering/prefix.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::lcr {

enum class ChangeKind : std::uint8_t {
    opened,      // "new": the carrier had no price for it
    closed,      // it has none any more
    up,          // the rate rises
    down,        // the rate falls
    blocked,     // it had a price and is blocked now
    unblocked,   // the other way round
    increments,  // the rate stays, other terms change: increments, fees, minimum, tiers …
    currency,    // in another currency, and no rate of exchange says whether it is more
};
inline constexpr std::size_t change_kinds = 8;
// "new", "closed", "up" …
[[nodiscard]] std::string_view name(ChangeKind kind);
[[nodiscard]] std::string_view meaning(ChangeKind kind);

// Calls to one number, all of the same duration.
struct Traffic {
    std::uint64_t number = 0;  // E.164 digits as a number
    std::int64_t seconds = 0;  // of each; those of 0 cost nothing here
    std::uint32_t calls = 1;
};

struct DiffOptions {
    Time at{};                         // from here on
    bool ahead = true;                 // changes that begin later as well; otherwise only what differs at `at`
    std::optional<Time> announced{};   // when the new prices were told; none: notice is not judged
    int notice_days = 7;
    Duration duration = 180s;          // of the call that tells whether other terms at the same rate are a rise
    std::span<const Traffic> traffic{};
    // When the calls of `traffic` take place. None: when the last new price of the new table has begun.
    std::optional<Time> traffic_at{};
};

// What the traffic to the numbers of one change costs at that carrier, were it to carry all of it.
struct Impact {
    std::uint64_t calls = 0;
    std::int64_t seconds = 0;        // of conversation
    std::int64_t first_before = 0;   // seconds for which the carrier is the cheapest in the old table
    std::int64_t first_after = 0;    // and in the new one
    Cost before{}, after{};          // in the currency of the rows; zero where there is no price
};

struct Change {
    static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
    std::uint32_t carrier = 0;  // index into Diff::carriers
    numbering::Prefix prefix;   // the shortest that the change shows at
    ChangeKind kind = ChangeKind::opened;
    bool short_notice = false;  // dearer, sooner than the notice allows
    std::optional<Time> begins{};  // none: no date is given
    std::optional<Time> until{};   // it differs otherwise, or not at all, from here on
    std::uint32_t before = none;   // position of the row in the old table: Table::row tells the rest
    std::uint32_t after = none;    // in the new one
    std::optional<double> percent{};  // of the rate, where both have one above zero
    std::size_t folded = 0;  // longer prefixes of either table at which it shows exactly the same
    Impact impact{};         // with traffic only
};

// Traffic whose cheapest carrier is another one now; "" where nobody takes it.
struct Move {
    std::string from{}, to{};
    std::uint64_t calls = 0;
    std::int64_t seconds = 0;
    Cost before{}, after{};  // in the currency of the respective table
};

struct Diff {
    std::vector<std::string> carriers{};  // of both tables, by name
    std::vector<Change> changes{};        // by prefix as a tree is walked, carrier, time
    std::size_t prefixes = 0;             // that were compared

    // With traffic only.
    std::optional<Time> traffic_at{};
    std::vector<Move> moves{};  // most seconds first; those that stay with their carrier too
    Cost before{}, after{};     // what all traffic costs at its cheapest carrier
    Currency currency_before{}, currency_after{};

    [[nodiscard]] bool empty() const { return changes.empty(); }
    [[nodiscard]] std::size_t count(ChangeKind kind) const;
    [[nodiscard]] std::size_t short_notices() const;
};

// Rows for some hours, callers or jurisdictions are compared with rows for the same; the traffic is only laid on changes
// of rows for all. Fault::input if a table is damaged, Fault::usage if a number of the traffic is not E.164.
[[nodiscard]] Result<Diff> diff(const Table& old_table, const Table& new_table, const DiffOptions& options);

// Decks alone as a table to compare: time classes and groups of origins may be mere names.
[[nodiscard]] Result<Table> one_carrier_table(std::string carrier, std::vector<Deck> decks, Settings settings = {});

// The first moment from `at` on at which any row of the table is in force; `at` if there is none.
[[nodiscard]] Time first_in_force(const Table& table, Time at);

}  // namespace trunkbox::lcr

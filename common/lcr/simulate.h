// A file of calls replayed against a route table: who would have taken them, for how much, and with how many channels.
#pragma once

#include "base/money.h"
#include "base/result.h"
#include "base/time.h"
#include "lcr/cdr.h"
#include "lcr/table.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace trunkbox::lcr {

enum class Follow : std::uint8_t {
    first_choice,  // the first carrier takes every call
    failover,      // and what the carriers' answer-seizure ratios make of that is estimated too; much slower
};

struct SimulateOptions {
    const Table* sell = nullptr;          // its first route is what we ask for a call
    std::optional<Money> least_margin{};  // share of the selling price; calls that leave less have no route. Needs sell
    std::set<std::string, std::less<>> without{};  // carriers that are switched off
    std::optional<Time> at{};             // rates in force then; none: at each call's start
    // Choose as if every call lasted this long, as a router must that does not know how long it will, and bill what it
    // did last. None: by the call's own duration, which is the least that the traffic can cost.
    std::optional<Duration> decide_for{};
    Follow follow = Follow::first_choice;
    std::size_t attempts = 3;  // with failover
    std::size_t top = 10;      // entries of each list
    // Calls may stand in the file in any order as long as none starts so much earlier than one before it. Each second
    // of it in which a carrier has calls takes at least 12 bytes. At most 115 days.
    Duration window = std::chrono::hours(24);
};

// How many calls at once, and how many starts in one second of the clock. A call holds its channel from its start to
// its end; at one moment ends come before starts.
struct Load {
    std::uint64_t channels = 0;  // most at once
    Time channels_at{};          // when it was first so many
    std::uint64_t cps = 0;       // most starts in a second
    Time cps_at{};
    std::uint64_t above_channels = 0;  // calls that started while the carrier's channels were all taken
    std::uint64_t above_cps = 0;       // calls past so many in their second, a fraction rounded up
};

// What a set of calls really cost, beside what the best carrier asks for the same calls.
struct Regret {
    std::uint64_t calls = 0;   // that could be compared
    std::uint64_t dearer = 0;  // of these
    Cost paid{};
    Cost optimum{};  // with decide_for: what the carriers so chosen ask
    [[nodiscard]] Cost excess() const { return paid - optimum; }  // negative: cheaper than the table's best
};

struct CarrierShare {
    std::string carrier{};
    std::uint64_t calls = 0;
    std::uint64_t answered = 0;
    std::uint64_t seconds = 0;  // that the calls lasted, each started second whole
    std::uint64_t billed_seconds = 0;
    Cost cost{};
    Cost revenue{};  // of the calls that have a selling price
    Cost revenue_cost{};  // what those calls cost
    std::uint64_t losses = 0;  // sold below cost
    Load load{};
    std::optional<std::int64_t> channels_limit{};  // from its settings
    std::optional<double> cps_limit{};
};

// Calls and cost of one prefix of the table, the longest that the numbers begin with, or of one destination.
struct TrafficShare {
    std::string prefix{};  // "" of a destination
    std::string destination{};
    std::uint64_t calls = 0;
    std::uint64_t seconds = 0;
    Cost cost{};
};

struct LossCall {
    std::uint64_t number = 0;
    Time start{};
    std::int64_t seconds = 0;
    std::string carrier{};
    Cost cost{};
    Cost price{};
    std::size_t line = 0;  // in the file of calls
    [[nodiscard]] Cost loss() const { return cost - price; }
};

struct Unrouted {
    std::uint64_t no_route = 0;      // no carrier takes the number then
    std::uint64_t guarded = 0;       // denied, not allowed or an emergency by the guard lists
    std::uint64_t below_margin = 0;  // the selling price leaves too little, or there is none
    [[nodiscard]] std::uint64_t all() const { return no_route + guarded + below_margin; }
};

// With Follow::failover: calls that were answered are offered to the carriers in order of cost until one answers, each
// with its own answer-seizure ratio as the chance; unknown ones count as the middle of the known. The others cost one
// attempt.
struct Failover {
    static constexpr std::uint64_t scale = 1'000'000;  // chances are rounded to millionths
    Cost cost{};  // expected, times scale: print with Cost::text(digits, round, scale)
    double attempts = 0;    // expected, all calls together
    double unanswered = 0;  // calls that no carrier is expected to complete
};

struct Simulation {
    std::uint64_t calls = 0;
    std::uint64_t answered = 0;
    Time first{};  // start of the earliest call and of the latest
    Time last{};
    Currency currency{};  // of all costs
    CarrierShare total{};   // all routed calls; the carrier is ""
    std::vector<CarrierShare> carriers{};  // with calls, by cost, then name
    Unrouted unrouted{};
    // Calls that stood further out of order than the window. They are in everything but the loads, which are exact
    // when this is 0; a wider window, at most last - first, makes it 0.
    std::uint64_t out_of_order = 0;
    bool sold = false;           // there were selling prices: revenues, losses and unpriced mean something
    std::uint64_t unpriced = 0;  // routed calls without a selling price
    std::vector<LossCall> losses{};  // the largest, then in the file's order
    std::vector<TrafficShare> prefixes{};      // by cost
    std::vector<TrafficShare> destinations{};  // by cost
    std::vector<TrafficShare> without_route{};  // first digits that most of the calls without a route have, by calls
    std::optional<Regret> carrier_regret{};  // where the file names carriers: at their rates in the table
    std::optional<Regret> billed_regret{};   // where it has costs
    std::vector<std::string> unknown_carriers{};  // named in the file, not in the table, sorted
    std::optional<Failover> failover{};
};

// Each call goes to the cheapest carrier that evaluate would rank first. Calls that were not answered cost their
// attempt fee and are decided as calls of decide_for, else of 180 s. Errors: the reader's; Fault::usage for a margin
// without selling prices or two currencies; Fault::input for a damaged table.
[[nodiscard]] Result<Simulation> simulate(const Table& table, CdrReader& calls, const SimulateOptions& options = {});

}  // namespace trunkbox::lcr

// Which carriers take a call, in which order and why: least cost by the exact price of the whole call.
#pragma once

#include "base/money.h"
#include "base/time.h"
#include "lcr/table.h"
#include "numbering/e164.h"
#include "numbering/prefix.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::lcr {

// What the order goes by; the first key that differs decides. Behind all of them stand cost, priority and
// name, so that the order is total.
enum class Key {
    cost,
    priority,
    asr,
    ner,
    acd,
    pdd,
    share,  // drawn at random by weight, once a decision, from Facts::seed
    name,
};
struct SortKey {
    Key key = Key::cost;
    bool descending = false;
    // Of costs: those that exceed the least by at most this share, in millionths, count as equal; then the least of
    // those behind, and so on.
    std::uint32_t within = 0;
    bool operator==(const SortKey&) const = default;
};
// "cost,priority,-asr"; "cost~5%,priority" takes near costs for equal.
[[nodiscard]] Result<std::vector<SortKey>> parse_order(std::string_view text);
[[nodiscard]] std::string text(const std::vector<SortKey>& order);

enum class Match {
    per_carrier,  // each carrier by its own longest prefix
    global,       // only carriers whose prefix is as long as the longest of all
};

// By which time class a call is billed that lasts into another one.
enum class Hours { start, split };

struct Facts {
    numbering::E164 number;                  // called
    Time at{};                               // when the call starts
    Hours hours = Hours::start;
    std::optional<Time> hours_at{};          // time classes as of then instead of `at`
    Duration duration = 180s;                // a started second counts as a whole one
    std::vector<DurationShare> profile{};    // not empty: expected cost over these instead of `duration`
    std::optional<numbering::E164> from{};   // calling
    std::optional<numbering::E164> routing_number{};  // of a ported number, from an LNP query
    std::size_t max = std::numeric_limits<std::size_t>::max();  // carriers to rank at most
    std::vector<SortKey> order{};            // none: by cost
    Match match = Match::per_carrier;
    std::set<std::string, std::less<>> without{};  // carriers that are switched off for this call
    const Table* sell = nullptr;             // what we ask for the call: its first route is the price
    std::optional<Money> least_margin{};     // share of the selling price, 0.1 for 10 %; needs `sell`
    std::uint64_t seed = 0;
};

struct Candidate {
    std::size_t rank = 1;
    std::string carrier{};
    int priority = 0;
    numbering::Prefix prefix;  // that matched
    std::string destination{};
    Money rate{};  // a minute
    Terms terms{};
    std::int64_t billed_seconds = 0;  // with a profile, of an average call, rounded up
    Cost cost{};      // in the row's currency; with a profile, of Decision::weight calls
    Cost compared{};  // the same in the table's currency: what the order goes by
    Money exchange{};  // one of the row's currency in the table's
    std::string printed_cost{};  // of one call, rounded as the carrier's settings say
    int digits = 6;              // its decimals
    Quality quality{};           // with too few samples: empty
    std::uint32_t weight = 0;
    std::optional<double> margin{};     // share of the selling price
    std::string probability{};          // of being drawn first by weight: "30/100"
    std::string source{};               // "FILE:LINE" of the row
    std::string reason{};               // why it stands at this rank
    std::vector<std::string> shadowed{};  // "44 at FILE:LINE": rows of the same carrier that also match
    [[nodiscard]] Currency currency() const { return terms.currency; }
};
// How the cost came about: "0.02 + 0.001 × 61 s / 60 = 0.021017 EUR".
[[nodiscard]] std::string arithmetic(const Candidate& candidate, const struct Decision& decision);
// A cost as the carrier's settings say: rounded, to so many decimals; of one of `calls`.
[[nodiscard]] std::string printed(Cost cost, const Carrier& carrier, std::uint64_t calls = 1);
// The same from `to` on, at most Cost::most_text bytes; gives where it ends.
char* write_printed(char* to, Cost cost, const Carrier& carrier);
// What would have put it first: "first if the rate were ≤ 0.01123, or the call ≤ 41 s"; "" for the first.
[[nodiscard]] std::string counterfactual(const struct Decision& decision, std::size_t index);

enum class Reason {
    no_rate,            // no prefix of the number stands in the carrier's decks
    blocked,            // the longest prefix in force is blocked
    expired,            // all matching rows have ended
    not_yet_effective,  // no matching row is in force, at least one will be
    time_class,         // matching rows are for other hours, or none is for those into which the call lasts
    origin,             // matching rows are for other callers
    jurisdiction,       // matching rows are for calls of another jurisdiction
    shorter_match,      // another carrier has a longer prefix (Match::global)
    margin,             // the selling price leaves too little
    quality,            // measured worse than the settings allow
    exchange,           // its currency has no rate of exchange at that time
    disabled,           // the carrier is switched off
    max_attempts,       // it would rank behind Facts::max
};
// "no_rate", "blocked" …
[[nodiscard]] std::string_view name(Reason reason);
[[nodiscard]] std::string_view meaning(Reason reason);
[[nodiscard]] std::vector<Reason> reasons();

struct Rejected {
    std::string carrier{};
    Reason reason = Reason::no_rate;
    std::string text{};                         // the reason in words
    std::optional<numbering::Prefix> prefix{};  // the row that decided, if any
    std::string source{};                       // "FILE:LINE", or ""
};

// What the guard lists say of a number; `ordinary` is not on any.
enum class Guard { ordinary, allowed, emergency, denied, not_allowed };
[[nodiscard]] std::string_view name(Guard guard);
struct GuardVerdict {
    Guard guard = Guard::ordinary;
    std::string entry{};  // that decided
    [[nodiscard]] bool routable() const { return guard == Guard::ordinary || guard == Guard::allowed; }
};
// Of digits as they were dialled, which need not be E.164: emergency numbers are short.
[[nodiscard]] GuardVerdict guard(const Guards& guards, std::string_view digits);

struct Decision {
    numbering::E164 number;
    Time at{};
    Duration duration{};
    std::vector<DurationShare> profile{};
    std::uint64_t weight = 1;  // of the whole profile
    Currency currency{};       // of Candidate::compared
    std::vector<SortKey> order{};
    Hours hours = Hours::start;
    GuardVerdict guard{};
    std::vector<Candidate> ranked{};   // best first
    std::vector<Rejected> rejected{};  // by carrier name
};

// Each carrier by its own longest prefix in force at `at`; a blocked one makes the carrier ineligible, it does
// not fall back to a shorter prefix. Every carrier of the table is in the decision once, unless a guard list
// decided. Fault::input if the table is damaged where the number leads.
[[nodiscard]] Result<Decision> evaluate(const Table& table, const Facts& facts);

}  // namespace trunkbox::lcr

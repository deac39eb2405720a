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
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::lcr {

struct Facts {
    numbering::E164 number;                 // called
    Time at{};                              // when the call starts
    Duration duration = 180s;               // a started second counts as a whole one
    std::optional<numbering::E164> from{};  // calling; no column of a deck depends on it yet
    std::size_t max = std::numeric_limits<std::size_t>::max();  // carriers to rank at most
};

struct Candidate {
    std::size_t rank = 1;
    std::string carrier{};
    int priority = 0;
    numbering::Prefix prefix;  // that matched
    std::string destination{};
    Money rate{};  // a minute
    Currency currency{};
    std::int64_t billed_seconds = 0;
    Cost cost{};
    std::string source{};      // "FILE:LINE" of the row
    std::string reason{};      // why it stands at this rank
    std::string arithmetic{};  // how the cost came about
};

enum class Reason {
    no_rate,            // no prefix of the number stands in the carrier's decks
    blocked,            // the longest prefix in force is blocked
    expired,            // all matching rows have ended
    not_yet_effective,  // no matching row is in force, at least one will be
    disabled,           // the carrier is switched off
    max_attempts,       // it would rank behind Facts::max
};
// "no_rate", "blocked" …
[[nodiscard]] std::string_view name(Reason reason);

struct Rejected {
    std::string carrier{};
    Reason reason = Reason::no_rate;
    std::string text{};                         // the reason in words
    std::optional<numbering::Prefix> prefix{};  // the row that decided, if any
    std::string source{};                       // "FILE:LINE", or ""
};

struct Decision {
    numbering::E164 number;
    Time at{};
    Duration duration{};
    std::vector<Candidate> ranked{};   // by exact cost, then priority, then carrier name
    std::vector<Rejected> rejected{};  // by carrier name
};

// Each carrier by its own longest prefix in force at `at`; a blocked one makes the carrier ineligible, it
// does not fall back to a shorter prefix. Every carrier of the table is in the decision once.
[[nodiscard]] Decision evaluate(const Table& table, const Facts& facts);

// What a row bills for a call of `duration`: nothing for none, else the minimum and whole increments past it.
[[nodiscard]] std::int64_t billed_seconds(const DeckRow& row, Duration duration);

}  // namespace trunkbox::lcr

// What a route table holds besides its decks: the carriers' terms of trade, rates of exchange, time classes,
// guarded numbers. One value, read from the settings document and compiled into the table.
#pragma once

#include "base/money.h"
#include "base/time.h"
#include "lcr/reroute.h"
#include "numbering/prefix.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace trunkbox::lcr {

// What was measured of a carrier; what is not known counts as neither good nor bad.
struct Quality {
    std::optional<double> asr{};  // answer-seizure ratio, 0 to 1 (ITU-T E.425)
    std::optional<double> ner{};  // network effectiveness ratio, 0 to 1: busy and no answer count as delivered
    std::optional<double> acd{};  // average call duration, seconds
    std::optional<double> pdd{};  // post-dial delay, seconds
    std::optional<std::int64_t> samples{};  // calls behind these figures
    bool operator==(const Quality&) const = default;
};

enum class Rounding : std::uint8_t { half_up, half_even, up, down };

// By which number a carrier rates a ported call.
enum class RateBy : std::uint8_t {
    dialled,         // the number dialled (DNIS)
    routing_number,  // the location routing number, where there is one
};

// What NANP carriers mean by inter and intra.
enum class JurisdictionBasis : std::uint8_t { state, lata };

// The price of a call that has no jurisdiction, where the deck has no price of its own for such calls.
enum class Indeterminate : std::uint8_t { dearer, interstate, intrastate };

struct Carrier {
    std::string name{};
    int priority = 0;  // decides between equal costs, lower first
    bool enabled = true;
    std::uint32_t weight = 0;  // share of the traffic, relative to the others'
    std::string zone = "UTC";  // IANA name, of the time classes of its decks
    Rounding rounding = Rounding::half_up;
    int digits = 6;  // decimals of a cost that is printed, 0 to 12; the order always goes by the exact cost
    RateBy rate_by = RateBy::dialled;
    JurisdictionBasis basis = JurisdictionBasis::state;
    Indeterminate indeterminate = Indeterminate::dearer;
    Quality quality{};
    std::optional<std::int64_t> channels{};  // calls at once
    std::optional<double> cps{};             // call attempts a second
    bool operator==(const Carrier&) const = default;
};

// One of `currency` is `rate` of the table's currency, from `since` on until the next entry of the same currency.
struct Exchange {
    Currency currency{};
    Time since{};
    Money rate{};  // at most 9 decimals
    bool operator==(const Exchange&) const = default;
};

// Hours of the week, on the clock of the carrier's zone.
struct WeekSpan {
    std::uint8_t days = 0;         // bit 0 is Monday
    std::int32_t from_minute = 0;  // of the day, included
    std::int32_t to_minute = 1440;  // excluded; not above from_minute: to that time of the next day
    bool operator==(const WeekSpan&) const = default;
};

// Numbers that are no matter of cost. Digits as dialled, without '+'; a longer one decides over a shorter one,
// between equals deny over allow, and emergency over all.
struct Guards {
    std::vector<std::string> emergency{};           // whole numbers: "112"
    std::vector<std::string> emergency_carriers{};  // who takes them, in this order
    std::vector<std::string> deny{};                // prefixes
    std::vector<std::string> allow{};               // prefixes; none: all
    bool operator==(const Guards&) const = default;
};

// How long calls are: `weight` out of the sum of all weights last `seconds`.
struct DurationShare {
    std::int64_t seconds = 0;
    std::uint32_t weight = 0;
    bool operator==(const DurationShare&) const = default;
};

struct Settings {
    Currency currency{};  // that costs are compared in
    std::vector<Exchange> exchanges{};
    std::map<std::string, std::vector<WeekSpan>> time_classes{};
    std::map<std::string, std::vector<std::string>> origins{};  // name of a group, prefixes of its callers
    std::map<std::string, std::vector<std::string>> states{};   // name, its NPAs or NPA-NXX: "212", "212555"
    std::map<std::string, std::vector<std::string>> latas{};
    Guards guards{};
    std::int64_t least_samples = 0;  // measurements of fewer calls count as unknown
    std::optional<double> least_asr{};  // carriers below are left out
    std::optional<double> least_ner{};
    std::vector<RerouteRule> reroute{};  // changes to the built-in table
    std::vector<Carrier> carriers{};     // those that differ from the defaults; may name some without a deck
    bool operator==(const Settings&) const = default;
};

}  // namespace trunkbox::lcr

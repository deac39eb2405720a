// What is wrong, or probably wrong, in rate decks: every finding names its row and what to do about it.
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "lcr/table.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::lcr {

enum class Severity {
    error,    // calls are billed or routed otherwise than somebody meant
    warning,  // probably a slip, or money at risk
    note,     // harmless, worth knowing
};
[[nodiscard]] std::string_view name(Severity severity);

enum class Check : std::uint8_t {
    unreadable,
    contradiction,
    overlap,
    duplicate,
    redundant,
    country_code,
    over_length,
    trailing_zeros,
    zero_rate,
    no_destination,
    name_mismatch,
    split_destination,
    mixed_increments,
    mixed_currencies,
    outlier,
    decimal_slip,
    margin_hole,
    premium_open,
    short_notice,
    expired,
    never_in_force,
};

struct LintCheck {
    Check check;
    std::string_view id;  // "decimal-slip"
    Severity severity;
    std::string_view what;  // it finds
    std::string_view why;   // that matters
};
// All of them, in the order of the enumeration.
[[nodiscard]] std::span<const LintCheck> lint_checks();
[[nodiscard]] std::string_view name(Check check);
[[nodiscard]] std::optional<Check> parse_check(std::string_view id);

struct LintFinding {
    Check check = Check::unreadable;
    Severity severity = Severity::error;
    std::string file{};
    std::size_t line = 0;   // 0: the whole file
    std::string prefix{};   // "": no particular one
    std::string text{};     // what is found, one line
    std::string fix{};      // may be empty
    std::size_t count = 1;  // rows that this finding speaks of
    bool operator==(const LintFinding&) const = default;
};

struct LintOptions {
    // The moment the decks are looked at; without it expiry and notice are not checked. Of several dated rows of one
    // prefix the last that has not ended is compared with others, so that what is announced is seen in time.
    std::optional<Time> at{};
    int notice_days = 7;        // that a carrier owes before a rise, from `at` on
    Duration duration = 180s;   // of the call whose price rises or does not
    int outlier_factor = 10;    // so many times the median of its like, or so small a part of it
    // Findings of one check that a file gets, then one more that counts the rest; `all` gives every row its own.
    std::size_t most = 5;
    bool all = false;
    std::set<Check> without{};  // checks that are left out
};

// Each carrier's decks (the later amends the earlier) by themselves, then beside those of the other carriers; it
// takes two peers to say that somebody is an outlier or left out a price. By file as given, then by line.
[[nodiscard]] std::vector<LintFinding> lint(std::span<const CarrierDecks> carriers, const LintOptions& options = {});

// The rows that the reader could not understand (ReadDeck::skipped_because, of `skipped` altogether), as findings. Those
// whose place is not known speak of no file.
[[nodiscard]] std::vector<LintFinding> unreadable_rows(std::span<const Error> because, std::size_t skipped);

}  // namespace trunkbox::lcr

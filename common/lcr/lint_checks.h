// The checks, a group each; all add what they find to the report.
#pragma once

#include "lcr/lint_book.h"
#include "lcr/lint_report.h"

#include <span>
#include <vector>

namespace trunkbox::lcr {

// The middle of several rates; of an even number both, so that one of two does not decide alone.
struct Median {
    std::int64_t low = 0, high = 0;
    [[nodiscard]] bool is_far(Money rate, int factor) const {
        return rate.units() >= Int128{high} * factor || Int128{rate.units()} * factor <= low;
    }
    // The one that is nearer.
    [[nodiscard]] Money nearest(Money rate) const { return Money::of_units(rate.units() > high ? high : low); }
};
// At least one; they are reordered.
[[nodiscard]] Median median(std::vector<std::int64_t>& rates);

// Each row alone: its prefix, rate, dates.
void check_rows(const Book& book, LintReport& report);
// Rows of one prefix against each other, and currencies within a deck.
void check_doubles(const Book& book, LintReport& report);
// A row against the shorter prefix that would stand in for it; expensive ranges; notice before a rise.
void check_families(const Book& book, LintReport& report, std::vector<bool>& suspected);
void check_premium(const Book& book, LintReport& report);
void check_notice(const Book& book, LintReport& report);
// Rows of one destination against each other. `suspected`: currents that a finding about their rate speaks of.
void check_destinations(const Book& book, LintReport& report, std::vector<bool>& suspected);
// Carriers against each other.
void check_peers(std::span<const Book> books, LintReport& report, const std::vector<std::vector<bool>>& suspected);

}  // namespace trunkbox::lcr

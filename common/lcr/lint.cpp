#include "lcr/lint.h"

#include "base/text.h"
#include "lcr/lint_checks.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

using enum Severity;

constexpr std::array checks = std::to_array<LintCheck>({
    {Check::unreadable, "unreadable", error, "row that cannot be understood", "its numbers go by a shorter prefix, or nowhere"},
    {Check::contradiction, "contradiction", error, "one prefix with two prices from the same moment on",
     "nobody can tell which one is meant; the dearer one counts"},
    {Check::overlap, "overlap", warning, "period that ends after the next price of the same prefix has begun",
     "the end date says otherwise than the next row does, which counts"},
    {Check::duplicate, "duplicate", warning, "row that says again what another one says", "the next change may miss one of the two"},
    {Check::redundant, "redundant", note, "row that costs what its parent costs", "the deck is longer than need be"},
    {Check::country_code, "country-code", error, "prefix of no assigned country code",
     "digits are missing in front, or the code was read as a number"},
    {Check::over_length, "over-length", error, "prefix longer than any number of its country", "no call ever matches it"},
    {Check::trailing_zeros, "trailing-zeros", error, "prefix that ends in five zeros or more",
     "spreadsheets write long codes as 4.47E+11 and lose their last digits"},
    {Check::zero_rate, "zero-rate", warning, "price of nothing", "an empty cell was taken for 0, and the carrier becomes the cheapest"},
    {Check::no_destination, "no-destination", note, "row without a destination", "names are what people check a deck by"},
    {Check::name_mismatch, "name-mismatch", error, "destination that names another country than the prefix has",
     "a column has slipped, or digits are missing in front"},
    {Check::split_destination, "split-destination", warning, "one destination in several country codes",
     "a column has slipped, or two destinations share a name"},
    {Check::mixed_increments, "mixed-increments", warning, "one destination with different increments",
     "carriers change increments a destination at a time; what was left behind is billed wrongly"},
    {Check::mixed_currencies, "mixed-currencies", warning, "several currencies in one deck", "one of them is often a default that was not meant"},
    {Check::outlier, "outlier", warning, "rate far from its like", "a decimal mark in the wrong place decides who gets the traffic"},
    {Check::decimal_slip, "decimal-slip", warning, "rate that is its parent's with the decimal mark moved",
     "it decides who gets the traffic"},
    {Check::margin_hole, "margin-hole", warning, "numbers without a price of their own that all peers ask more for",
     "calls sold at the parent's price are bought at the dearer one"},
    {Check::premium_open, "premium-open", warning, "premium or satellite range without a block",
     "fraud goes where calls pay the called party"},
    {Check::short_notice, "short-notice", warning, "rise that begins before the notice has passed", "the contract may let it be refused"},
    {Check::expired, "expired", note, "row that has ended", "the deck is longer than need be"},
    {Check::never_in_force, "never-in-force", warning, "row that no moment is left for", "somebody meant it to count"},
});

}  // namespace

std::string_view name(Severity severity) {
    switch (severity) {
        case error: return "error";
        case warning: return "warning";
        case note: return "note";
    }
    return {};
}

std::span<const LintCheck> lint_checks() {
    return checks;
}

std::string_view name(Check check) {
    return checks[static_cast<std::size_t>(check)].id;
}

std::optional<Check> parse_check(std::string_view id) {
    auto found = std::ranges::find(checks, id, &LintCheck::id);
    if (found == checks.end()) return std::nullopt;
    return found->check;
}

std::vector<LintFinding> lint(std::span<const CarrierDecks> carriers, const LintOptions& options) {
    LintReport report(options);
    Vocabulary vocabulary;
    std::vector<Book> books;
    std::vector<std::vector<bool>> suspected;
    std::size_t first_deck = 0;
    for (const auto& carrier : carriers) {
        const auto& book = books.emplace_back(carrier, first_deck, vocabulary, options.at);
        first_deck += carrier.decks.size();
        auto& its_suspected = suspected.emplace_back(book.currents().size(), false);
        check_rows(book, report);
        check_doubles(book, report);
        check_families(book, report, its_suspected);
        check_premium(book, report);
        check_notice(book, report);
        check_destinations(book, report, its_suspected);
    }
    check_peers(books, report, suspected);
    return report.finish(carriers);
}

std::vector<LintFinding> unreadable_rows(std::span<const Error> because, std::size_t skipped) {
    std::vector<LintFinding> findings;
    for (const auto& reason : because) {
        // "FILE:LINE:COLUMN", and a file's name may have colons of its own.
        std::string_view where = reason.where;
        auto column = where.rfind(':');
        auto line = column == std::string_view::npos ? column : where.rfind(':', column - 1);
        LintFinding finding{.check = Check::unreadable, .file = std::string(where.substr(0, line)), .text = reason.what,
                            .fix = reason.fix};
        if (line != std::string_view::npos)
            finding.line = parse_integer<std::size_t>(where.substr(line + 1, column - line - 1)).value_or(0);
        findings.push_back(std::move(finding));
    }
    if (skipped > because.size())
        findings.push_back({.check = Check::unreadable,
                            .text = fmt::format("{} more rows that cannot be understood", skipped - because.size()),
                            .count = skipped - because.size()});
    return findings;
}

}  // namespace trunkbox::lcr

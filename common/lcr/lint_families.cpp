// Rows against the shorter prefix that would stand in for them, and against what they replace.
#include "lcr/lint_checks.h"

#include "numbering/country_codes.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

using Said = LintReport::Said;

// "0.1234" and "1.234": the same digits, the mark elsewhere. Round prices meet by chance, so of those with one digit
// only the ones of one destination count.
bool is_slip(Money a, Money b, bool same_destination) {
    auto low = std::min(a, b).units();
    auto high = std::max(a, b).units();
    if (low == 0 || low == high) return false;
    auto digits = low;
    while (digits % 10 == 0) digits /= 10;
    if (digits < 10 && !same_destination) return false;
    constexpr std::array<std::int64_t, 4> shifts{10, 100, 1000, 10000};
    return std::ranges::any_of(shifts, [&](auto shift) { return high % shift == 0 && high / shift == low; });
}

void check_against_parent(const Book& book, std::uint32_t number, LintReport& report, std::vector<bool>& suspected) {
    const auto& current = book.currents()[number];
    const auto& above = book.currents()[current.parent];
    const auto& child = book.entry(current);
    const auto& parent = book.entry(above);
    const auto& row = book.row(child);
    const auto& parent_row = book.row(parent);
    const auto& terms = book.terms(child);
    auto place = [&] { return fmt::format("'{}' (line {})", parent_row.prefix.text(), parent_row.line); };
    bool same_price = row.rate == parent_row.rate || terms.blocked;
    // Where either has other rows for other times, the child may be needed then.
    bool only = current.only && above.only;
    if (only && same_price && terms == book.terms(parent) && book.scope(child) == book.scope(parent)) {
        report.add(Check::redundant, book, child, [&] {
            return Said{fmt::format("'{}' says what {} says already", row.prefix.text(), place()), "drop it"};
        });
        return;
    }
    if (terms.blocked || book.terms(parent).blocked || terms.currency != book.terms(parent).currency) return;
    bool same_destination = !book.destination(child).empty() && book.destination(child) == book.destination(parent);
    if (!is_slip(row.rate, parent_row.rate, same_destination)) return;
    suspected[number] = true;
    report.add(Check::decimal_slip, book, child, [&] {
        return Said{fmt::format("'{}' costs {}, its parent {} {}: the same digits", row.prefix.text(), row.rate.text(),
                                place(), parent_row.rate.text()),
                    "compare the decimal marks with the carrier's file"};
    });
}

void check_range(const Book& book, const numbering::PremiumRange& range, LintReport& report) {
    auto covering = book.covering(range.digits);
    if (covering != Book::none) {
        const auto& entry = book.entry(book.currents()[covering]);
        if (book.terms(entry).blocked) return;
        bool inherited = book.row(entry).prefix.text() != range.digits;
        report.add(Check::premium_open, book, entry, 1, inherited ? Severity::warning : Severity::note, [&] {
            auto text = fmt::format("'{}' ({}) is open at {}{}", range.digits, range.what, book.row(entry).rate.text(),
                                    inherited ? fmt::format(", the price of '{}'", book.row(entry).prefix.text()) : "");
            return Said{text, fmt::format("block '{}', or price what is wanted of it", range.digits)};
        });
        return;
    }
    // Nothing for the range as a whole, but somebody may have priced parts of it.
    const Book::Entry* first = nullptr;
    std::size_t open = 0;
    auto key = tree_key(numbering::Prefix::parse(range.digits).value());
    auto all = book.currents();
    auto next = std::ranges::lower_bound(all, key, {}, [&](const auto& current) { return book.entry(current).key; });
    for (; next != all.end() && key_begins_with(book.entry(*next).key, key); ++next) {
        const auto& entry = book.entry(*next);
        if (book.terms(entry).blocked) continue;
        if (open++ == 0) first = &entry;
    }
    if (first == nullptr) return;
    report.add(Check::premium_open, book, *first, open, Severity::note, [&] {
        return Said{fmt::format("{} prefixes of '{}' ({}) are open, this one at {}", open, range.digits, range.what,
                                book.row(*first).rate.text()),
                    "block those that nobody asked for"};
    });
}

// When a row takes effect, if that is at the moment looked at or later.
std::optional<Time> future(const Book& book, const Book::Entry& entry, Time at) {
    auto effective = book.scope(entry).effective;
    if (effective && *effective > at) return effective;
    // An amendment without a date takes effect at once.
    if (!effective && entry.deck > 0) return at;
    return std::nullopt;
}

void check_rise(const Book& book, std::uint32_t family, std::uint32_t number, LintReport& report) {
    auto at = *report.options().at;
    const auto& entry = book.entries()[number];
    auto begins = future(book, entry, at);
    auto notice = std::chrono::days(report.options().notice_days);
    if (!begins || *begins >= at + notice || book.terms(entry).blocked) return;
    bool dated = book.scope(entry).effective.has_value();
    auto decks = dated ? book.carrier().decks.size() : entry.deck;
    // Another amendment of the same moment counts instead.
    auto wins = book.winner(book.families()[family], entry.lane, *begins, book.carrier().decks.size());
    auto before = book.in_force(family, entry.lane, dated ? *begins - 1ns : *begins, decks);
    if (wins != number || before == Book::none) return;
    const auto& old = book.entries()[before];
    if (book.terms(old).blocked || book.terms(old).currency != book.terms(entry).currency) return;
    auto was = bill(book.row(old).rate, book.terms(old), report.options().duration).cost;
    auto is = bill(book.row(entry).rate, book.terms(entry), report.options().duration).cost;
    if (is <= was) return;
    report.add(Check::short_notice, book, entry, [&] {
        bool rate = book.row(entry).rate > book.row(old).rate;
        auto rise = rate ? fmt::format("the rate rises from {} to {}", book.row(old).rate.text(), book.row(entry).rate.text())
                         : fmt::format("a call of {:.0f} s rises from {} to {}", seconds(report.options().duration),
                                       was.text(), is.text());
        return Said{fmt::format("{} {}, within {} days of {}", rise,
                                dated ? "on " + date_text(*begins) : "at once", report.options().notice_days,
                                date_text(at)),
                    "ask for the notice that was agreed"};
    });
}

}  // namespace

void check_families(const Book& book, LintReport& report, std::vector<bool>& suspected) {
    for (std::uint32_t i = 0; i < book.currents().size(); ++i)
        if (book.currents()[i].parent != Book::none) check_against_parent(book, i, report, suspected);
}

void check_premium(const Book& book, LintReport& report) {
    for (const auto& range : numbering::premium_ranges()) check_range(book, range, report);
}

void check_notice(const Book& book, LintReport& report) {
    if (!report.options().at) return;
    // Every row is compared with all others of its prefix; nobody announces so many prices for one.
    constexpr std::uint32_t most_rows = 100;
    for (std::uint32_t family = 0; family < book.families().size(); ++family) {
        auto [key, first, last, parent] = book.families()[family];
        for (auto i = first; i < std::min(last, first + most_rows); ++i) check_rise(book, family, i, report);
    }
}

}  // namespace trunkbox::lcr

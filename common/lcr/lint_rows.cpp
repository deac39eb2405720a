// Rows by themselves, and rows of one prefix against each other.
#include "lcr/lint_checks.h"

#include "numbering/country_codes.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

using Said = LintReport::Said;

std::string date(const std::optional<Time>& time, std::string_view none) {
    return time ? date_text(*time) : std::string(none);
}

bool costs_nothing(const Book& book, const Book::Entry& entry) {
    const auto& terms = book.terms(entry);
    bool no_tier = std::ranges::all_of(terms.tiers, [](const Tier& tier) { return tier.rate == Money{}; });
    return !terms.blocked && book.row(entry).rate == Money{} && terms.connect_fee == Money{} &&
           terms.minimum_charge == Money{} && no_tier;
}

// The called party pays: E.164 country code 800, and the toll-free areas of the NANP.
bool is_toll_free(std::string_view digits) {
    constexpr std::array<std::string_view, 8> areas{"800", "1800", "1833", "1844", "1855", "1866", "1877", "1888"};
    return std::ranges::any_of(areas, [&](auto area) { return digits.starts_with(area); });
}

void check_prefix(const Book& book, const Book::Entry& entry, LintReport& report) {
    constexpr std::size_t least_digits = 8;
    constexpr std::size_t suspicious_zeros = 5;
    auto prefix = book.row(entry).prefix;
    auto digits = prefix.text();
    if (!numbering::is_assigned(prefix)) {
        report.add(Check::country_code, book, entry, [&] {
            return Said{fmt::format("no country code is assigned that '{}' could begin with", digits),
                        "write the country code in front"};
        });
        return;
    }
    auto longest = numbering::longest_number(numbering::country_code(digits).value_or(""));
    if (prefix.length() > longest)
        report.add(Check::over_length, book, entry, [&] {
            return Said{fmt::format("'{}' has {} digits, numbers there have {}", digits, prefix.length(), longest),
                        "drop what stands behind the number"};
        });
    auto zeros = digits.size() - 1 - digits.find_last_not_of('0');
    if (digits.size() >= least_digits && zeros >= suspicious_zeros)
        report.add(Check::trailing_zeros, book, entry, [&] {
            return Said{fmt::format("'{}' ends in {} zeros, as what a spreadsheet rounded does", digits, zeros),
                        "take the code from the carrier's own file, with the column as text"};
        });
}

void check_dates(const Book& book, const Book::Entry& entry, LintReport& report) {
    const auto& scope = book.scope(entry);
    if (scope.end && scope.effective && *scope.end <= *scope.effective)
        report.add(Check::never_in_force, book, entry, [&] {
            return Said{fmt::format("it ends {} and begins {}", date_text(*scope.end), date_text(*scope.effective)),
                        "correct one of the dates"};
        });
    else if (report.options().at && scope.end && *scope.end <= *report.options().at)
        report.add(Check::expired, book, entry, [&] {
            return Said{fmt::format("it has ended {}", date_text(*scope.end)), "drop it"};
        });
}

// The rows of one prefix and lane, by when they begin. `b` comes after `a`.
void check_pair(const Book& book, const Book::Entry& a, const Book::Entry& b, LintReport& report) {
    const auto& scope_a = book.scope(a);
    const auto& scope_b = book.scope(b);
    bool same_price = book.row(a).rate == book.row(b).rate && book.terms(a) == book.terms(b);
    if (a.deck != b.deck) {
        // An amendment that begins with what it amends leaves it no time.
        bool covered = scope_a.effective == scope_b.effective && (!scope_b.end || (scope_a.end && *scope_a.end <= *scope_b.end));
        if (covered && !same_price)
            report.add(Check::never_in_force, book, a, [&] {
                return Said{fmt::format("'{}:{}' replaces it from its first moment on", book.deck(b).file(), book.row(b).line),
                            "date the amendment, or drop this row"};
            });
        return;
    }
    auto other = [&] { return fmt::format("line {}", book.row(a).line); };
    if (scope_a.effective == scope_b.effective) {
        if (same_price)
            report.add(Check::duplicate, book, b, [&] {
                return Said{fmt::format("'{}' stands in {} with the same price", book.row(b).prefix.text(), other()),
                            "drop one of the two"};
            });
        else
            report.add(Check::contradiction, book, b, [&] {
                return Said{fmt::format("'{}' costs {} here and {} in {}, from the same moment on",
                                        book.row(b).prefix.text(), book.row(b).rate.text(), book.row(a).rate.text(), other()),
                            "drop one of the two, or date them"};
            });
        return;
    }
    if (scope_a.end && scope_b.effective && *scope_a.end > *scope_b.effective && !same_price)
        report.add(Check::overlap, book, b, [&] {
            return Said{fmt::format("'{}' begins {} while {} holds until {}", book.row(b).prefix.text(),
                                    date(scope_b.effective, "always"), other(), date_text(*scope_a.end)),
                        "end the one when the other begins"};
        });
}

void check_currencies(const Book& book, LintReport& report) {
    struct Use {
        std::size_t rows = 0;
        Book::Entry first{};
    };
    for (std::uint32_t number = 0; number < book.carrier().decks.size(); ++number) {
        std::map<Currency, Use> uses;
        const auto& deck = book.carrier().decks[number];
        for (std::uint32_t i = 0; i < deck.size(); ++i) {
            const auto& terms = deck.terms()[deck.packed()[i].terms];
            if (terms.blocked) continue;
            auto& use = uses[terms.currency];
            if (use.rows++ == 0) use.first = {.deck = number, .index = i};
        }
        if (uses.size() < 2) continue;
        auto main = std::ranges::max_element(uses, {}, [](const auto& use) { return use.second.rows; });
        for (const auto& [currency, use] : uses) {
            if (currency == main->first) continue;
            report.add(Check::mixed_currencies, book, use.first, use.rows, Severity::warning, [&, c = currency, n = use.rows] {
                return Said{fmt::format("{} rows are in {}, {} in {}", n, c.text(), main->second.rows, main->first.text()),
                            "say the currency in every row, or give a rate of exchange"};
            });
        }
    }
}

}  // namespace

void check_rows(const Book& book, LintReport& report) {
    for (const auto& entry : book.entries()) {
        check_prefix(book, entry, report);
        check_dates(book, entry, report);
        if (costs_nothing(book, entry) && !is_toll_free(book.row(entry).prefix.text()))
            report.add(Check::zero_rate, book, entry, [&] {
                return Said{fmt::format("calls to '{}' cost nothing", book.row(entry).prefix.text()),
                            "write the rate, or block the prefix"};
            });
        if (book.destination(entry).empty())
            report.add(Check::no_destination, book, entry, [&] {
                return Said{fmt::format("'{}' has no destination", book.row(entry).prefix.text()), "name it"};
            });
    }
}

void check_doubles(const Book& book, LintReport& report) {
    std::vector<Book::Entry> rows;
    for (const auto& family : book.families()) {
        if (family.last - family.first < 2) continue;
        auto all = book.entries().subspan(family.first, family.last - family.first);
        rows.assign(all.begin(), all.end());
        std::ranges::stable_sort(rows, {}, [&](const Book::Entry& entry) {
            return std::tuple(entry.lane, book.scope(entry).effective);
        });
        for (std::size_t i = 1; i < rows.size(); ++i)
            if (rows[i - 1].lane == rows[i].lane) check_pair(book, rows[i - 1], rows[i], report);
    }
    check_currencies(book, report);
}

}  // namespace trunkbox::lcr

// Rows of one destination: they should be of one country, one size and one rhythm.
#include "lcr/lint_checks.h"

#include "base/text.h"
#include "numbering/country_codes.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

using Said = LintReport::Said;
using Numbers = std::vector<std::uint32_t>;  // of currents

constexpr std::size_t least_alike = 4;  // rows that make a median worth comparing with

class Destinations {
  public:
    Destinations(const Book& book, LintReport& report, std::vector<bool>& suspected)
        : book_(book), report_(report), suspected_(suspected) {}

    void run() {
        std::map<std::pair<std::string_view, Lane>, Numbers> named;
        std::map<std::uint32_t, Numbers> siblings;  // without a name, by parent
        for (std::uint32_t i = 0; i < book_.currents().size(); ++i) {
            const auto& current = book_.currents()[i];
            auto destination = book_.destination(entry(i));
            if (!destination.empty())
                named[{destination, entry(i).lane}].push_back(i);
            else if (current.parent != Book::none)
                siblings[current.parent].push_back(i);
        }
        for (const auto& [key, rows] : named) {
            check_country(key.first, rows);
            check_increments(key.first, rows);
            check_rates(rows, fmt::format("'{}'", printable(key.first)));
        }
        for (const auto& [parent, rows] : siblings)
            check_rates(rows, fmt::format("the members of '{}'", book_.row(entry(parent)).prefix.text()));
    }

  private:
    [[nodiscard]] const Book::Entry& entry(std::uint32_t number) const { return book_.entry(book_.currents()[number]); }

    void check_country(std::string_view destination, const Numbers& rows) {
        const auto* country = numbering::named_country(destination);
        if (country == nullptr) return check_split(destination, rows);
        const Book::Entry* first = nullptr;
        std::size_t wrong = 0;
        for (auto number : rows) {
            auto belongs = numbering::belongs_to(*country, book_.row(entry(number)).prefix.text());
            if (!belongs.value_or(true) && wrong++ == 0) first = &entry(number);
        }
        if (first == nullptr) return;
        report_.add(Check::name_mismatch, book_, *first, wrong, Severity::error, [&] {
            return Said{fmt::format("'{}' is not of the country that '{}' names, in {} of its {} rows",
                                    book_.row(*first).prefix.text(), printable(destination), wrong, rows.size()),
                        "correct the prefix or the name"};
        });
    }

    // A name that tells no country can still not be in two.
    void check_split(std::string_view destination, const Numbers& rows) {
        std::optional<std::string> code;
        for (auto number : rows) {
            auto digits = book_.row(entry(number)).prefix.text();
            auto its = numbering::country_code(digits);
            if (!its) continue;
            if (!code) code = *its;
            if (*code == *its) continue;
            report_.add(Check::split_destination, book_, entry(number), [&] {
                return Said{fmt::format("'{}' has prefixes of the country codes {} and {}", printable(destination), *code, *its),
                            "give each country's rows a name of their own"};
            });
            return;
        }
    }

    void check_increments(std::string_view destination, const Numbers& rows) {
        using Rhythm = std::pair<std::int64_t, std::int64_t>;
        std::map<Rhythm, Numbers> rhythms;
        for (auto number : rows) {
            const auto& terms = book_.terms(entry(number));
            // A first interval like the others, or none, is the same.
            auto minimum = terms.minimum == 0 ? terms.increment : terms.minimum;
            if (!terms.blocked) rhythms[{minimum, terms.increment}].push_back(number);
        }
        if (rhythms.size() < 2) return;
        auto size = [](const auto& rhythm) { return rhythm.second.size(); };
        auto usual = std::ranges::max_element(rhythms, {}, size);
        auto odd = std::ranges::find_if(rhythms, [&](const auto& rhythm) { return rhythm.first != usual->first; });
        const auto& first = entry(odd->second.front());
        auto others = rows.size() - usual->second.size();
        report_.add(Check::mixed_increments, book_, first, others, Severity::warning, [&] {
            return Said{fmt::format("'{}' bills by {}/{} here, by {}/{} in {} rows", printable(destination), odd->first.first,
                                    odd->first.second, usual->first.first, usual->first.second, usual->second.size()),
                        "ask the carrier which increments hold"};
        });
    }

    void check_rates(const Numbers& rows, std::string_view group) {
        std::map<Currency, Numbers> by_currency;
        for (auto number : rows) {
            const auto& terms = book_.terms(entry(number));
            bool priced = !terms.blocked && book_.row(entry(number)).rate > Money{};
            if (priced) by_currency[terms.currency].push_back(number);
        }
        for (const auto& [currency, numbers] : by_currency)
            if (numbers.size() >= least_alike) check_median(numbers, group);
    }

    void check_median(const Numbers& numbers, std::string_view group) {
        std::vector<std::int64_t> rates;
        for (auto number : numbers) rates.push_back(book_.row(entry(number)).rate.units());
        auto middle = median(rates);
        for (auto number : numbers) {
            auto rate = book_.row(entry(number)).rate;
            if (!middle.is_far(rate, report_.options().outlier_factor) || suspected_[number]) continue;
            suspected_[number] = true;
            report_.add(Check::outlier, book_, entry(number), [&] {
                return Said{fmt::format("'{}' costs {}, the median of {} is {}", book_.row(entry(number)).prefix.text(),
                                        rate.text(), group, middle.nearest(rate).text()),
                            "compare the rate with the carrier's file"};
            });
        }
    }

    const Book& book_;
    LintReport& report_;
    std::vector<bool>& suspected_;
};

}  // namespace

Median median(std::vector<std::int64_t>& rates) {
    auto half = static_cast<std::ptrdiff_t>(rates.size() / 2);
    std::ranges::nth_element(rates, rates.begin() + half);
    auto high = rates[static_cast<std::size_t>(half)];
    if (rates.size() % 2 == 1) return {high, high};
    return {*std::max_element(rates.begin(), rates.begin() + half), high};
}

void check_destinations(const Book& book, LintReport& report, std::vector<bool>& suspected) {
    Destinations(book, report, suspected).run();
}

}  // namespace trunkbox::lcr

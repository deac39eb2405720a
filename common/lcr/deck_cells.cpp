#include "lcr/deck_cells.h"

#include "base/text.h"
#include "lcr/deck_text.h"
#include "numbering/prefix.h"

#include <algorithm>
#include <array>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

constexpr std::int64_t most_seconds = 86400;

using Words = std::span<const std::string_view>;
constexpr std::array<std::string_view, 6> yes_words{"yes", "true", "1", "y", "x", "blocked"};
constexpr std::array<std::string_view, 5> no_words{"no", "false", "0", "n", "open"};
constexpr std::array<std::string_view, 8> closed_words{
    "blocked", "closed", "inactive", "barred", "disabled", "discontinued", "suspended", "not available"};
constexpr std::array<std::string_view, 14> open_words{
    "active",   "open",      "current",   "enabled",   "new",  "increase",         "increased",
    "decrease", "decreased", "unchanged", "no change", "same", "pending increase", "pending decrease"};

bool is_one_of(std::string_view word, Words words) {
    return std::ranges::any_of(words, [&](std::string_view other) { return iequals(word, other); });
}

class TermsReader {
  public:
    TermsReader(const Cells& cells, AmountReader& amounts, Currency otherwise)
        : cells_(cells), amounts_(amounts) {
        terms_.currency = otherwise;
    }

    Result<Terms> read(const BesideRate& beside_rate);

  private:
    Result<void> currency(const BesideRate& beside_rate);
    Result<void> beside(Column column, std::optional<Currency> currency);
    Result<void> blocked();
    Result<void> fee(Column column, Money& to);
    Result<void> maximum_charge();
    Result<void> seconds(Column column, std::int64_t& to);
    Result<std::int64_t> whole_seconds(Column column, std::string_view text, std::int64_t least) const;
    Result<void> intervals();
    Result<void> tiers();
    Result<Tier> tier(std::string_view text);

    const Cells& cells_;
    AmountReader& amounts_;
    Terms terms_;
    bool currency_named_ = false;
};

// Every amount of a row is in one currency, whoever names it.
Result<void> TermsReader::beside(Column column, std::optional<Currency> currency) {
    if (!currency) return {};
    if (currency_named_ && *currency != terms_.currency) {
        // "$" beside an amount is whichever dollar the deck is in.
        bool dollars = currency->text() == "USD" && terms_.currency.text().ends_with('D') &&
                       cells_.text(column).find("USD") == std::string_view::npos &&
                       cells_.text(column).find("US$") == std::string_view::npos;
        if (dollars) return {};
        return cells_.bad(
            column,
            fmt::format("'{}' is in {} where the row is in {}", printable(to_utf8(cells_.text(column))),
                        currency->text(), terms_.currency.text()),
            "write all amounts of a row in one currency");
    }
    terms_.currency = *currency;
    currency_named_ = true;
    return {};
}

Result<void> TermsReader::currency(const BesideRate& beside_rate) {
    if (auto text = cells_.text(Column::currency); !text.empty()) {
        auto currency = read_currency(text);
        if (!currency) return cells_.bad(Column::currency, Currency::parse(text).error());
        terms_.currency = *currency;
        currency_named_ = true;
    } else if (cells_.columns.currency) {
        terms_.currency = *cells_.columns.currency;
        currency_named_ = true;
    }
    return beside(Column::rate, beside_rate.currency);
}

Result<void> TermsReader::blocked() {
    auto flag = cells_.text(Column::blocked);
    if (is_one_of(flag, yes_words))
        terms_.blocked = true;
    else if (!flag.empty() && !is_one_of(flag, no_words))
        return cells_.bad(Column::blocked, fmt::format("blocked '{}' is neither yes nor no", printable(flag)),
                          "write 'yes' or 'no'");
    auto status = cells_.text(Column::status);
    if (is_closed_word(status))
        terms_.blocked = true;
    else if (!status.empty() && !is_one_of(status, open_words))
        return cells_.bad(Column::status, fmt::format("status '{}' is not known", printable(status)),
                          "write 'active' or 'blocked'");
    return {};
}

Result<void> TermsReader::fee(Column column, Money& to) {
    auto text = cells_.text(column);
    if (text.empty()) return {};
    auto amount = amounts_.read(text);
    if (!amount) return cells_.bad(column, amount.error());
    to = amount->money;
    return beside(column, amount->currency);
}

Result<void> TermsReader::maximum_charge() {
    if (cells_.text(Column::maximum_charge).empty()) return {};
    Money most{};
    if (auto done = fee(Column::maximum_charge, most); !done) return done;
    if (most < terms_.minimum_charge)
        return cells_.bad(Column::maximum_charge,
                          fmt::format("charge of at most {} is below the minimum charge {}", most.text(),
                                      terms_.minimum_charge.text()),
                          "check the two");
    terms_.maximum_charge = most;
    return {};
}

Result<std::int64_t> TermsReader::whole_seconds(Column column, std::string_view text,
                                                std::int64_t least) const {
    auto count = parse_integer<std::int64_t>(text);
    if (!count || *count < least || *count > most_seconds)
        return cells_.bad(
            column,
            fmt::format("'{}' is not whole seconds from {} to {}", printable(text), least, most_seconds),
            "write e.g. '60'");
    return *count;
}

Result<void> TermsReader::seconds(Column column, std::int64_t& to) {
    auto text = cells_.text(column);
    if (text.empty()) return {};
    auto count = whole_seconds(column, text, 0);
    if (!count) return tl::unexpected(count.error());
    to = *count;
    return {};
}

Result<void> TermsReader::intervals() {
    auto minimum = cells_.text(Column::minimum);
    auto increment = cells_.text(Column::increment);
    auto minimum_column = Column::minimum;
    // "30/6": thirty seconds at least, then by six.
    if (auto [first, next] = split_once(increment, '/'); next) {
        if (next->find('/') != std::string_view::npos)
            return cells_.bad(Column::increment, fmt::format("'{}' has three parts", printable(increment)),
                              "write the minimum and the increment, e.g. '30/6'");
        if (!minimum.empty() && minimum != trim(first))
            return cells_.bad(Column::increment,
                              fmt::format("'{}' gives the minimum a second time", printable(increment)),
                              "write the increment alone");
        minimum = trim(first);
        minimum_column = Column::increment;
        increment = trim(*next);
    }
    if (!minimum.empty()) {
        auto count = whole_seconds(minimum_column, minimum, 0);
        if (!count) return tl::unexpected(count.error());
        terms_.minimum = *count;
    }
    if (!increment.empty()) {
        auto count = whole_seconds(Column::increment, increment, 1);
        if (!count) return tl::unexpected(count.error());
        terms_.increment = *count;
    }
    return {};
}

// "300:0.008/60", "300:0.008".
Result<Tier> TermsReader::tier(std::string_view text) {
    auto malformed = [&] {
        return cells_.bad(Column::tiers, fmt::format("tier '{}' is not understood", printable(text)),
                          "write e.g. '300:0.008/60': from second 300 on 0.008 a minute, by 60 seconds");
    };
    auto [from, rest] = split_once(text, ':');
    if (!rest) return malformed();
    auto [rate, increment] = split_once(*rest, '/');
    auto begin = parse_integer<std::int64_t>(from);
    if (!begin || *begin < 0 || *begin > most_seconds) return malformed();
    Tier tier{.from = *begin, .increment = terms_.increment};
    if (increment) {
        auto count = whole_seconds(Column::tiers, *increment, 1);
        if (!count) return tl::unexpected(count.error());
        tier.increment = *count;
    }
    if (rate.empty()) return malformed();
    auto amount = amounts_.read(rate);
    if (!amount) return cells_.bad(Column::tiers, amount.error());
    tier.rate = amount->money;
    if (auto done = beside(Column::tiers, amount->currency); !done) return tl::unexpected(done.error());
    return tier;
}

Result<void> TermsReader::tiers() {
    constexpr std::size_t most_tiers = 100;
    auto rest = cells_.text(Column::tiers);
    auto least = terms_.minimum;
    while (!rest.empty()) {
        auto end = std::min(rest.find_first_of(" |\t\n\r"), rest.size());
        auto text = rest.substr(0, end);
        rest = trim(rest.substr(std::min(end + 1, rest.size())));
        if (text.empty()) continue;
        auto next = tier(text);
        if (!next) return tl::unexpected(next.error());
        if (next->from <= least)
            return cells_.bad(Column::tiers,
                              fmt::format("tier '{}' does not begin after second {}", printable(text), least),
                              "write the tiers in their order, the first after the minimum");
        if (terms_.tiers.size() == most_tiers)
            return cells_.bad(Column::tiers, fmt::format("row has more than {} tiers", most_tiers),
                              "write fewer");
        least = next->from;
        terms_.tiers.push_back(*next);
    }
    return {};
}

Result<Terms> TermsReader::read(const BesideRate& beside_rate) {
    auto first_error = [](std::initializer_list<std::function<Result<void>()>> steps) -> Result<void> {
        for (const auto& step : steps)
            if (auto done = step(); !done) return done;
        return {};
    };
    terms_.blocked = beside_rate.blocked;
    auto done = first_error({
        [&] { return currency(beside_rate); },
        [&] { return blocked(); },
        [&] { return fee(Column::connect_fee, terms_.connect_fee); },
        [&] { return fee(Column::attempt_fee, terms_.attempt_fee); },
        [&] { return fee(Column::minimum_charge, terms_.minimum_charge); },
        [&] { return maximum_charge(); },
        [&] { return intervals(); },
        [&] { return seconds(Column::grace, terms_.grace); },
        [&] { return seconds(Column::free_seconds, terms_.free_seconds); },
        [&] { return tiers(); },
    });
    if (!done) return tl::unexpected(done.error());
    return std::move(terms_);
}

Result<std::optional<Time>> date(const Cells& cells, Column column, const std::function<DateOrder()>& order) {
    auto text = cells.text(column);
    if (is_formula_error(text))
        return cells.bad(
            column,
            fmt::format("'{}' is what a formula of a spreadsheet left that found nothing", printable(text)),
            "export the deck again");
    auto time = read_date(text, order);
    if (!time) return cells.bad(column, time.error());
    return *time;
}

// Digits, or the name of a group.
Result<std::string> origin(const Cells& cells) {
    auto text = cells.text(Column::origin);
    auto digits = text;
    if (digits.starts_with('+'))
        digits.remove_prefix(1);
    else if (digits.starts_with("00"))
        digits.remove_prefix(2);
    if (!digits.empty() && std::ranges::all_of(digits, is_digit)) {
        auto prefix = numbering::Prefix::parse(digits);
        if (!prefix) return cells.bad(Column::origin, prefix.error());
        return std::string(digits);
    }
    auto of_name = [](char c) { return is_alpha(c) || is_digit(c) || c == '-' || c == '_'; };
    if (!std::ranges::all_of(text, of_name) || (!text.empty() && !is_alpha(text.front())))
        return cells.bad(
            Column::origin,
            fmt::format("origin '{}' is neither a prefix nor the name of a group", printable(text)),
            "write e.g. '33' or 'eea', several prefixes as a group of the settings");
    return iequals(text, "any") || iequals(text, "all") ? std::string{} : lower(text);
}

Result<Jurisdiction> jurisdiction(const Cells& cells) {
    constexpr std::array<std::pair<std::string_view, Jurisdiction>, 10> words{
        {{"", Jurisdiction::any},
         {"any", Jurisdiction::any},
         {"interstate", Jurisdiction::interstate},
         {"inter", Jurisdiction::interstate},
         {"intrastate", Jurisdiction::intrastate},
         {"intra", Jurisdiction::intrastate},
         {"indeterminate", Jurisdiction::indeterminate},
         {"ij", Jurisdiction::indeterminate},
         {"interlata", Jurisdiction::interstate},
         {"intralata", Jurisdiction::intrastate}}};
    auto text = cells.text(Column::jurisdiction);
    for (const auto& [word, meaning] : words)
        if (iequals(text, word)) return meaning;
    return cells.bad(Column::jurisdiction, fmt::format("jurisdiction '{}' is not known", printable(text)),
                     "write 'interstate', 'intrastate', 'indeterminate' or 'any'");
}

}  // namespace

std::string_view Cells::text(Column column) const {
    auto* at = field(column);
    return at == nullptr ? std::string_view{} : clean_cell(at->text);
}

tl::unexpected<Error> Cells::bad(Column column, std::string what, std::string fix) const {
    auto* at = field(column);
    return failure(Fault::input, reader.where(at == nullptr ? record.fields.front() : *at), std::move(what),
                   std::move(fix));
}

tl::unexpected<Error> Cells::bad(Column column, const Error& error) const {
    return bad(column, error.what, error.fix);
}

bool is_closed_word(std::string_view text) {
    return is_one_of(text, closed_words);
}

Result<Terms> read_terms(const Cells& cells, AmountReader& amounts, Currency otherwise,
                         const BesideRate& beside_rate) {
    return TermsReader(cells, amounts, otherwise).read(beside_rate);
}

Result<Scope> read_scope(const Cells& cells, const std::function<DateOrder()>& order) {
    Scope scope;
    auto effective = date(cells, Column::effective, order);
    if (!effective) return tl::unexpected(effective.error());
    auto end = date(cells, Column::end, order);
    if (!end) return tl::unexpected(end.error());
    if (*effective && *end && **end <= **effective)
        return cells.bad(
            Column::end,
            fmt::format("ends '{}', not after it becomes effective", printable(cells.text(Column::end))),
            "check the two dates");
    auto from = origin(cells);
    if (!from) return tl::unexpected(from.error());
    auto asked = jurisdiction(cells);
    if (!asked) return tl::unexpected(asked.error());
    return Scope{.effective = *effective,
                 .end = *end,
                 .time_class = to_utf8(cells.text(Column::time_class)),
                 .origin = std::move(*from),
                 .jurisdiction = *asked};
}

}  // namespace trunkbox::lcr

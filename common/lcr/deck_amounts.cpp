#include "lcr/deck_amounts.h"

#include "base/text.h"
#include "lcr/deck_text.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

struct Symbol {
    std::string_view text;
    std::string_view currency;
};
// In UTF-8 and in Windows-1252; those with letters first, "$" would end them.
constexpr std::array<Symbol, 8> symbols{{{"US$", "USD"},
                                         {"\xe2\x82\xac", "EUR"},
                                         {"\x80", "EUR"},
                                         {"\xc2\xa3", "GBP"},
                                         {"\xa3", "GBP"},
                                         {"C$", "CAD"},
                                         {"A$", "AUD"},
                                         {"$", "USD"}}};

bool is_plain(std::string_view text) {
    auto numeric = [](char c) { return is_digit(c) || c == '.' || c == ','; };
    return !text.empty() && numeric(text.front()) && numeric(text.back());
}

// Takes a currency off the front or the back of the text.
std::optional<Currency> take_currency(std::string_view& text) {
    auto taken = [&](std::size_t first, std::size_t length, std::string_view letters) {
        text = clean_cell(first == 0 ? text.substr(length) : text.substr(0, first));
        return Currency::parse(letters).value();
    };
    for (auto [symbol, letters] : symbols) {
        if (text.starts_with(symbol)) return taken(0, symbol.size(), letters);
        if (text.ends_with(symbol)) return taken(text.size() - symbol.size(), symbol.size(), letters);
    }
    if (text.size() < 4) return std::nullopt;
    auto letters_at = [&](std::size_t place) { return std::ranges::all_of(text.substr(place, 3), is_alpha); };
    if (letters_at(0) && !is_alpha(text[3])) return taken(0, 3, text.substr(0, 3));
    auto last = text.size() - 3;
    if (letters_at(last) && !is_alpha(text[last - 1])) return taken(last, 3, text.substr(last));
    return std::nullopt;
}

tl::unexpected<Error> bad_amount(std::string_view text, std::string_view why, std::string fix) {
    return failure(Fault::input, "", fmt::format("amount '{}' {}", printable(text), why), std::move(fix));
}

// "0.0123" and the like, of which a deck has millions; none for whatever asks for a closer look.
std::optional<Money> plain_decimal(std::string_view text) {
    constexpr std::size_t most_digits = 6;  // on either side, so that nothing overflows
    std::int64_t value = 0;
    std::size_t place = 0;
    auto take_digits = [&] {
        auto begin = place;
        for (; place < text.size() && is_digit(text[place]); ++place)
            value = value * 10 + (text[place] - '0');
        return place - begin;
    };
    if (text.size() > 2 * most_digits + 1) return std::nullopt;
    auto whole = take_digits();
    std::size_t decimals = 0;
    if (place < text.size() && text[place] == '.') {
        ++place;
        decimals = take_digits();
    }
    if (place != text.size() || whole == 0 || whole > most_digits || decimals > most_digits)
        return std::nullopt;
    constexpr std::array<std::int64_t, most_digits + 1> units{
        1'000'000'000'000, 100'000'000'000, 10'000'000'000, 1'000'000'000,
        100'000'000,       10'000'000,      1'000'000};
    return Money::of_units(value * units[decimals]);
}

}  // namespace

std::optional<Currency> read_currency(std::string_view text) {
    for (auto [symbol, letters] : symbols)
        if (iequals(text, symbol)) return Currency::parse(letters).value();
    auto currency = Currency::parse(text);
    return currency ? std::optional(*currency) : std::nullopt;
}

Result<Money> AmountReader::number(std::string_view digits) {
    auto comma = digits.find(',');
    bool has_point = digits.find('.') != std::string_view::npos;
    if (comma == std::string_view::npos && !has_point) return Money::parse(digits);
    if (comma != std::string_view::npos && has_point)
        return bad_amount(digits, "has a point and a comma", "leave out the thousands mark");
    char mark = has_point ? '.' : ',';
    auto money = Money::parse(digits, mark);
    if (!money) return money;
    bool thousands = mark == ',' && comma_separates_ && digits.size() - comma == 4 &&
                     digits.substr(0, comma).find_first_not_of('0') != std::string_view::npos;
    if (thousands) return bad_amount(digits, "may be thousands or decimals", "write a decimal point");
    if (mark_ != 0 && mark_ != mark)
        return bad_amount(digits, fmt::format("has a decimal '{}' in a deck with decimal '{}'", mark, mark_),
                          "write all amounts in one way");
    mark_ = mark;
    return money;
}

Result<Amount> AmountReader::read(std::string_view cell) {
    if (mark_ == '.')
        if (auto money = plain_decimal(cell)) return Amount{.money = *money};
    // A spreadsheet shows small rates so, and without all of their digits.
    if (is_floating_point(cell)) {
        auto error = Money::parse(cell).error();
        error.fix = "export the deck again with the column as decimal number";
        return tl::unexpected(error);
    }
    if (is_plain(cell)) {
        auto money = number(cell);
        if (!money) return tl::unexpected(money.error());
        return Amount{.money = *money};
    }
    if (is_formula_error(cell))
        return bad_amount(cell, "is what a formula of a spreadsheet left that found nothing",
                          "export the deck again");
    auto rest = cell;
    Amount amount{.currency = take_currency(rest)};
    if (!is_plain(rest)) return tl::unexpected(Money::parse(cell).error());
    auto money = number(rest);
    if (!money) return tl::unexpected(money.error());
    amount.money = *money;
    return amount;
}

}  // namespace trunkbox::lcr

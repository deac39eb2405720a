#include "lcr/deck_prefixes.h"

#include "base/text.h"
#include "lcr/deck_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

using numbering::Prefix;

tl::unexpected<Error> bad_prefix(std::string_view element, std::string_view why, std::string fix) {
    return failure(Fault::input, "", fmt::format("prefix '{}' {}", printable(element), why), std::move(fix));
}

bool all_digits(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, is_digit);
}

// Digits that may stand at one place, by bit.
using Digits = std::uint16_t;
constexpr Digits digit_bit(char c) {
    return static_cast<Digits>(1U << static_cast<unsigned>(c - '0'));
}

class CellReader {
  public:
    CellReader(std::string_view country, std::vector<Prefix>& prefixes)
        : country_(country), prefixes_(prefixes), before_(prefixes.size()) {}

    Result<void> read(std::string_view cell);

  private:
    Result<void> element(std::string_view text);
    Result<void> range(std::string_view text, std::string_view first, std::string_view last);
    Result<void> sets(std::string_view text);
    Result<void> all_of(std::span<const Digits> places, std::string& digits);
    Result<void> add(std::string_view digits);
    // Digits alone, without "+", "00" and blanks between groups.
    Result<std::string> number(std::string_view text) const;

    std::string_view country_;
    std::vector<Prefix>& prefixes_;
    std::size_t before_;
};

// Where one element of a list ends; a comma within brackets belongs to the set.
std::size_t element_end(std::string_view text) {
    bool in_set = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '[') in_set = true;
        if (c == ']') in_set = false;
        bool parts = c == ';' || c == '|' || c == '/' || c == '\n' || c == '\r' || c == '\t' || c == ',';
        if (parts && !(in_set && c == ',')) return i;
    }
    return text.size();
}

// "447,512" is a number that a spreadsheet wrote with thousands marks, "441,442" a list: its prefixes are of
// one country. In doubt it is an error; a list that is meant has blanks behind its commas.
bool has_thousands_marks(std::string_view cell) {
    auto groups = split(cell, ',');
    if (groups.size() < 2 || groups[0].empty() || groups[0].size() > 3) return false;
    for (auto group : groups)
        if (!all_digits(group)) return false;
    for (std::size_t i = 1; i < groups.size(); ++i)
        if (groups[i].size() != 3) return false;
    return groups[0].size() < 3 || std::ranges::any_of(groups, [&](auto group) {
               return group.substr(0, 2) != groups[0].substr(0, 2);
           });
}

struct Dash {
    std::size_t place = std::string_view::npos;
    std::size_t length = 0;
};
// Outside of brackets: "-", or an en dash in UTF-8 or Windows-1252.
Dash find_dash(std::string_view text) {
    bool in_set = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '[') in_set = true;
        if (text[i] == ']') in_set = false;
        if (in_set) continue;
        if (text[i] == '-' || text[i] == '\x96') return {i, 1};
        if (text.substr(i).starts_with("\xe2\x80\x93")) return {i, 3};
    }
    return {};
}

// "[1-35]": the digits between the brackets, which are taken off `text`.
std::optional<Digits> take_set(std::string_view& text) {
    auto close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    auto inside = text.substr(1, close - 1);
    text.remove_prefix(close + 1);
    Digits set = 0;
    for (std::size_t i = 0; i < inside.size(); ++i) {
        if (inside[i] == ',' || inside[i] == ' ') continue;
        if (!is_digit(inside[i])) return std::nullopt;
        char last = inside[i];
        if (inside.substr(i + 1).starts_with('-')) {
            if (i + 2 >= inside.size() || !is_digit(inside[i + 2]) || inside[i + 2] < inside[i])
                return std::nullopt;
            last = inside[i + 2];
        }
        for (char c = inside[i]; c <= last; ++c) set = static_cast<Digits>(set | digit_bit(c));
        if (inside.substr(i + 1).starts_with('-')) i += 2;
    }
    return set == 0 ? std::nullopt : std::optional(set);
}

Result<void> CellReader::read(std::string_view cell) {
    if (is_formula_error(cell))
        return bad_prefix(cell, "is what a formula of a spreadsheet left that found nothing",
                          "export the deck again");
    if (is_floating_point(cell))
        return bad_prefix(cell, "was turned into a floating-point number by a spreadsheet",
                          "export the deck again with the column as text");
    if (country_.empty() && has_thousands_marks(cell))
        return bad_prefix(cell, "may be one number with thousands marks",
                          "export the column as text, or write a list as '447, 512'");
    if (cell.empty() && !country_.empty()) return add({});
    while (!cell.empty()) {
        auto end = element_end(cell);
        auto text = clean_cell(cell.substr(0, end));
        cell.remove_prefix(std::min(end + 1, cell.size()));
        if (text.empty()) continue;
        if (auto done = element(text); !done) return done;
    }
    return prefixes_.size() == before_ ? add({}) : Result<void>{};
}

Result<void> CellReader::element(std::string_view text) {
    if (is_floating_point(text))
        return bad_prefix(text, "was turned into a floating-point number by a spreadsheet",
                          "export the deck again with the column as text");
    if (auto dash = find_dash(text); dash.length != 0)
        return range(text, clean_cell(text.substr(0, dash.place)),
                     clean_cell(text.substr(dash.place + dash.length)));
    if (text.find('[') != std::string_view::npos) return sets(text);
    auto digits = number(text);
    if (!digits) return tl::unexpected(digits.error());
    return add(*digits);
}

Result<std::string> CellReader::number(std::string_view text) const {
    auto rest = text;
    if (country_.empty()) {
        if (rest.starts_with('+'))
            rest.remove_prefix(1);
        else if (rest.starts_with("00"))
            rest.remove_prefix(2);
        rest = clean_cell(rest);
    }
    auto blank = rest.find(' ');
    if (blank == std::string_view::npos) return std::string(rest);
    // "44 20" is written as numbers are; "4420 4421" is a list whose commas are missing.
    if (!country_.empty() || blank > 3)
        return bad_prefix(text, "has blanks between digits", "part the prefixes of a list by commas");
    std::string digits;
    for (char c : rest)
        if (c != ' ') digits += c;
    return digits;
}

Result<void> CellReader::add(std::string_view digits) {
    if (prefixes_.size() - before_ >= most_prefixes_of_cell)
        return failure(Fault::input, "",
                       fmt::format("cell names more than {} prefixes", most_prefixes_of_cell),
                       "write the shorter prefix that they have in common");
    auto prefix =
        country_.empty() ? Prefix::parse(digits) : Prefix::parse(std::string(country_).append(digits));
    if (!prefix) return tl::unexpected(prefix.error());
    prefixes_.push_back(*prefix);
    return {};
}

Result<void> CellReader::range(std::string_view text, std::string_view first, std::string_view last) {
    auto from = number(first);
    if (!from) return tl::unexpected(from.error());
    auto to = number(last);
    if (!to) return tl::unexpected(to.error());
    constexpr std::string_view example = "write both ends in full, e.g. '4475-4479'";
    if (!all_digits(*from) || !all_digits(*to))
        return bad_prefix(text, "is not a range of digits", std::string(example));
    if (from->size() != to->size())
        return bad_prefix(text, "is a range with ends of different length", std::string(example));
    if (from->size() > numbering::max_digits) return add(*from);  // which says so
    if (*to < *from) return bad_prefix(text, "is a range that ends before it begins", std::string(example));
    if (country_.empty() && from->front() != to->front())
        return bad_prefix(text, "is a range beyond one country", "write one prefix a row");
    auto width = from->size();
    auto end = parse_integer<std::uint64_t>(*to).value();
    for (auto value = parse_integer<std::uint64_t>(*from).value(); value <= end; ++value)
        if (auto done = add(fmt::format("{:0{}}", value, width)); !done) return done;
    return {};
}

Result<void> CellReader::sets(std::string_view text) {
    std::vector<Digits> places;
    auto rest = text;
    if (country_.empty() && rest.starts_with('+')) rest.remove_prefix(1);
    while (!rest.empty()) {
        if (rest.front() == '[') {
            auto set = take_set(rest);
            if (!set) return bad_prefix(text, "has a set of digits that is none", "write e.g. '066[1-3]'");
            places.push_back(*set);
        } else if (is_digit(rest.front())) {
            places.push_back(digit_bit(rest.front()));
            rest.remove_prefix(1);
        } else {
            return bad_prefix(text, "is not digits", "write e.g. '066[1-3]'");
        }
        if (places.size() > numbering::max_digits)
            return bad_prefix(text, fmt::format("has more than {} digits", numbering::max_digits),
                              "write a shorter one");
    }
    std::string digits;
    return all_of(places, digits);
}

Result<void> CellReader::all_of(std::span<const Digits> places, std::string& digits) {
    if (places.empty()) return add(digits);
    for (char c = '0'; c <= '9'; ++c) {
        if ((places.front() & digit_bit(c)) == 0) continue;
        digits += c;
        if (auto done = all_of(places.subspan(1), digits); !done) return done;
        digits.pop_back();
    }
    return {};
}

}  // namespace

Result<void> read_prefixes(std::string_view cell, std::string_view country, std::vector<Prefix>& prefixes) {
    auto before = prefixes.size();
    auto done = CellReader(country, prefixes).read(cell);
    if (!done) prefixes.erase(prefixes.begin() + static_cast<std::ptrdiff_t>(before), prefixes.end());
    return done;
}

}  // namespace trunkbox::lcr

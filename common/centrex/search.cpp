#include "centrex/search.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace trunkbox::centrex {

namespace {

std::int64_t power_of_ten(std::size_t exponent) {
    std::int64_t power = 1;
    for (; exponent > 0; --exponent) power *= 10;
    return power;
}

// Those of a block that can begin so; nothing if none can.
std::optional<std::pair<std::int64_t, std::int64_t>> part_of(std::int64_t first, std::int64_t last, std::string_view beginning) {
    const auto length = fmt::format("{}", first).size();
    if (beginning.size() > length) return std::nullopt;
    if (beginning.empty()) return std::pair{first, last};
    const auto step = power_of_ten(length - beginning.size());
    const auto low = *parse_integer<std::int64_t>(beginning) * step;
    std::pair part{std::max(first, low), std::min(last, low + step - 1)};
    return part.first <= part.second ? std::optional(part) : std::nullopt;
}

class Search {
  public:
    Search(Rows& rows, const NumberSearch& search, Time at) : rows_(rows), search_(search), at_(at) {}

    Result<std::vector<FoundNumber>> run() {
        const auto& blocks = table("block");
        auto all = rows_.find({.table = &blocks});
        if (!all) return tl::unexpected(all.error());
        for (const auto& block : *all) {
            auto part = part_of(integer(block[0]), integer(cell(blocks, block, "last")), search_.pattern.beginning());
            if (!part) continue;
            if (auto looked = look(*part, text(cell(blocks, block, "tenant"))); !looked) return tl::unexpected(looked.error());
        }
        return std::move(found_);
    }

  private:
    // A window of numbers at a time, so that a large block is never held.
    Result<void> look(std::pair<std::int64_t, std::int64_t> part, const std::string& owner) {
        constexpr std::int64_t window = 10'000;
        for (auto from = part.first; from <= part.second && found_.size() < search_.most; from += window) {
            const auto to = std::min(part.second, from + window - 1);
            auto rows = rows_.find({.table = &table("number"),
                                    .where = {{.column = "number", .is = Match::Is::at_least, .value = from},
                                              {.column = "number", .is = Match::Is::at_most, .value = to}}});
            if (!rows) return tl::unexpected(rows.error());
            auto row = rows->begin();
            for (auto number = from; number <= to && found_.size() < search_.most; ++number) {
                const bool stored = row != rows->end() && integer((*row)[0]) == number;
                take(number, stored ? effective(*row, at_) : std::nullopt, owner);
                if (stored) ++row;
            }
        }
        return {};
    }

    void take(std::int64_t number, const std::optional<Row>& row, const std::string& owner) {
        FoundNumber one{.number = number, .state = state_of(row), .tenant = owner};
        if (row) {
            one.tenant = text(cell(table("number"), *row, "tenant"));
            one.target = text(cell(table("number"), *row, "target"));
        }
        if (search_.state && one.state != *search_.state) return;
        if (!search_.tenant.empty() && one.tenant != search_.tenant) return;
        if (search_.pattern.matches(fmt::format("{}", number))) found_.push_back(std::move(one));
    }

    Rows& rows_;
    const NumberSearch& search_;
    Time at_;
    std::vector<FoundNumber> found_{};
};

}  // namespace

Result<NumberPattern> NumberPattern::parse(std::string_view text) {
    auto digits = text.starts_with('+') ? text.substr(1) : text;
    const bool good = !digits.empty() && digits.size() <= 32 &&
                      std::ranges::all_of(digits, [](char c) { return is_digit(c) || c == '*' || c == '?'; });
    constexpr int most_digits = 15;
    if (!good || std::ranges::count_if(digits, is_digit) > most_digits)
        return failure(Fault::input, "", fmt::format("'{}' is no pattern of numbers", printable(text)),
                       "write digits, '?' for any one and '*' for any others, e.g. '+331990*00'");
    return NumberPattern(std::string(digits));
}

bool NumberPattern::matches(std::string_view digits) const {
    std::size_t at = 0, in = 0;
    auto star = std::string::npos;
    std::size_t after_star = 0;
    while (in < digits.size()) {
        if (at < text_.size() && (text_[at] == '?' || text_[at] == digits[in])) {
            ++at, ++in;
        } else if (at < text_.size() && text_[at] == '*') {
            star = at++;
            after_star = in;
        } else if (star != std::string::npos) {
            at = star + 1;
            in = ++after_star;
        } else {
            return false;
        }
    }
    while (at < text_.size() && text_[at] == '*') ++at;
    return at == text_.size();
}

Result<std::vector<FoundNumber>> search_numbers(Rows& rows, const NumberSearch& search, Time at) {
    return Search(rows, search, at).run();
}

Result<std::vector<std::int64_t>> numbers_beginning(Rows& rows, const Table& table, std::string_view digits, std::size_t most) {
    std::vector<std::int64_t> numbers;
    const auto beginning = digits.empty() ? std::optional<std::int64_t>{0} : parse_integer<std::int64_t>(digits);
    if (!beginning || digits.size() > numbering::max_digits) return numbers;
    const auto key = table.keys - 1;
    const auto column = table.columns[key].name;
    // Of any length; where no digit is given, the longest ones have all others below them.
    for (auto length = digits.empty() ? numbering::max_digits : digits.size(); length <= numbering::max_digits; ++length) {
        const auto step = power_of_ten(length - digits.size());
        auto found = rows.find({.table = &table,
                                .where = {{.column = column, .is = Match::Is::at_least, .value = *beginning * step},
                                          {.column = column, .is = Match::Is::at_most, .value = (*beginning + 1) * step - 1}},
                                .limit = most});
        if (!found) return tl::unexpected(found.error());
        for (const auto& row : *found)
            if (numbers.size() < most) numbers.push_back(integer(row[key]));
    }
    return numbers;
}

}  // namespace trunkbox::centrex

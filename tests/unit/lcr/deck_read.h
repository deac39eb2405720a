// A deck in a literal, read.
#pragma once

#include "lcr/deck_reader.h"

#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace deck_read {

using namespace trunkbox;
using namespace trunkbox::lcr;

// In one piece; what it gives in parts must be the same.
inline Result<ReadDeck> read(std::string_view csv, const ReadOptions& options = {}) {
    auto whole = read_deck(csv, "d.csv", options);
    for (auto parts : {std::size_t{2}, std::size_t{5}, std::size_t{11}}) {
        auto again = read_deck(csv, "d.csv", options, parts, one_by_one);
        INFO(parts << " parts of " << csv.substr(0, 1000));
        REQUIRE(again.has_value() == whole.has_value());
        if (!whole) CHECK(again.error().text() == whole.error().text());
        if (!whole) continue;
        CHECK(again->skipped == whole->skipped);
        CHECK(again->deck.file() == whole->deck.file());
        CHECK(again->deck.destinations().size() == whole->deck.destinations().size());
        REQUIRE(again->deck.size() == whole->deck.size());
        std::size_t same = 0;
        while (same < whole->deck.size() && again->deck.row(same) == whole->deck.row(same)) ++same;
        CHECK(same == whole->deck.size());
    }
    return whole;
}

inline std::string problem(std::string_view csv, const ReadOptions& options = {}) {
    auto deck = read(csv, options);
    return deck ? std::string("(no error)") : deck.error().text();
}

inline std::vector<DeckRow> rows(std::string_view csv, const ReadOptions& options = {}) {
    auto read = deck_read::read(csv, options);
    INFO(problem(csv, options));
    REQUIRE(read);
    std::vector<DeckRow> all;
    for (std::size_t i = 0; i < read->deck.size(); ++i) all.push_back(read->deck.row(i));
    return all;
}

// "4420 447": the prefixes in their order.
inline std::string prefixes(std::string_view csv, const ReadOptions& options = {}) {
    std::string text;
    for (const auto& row : rows(csv, options)) text += (text.empty() ? "" : " ") + row.prefix.text();
    return text;
}

// "0.01/30/6 USD": rate, minimum, increment, currency.
inline std::string price(const DeckRow& row) {
    return fmt::format("{}/{}/{} {}", row.rate.text(), row.terms.minimum, row.terms.increment,
                       row.terms.currency.text());
}

}  // namespace deck_read

#include "lcr/evaluate.h"
#include "lcr/deck_reader.h"

#include "base/ids.h"

#include <algorithm>

#include <doctest/doctest.h>

using namespace trunkbox;
using namespace trunkbox::lcr;
using numbering::E164;

namespace {

constexpr std::string_view header = "prefix,rate,connect fee,minimum,increment,effective,end,blocked\n";

struct Source {
    std::string name;
    std::vector<std::string> rows;  // each deck, without the header
    int priority = 0;
    bool enabled = true;
};

Result<Table> compile(const std::vector<Source>& sources) {
    std::vector<CarrierDecks> carriers;
    for (const auto& source : sources) {
        CarrierDecks decks{.carrier = {source.name, source.priority, source.enabled}};
        for (std::size_t i = 0; i < source.rows.size(); ++i)
            decks.decks.push_back(
                read_deck(std::string(header) + source.rows[i], source.name + std::to_string(i) + ".csv")
                    .value());
        carriers.push_back(std::move(decks));
    }
    return Table::compile(std::move(carriers));
}

Time at(std::string_view text) {
    return parse_rfc3339(text).value();
}
const Time noon = at("2026-11-22T12:00:00Z");
Facts call(std::string_view number, Duration duration = 180s) {
    return {.number = E164::parse(number).value(), .at = noon, .duration = duration};
}

Decision decide(const Table& table, const Facts& facts) {
    return evaluate(table, facts).value();
}

std::string order(const Decision& decision) {
    std::string text;
    for (const auto& entry : decision.ranked) text += entry.carrier + " ";
    for (const auto& entry : decision.rejected)
        text += "-" + entry.carrier + ":" + std::string(name(entry.reason)) + " ";
    return text;
}

}  // namespace

TEST_CASE("each carrier by its own longest prefix, cheapest first") {
    // Globally longest is beta's, cheapest for London is alpha's short one.
    auto table =
        compile({{"alpha", {"44,0.010,0,0,1,,,\n"}}, {"beta", {"44,0.001,0,0,1,,,\n4420,0.020,0,0,1,,,\n"}}})
            .value();
    auto decision = decide(table, call("+442079460123"));
    CHECK(order(decision) == "alpha beta ");
    CHECK(decision.ranked[0].prefix.text() == "44");
    CHECK(decision.ranked[0].cost.text() == "0.030000");
    CHECK(decision.ranked[0].reason == "cheapest");
    CHECK(decision.ranked[0].source == "alpha0.csv:2");
    CHECK(decision.ranked[1].prefix.text() == "4420");
    CHECK(decision.ranked[1].source == "beta0.csv:3");
    CHECK(decision.ranked[1].reason == "dearer than 'alpha' by 0.030000 EUR");
    CHECK(order(decide(table, call("+441632960123"))) == "beta alpha ");
}

TEST_CASE("the cost is that of the whole call: fee, minimum and increments decide") {
    auto table = compile({{"minute", {"44,0.010,0,60,60,,,\n"}},
                          {"second", {"44,0.012,0,1,1,,,\n"}},
                          {"fee", {"44,0.001,0.02,0,1,,,\n"}}})
                     .value();
    CHECK(order(decide(table, call("+442079460123", 20s))) == "second minute fee ");
    CHECK(order(decide(table, call("+442079460123", 60s))) == "minute second fee ");
    CHECK(order(decide(table, call("+442079460123", 600s))) == "fee minute second ");
    auto decision = decide(table, call("+442079460123", 61s));
    auto minute = std::ranges::find(decision.ranked, "minute", &Candidate::carrier);
    CHECK(minute->billed_seconds == 120);
    CHECK(arithmetic(*minute, decision) == "0.01 × 120 s / 60 (61 s, at least 60 s, then by 60 s) = 0.020000 EUR");
    auto fee = std::ranges::find(decision.ranked, "fee", &Candidate::carrier);
    CHECK(arithmetic(*fee, decision) == "0.02 + 0.001 × 61 s / 60 = 0.021017 EUR");
}

TEST_CASE("billed seconds") {
    Terms terms{.minimum = 30, .increment = 6};
    auto seconds = [&](Duration duration) { return bill(Money{}, terms, duration).seconds; };
    CHECK(seconds(0s) == 0);
    CHECK(seconds(1ms) == 30);
    CHECK(seconds(30s) == 30);
    CHECK(seconds(30s + 1ns) == 36);
    CHECK(seconds(36s) == 36);
    CHECK(seconds(205s) == 210);
    CHECK(seconds(-5s) == 0);
    terms.minimum = 0;
    CHECK(seconds(205s) == 210);
}

TEST_CASE("a difference that printing hides still decides") {
    auto table = compile({{"a", {"44,0.010000000001,0,0,1,,,\n"}}, {"b", {"44,0.01,0,0,1,,,\n"}}}).value();
    auto decision = decide(table, call("+442079460123"));
    CHECK(order(decision) == "b a ");
    CHECK(decision.ranked[0].cost.text() == decision.ranked[1].cost.text());
}

TEST_CASE("equal costs go by priority, then by name") {
    auto table = compile({{"c", {"44,0.01,0,0,1,,,\n"}, 1},
                          {"b", {"44,0.01,0,0,1,,,\n"}, 2},
                          {"a", {"44,0.01,0,0,1,,,\n"}, 2}})
                     .value();
    auto decision = decide(table, call("+442079460123"));
    CHECK(order(decision) == "c a b ");
    CHECK(decision.ranked[0].reason == "costs the same as 'a', priority 1 before 2");
    CHECK(decision.ranked[1].reason == "costs the same as 'c', priority 2 after 1");
    CHECK(decision.ranked[2].reason == "costs the same as 'a' at the same priority, later by name");
}

TEST_CASE("every reason to leave a carrier out") {
    auto table = compile({{"blocked", {"44,0.001,0,0,1,,,\n4420,,,,,,,yes\n"}},
                          {"early", {"44,0.001,0,0,1,2026-11-23,,\n"}},
                          {"late", {"44,0.001,0,0,1,,2026-11-22,\n"}},
                          {"none", {"33,0.001,0,0,1,,,\n"}},
                          {"off", {"44,0.001,0,0,1,,,\n"}, 0, false},
                          {"open", {"44,0.01,0,0,1,,,\n"}},
                          {"second", {"44,0.02,0,0,1,,,\n"}}})
                     .value();
    auto facts = call("+442079460123");
    facts.max = 1;
    auto decision = decide(table, facts);
    CHECK(order(decision) ==
          "open -blocked:blocked -early:not_yet_effective -late:expired -none:no_rate -off:disabled "
          "-second:max_attempts ");
    CHECK(decision.rejected[0].source == "blocked0.csv:3");
    CHECK(decision.rejected[0].prefix.value().text() == "4420");
    CHECK(decision.rejected[1].text == "prefix 44 becomes effective 2026-11-23T00:00:00Z");
    CHECK(decision.rejected[2].text == "prefix 44 ended 2026-11-22T00:00:00Z");
    facts.max = 0;
    CHECK(decide(table, facts).ranked.empty());
    CHECK(decide(Table::compile({}).value(), facts).rejected.empty());
}

TEST_CASE("a row is in force from its effective time up to its end") {
    auto table =
        compile({{"a", {"44,0.01,0,0,1,,,\n4420,0.02,0,0,1,2026-11-22T12:00:00Z,2026-11-22T13:00:00Z,\n"}}})
            .value();
    auto rate = [&](std::string_view time) {
        auto facts = call("+442079460123");
        facts.at = at(time);
        return decide(table, facts).ranked.at(0).rate.text();
    };
    CHECK(rate("2026-11-22T11:59:59.999999999Z") == "0.01");
    CHECK(rate("2026-11-22T12:00:00Z") == "0.02");
    CHECK(rate("2026-11-22T12:59:59.999999999Z") == "0.02");
    CHECK(rate("2026-11-22T13:00:00Z") == "0.01");
}

TEST_CASE("of rows for one prefix the latest effective wins, then the amendment, then the dearest") {
    auto rate = [&](std::vector<std::string> decks) {
        return decide(compile({{"a", std::move(decks)}}).value(), call("+442079460123"))
            .ranked.at(0)
            .rate.text();
    };
    CHECK(rate({"44,0.03,0,0,1,2026-01-01,,\n44,0.01,0,0,1,2026-06-01,,\n44,0.05,0,0,1,,,\n44,0.09,0,0,1,"
                "2027-01-01,,\n"}) == "0.01");
    CHECK(rate({"44,0.03,0,0,1,,,\n", "44,0.01,0,0,1,,,\n"}) == "0.01");
    CHECK(rate({"44,0.01,0,0,1,,,\n44,0.03,0,0,1,,,\n"}) == "0.03");
    CHECK(rate({"44,0.03,0,0,1,,,\n44,0.01,0,0,1,,,\n"}) == "0.03");
}

TEST_CASE("the order of rows and carriers changes no answer") {
    IdSource random({1, 2});
    std::vector<std::string> rows;
    for (int i = 0; i < 200; ++i) {
        auto prefix = std::to_string(1 + random.next() % 9) +
                      (random.next() % 2 ? std::to_string(random.next() % 100) : "");
        rows.push_back(prefix + ",0.0" + std::to_string(random.next() % 9) + ",0,0," +
                       std::to_string(1 + random.next() % 60) + (random.next() % 3 ? ",," : ",2026-01-01,") +
                       (random.next() % 9 ? ",\n" : ",yes\n"));
    }
    auto digest = [&] {
        std::vector<Source> sources{{"a", {""}}, {"b", {""}}, {"c", {""}}};
        // A row goes to the same carrier wherever it stands.
        for (const auto& row : rows) sources[std::hash<std::string>{}(row) % 3].rows[0] += row;
        std::rotate(sources.begin(), sources.begin() + static_cast<std::ptrdiff_t>(random.next() % 3), sources.end());
        auto table = compile(sources).value();
        std::string text;
        for (std::uint64_t i = 1000; i < 9999; i += 7) {
            auto decision = decide(table, call("+" + std::to_string(i) + "000"));
            text += order(decision);
            for (const auto& entry : decision.ranked) text += entry.cost.text(12) + entry.reason;
        }
        return text;
    };
    auto first = digest();
    CHECK(first.size() > 10000);
    for (int round = 0; round < 5; ++round) {
        for (std::size_t i = rows.size() - 1; i > 0; --i) std::swap(rows[i], rows[random.next() % (i + 1)]);
        CHECK(digest() == first);
    }
}

TEST_CASE("the table's lookup is the longest prefix that a plain search finds") {
    IdSource random({3, 4});
    std::string text;
    std::vector<std::string> prefixes;
    for (int i = 0; i < 300; ++i) {
        prefixes.push_back(std::to_string(1 + random.next() % (i % 2 ? 99999 : 99)));
        text += prefixes.back() + ",0.01,0,0,1,,,\n";
    }
    auto table = compile({{"a", {text}}}).value();
    CHECK(table.rows() == 300);
    for (int i = 0; i < 3000; ++i) {
        auto digits = std::to_string(1000 + random.next() % 9999999);
        std::string longest;
        for (const auto& prefix : prefixes)
            if (digits.starts_with(prefix) && prefix.size() > longest.size()) longest = prefix;
        auto place = table.longest(E164::parse_digits(digits).value()).value();
        CHECK((place ? table.prefix(*place).value().text() : "") == longest);
    }
}

TEST_CASE("tables that cannot be are refused") {
    CHECK(compile({{"a", {""}}, {"a", {""}}}).error().what == "carrier 'a' is given twice");
    CHECK(compile({{"", {""}}}).error().what == "carrier has no name");
    auto dollars = read_deck("prefix,rate,currency\n44,1,USD\n", "us.csv").value();
    auto euros = read_deck("prefix,rate\n44,1\n", "eu.csv").value();
    CHECK(Table::compile({{{"a"}, {euros}}, {{"b"}, {dollars}}}).error().text() ==
          "us.csv:2: currency 'USD' stands beside 'EUR' and there is no rate of exchange; give one in the "
          "settings, or convert the deck");
    CHECK(Table::compile({{{"b"}, {dollars}}}).value().currency().text() == "USD");
}

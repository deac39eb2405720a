#include "output/route_csv.h"

#include "lcr/deck_reader.h"
#include "lcr/evaluate.h"
#include "output/decision.h"
#include "output/printer.h"

#include <sstream>

#include <doctest/doctest.h>

using namespace trunkbox;

namespace {

lcr::CarrierDecks carrier(std::string name, std::string file, const std::string& rows) {
    auto deck = lcr::read_deck("prefix,destination,rate,connect fee,increment,currency\n" + rows, std::move(file));
    REQUIRE_MESSAGE(deck.has_value(), (deck ? "" : deck.error().text()));
    lcr::Carrier its;
    its.name = std::move(name);
    return {.carrier = std::move(its), .decks = {*deck}};
}

lcr::Table table_of_odd_names() {
    lcr::Settings settings;
    settings.exchanges.push_back({.currency = Currency::parse("USD").value(), .rate = Money::parse("0.5").value()});
    auto table = lcr::Table::compile({carrier("plain", "a.csv", "44,UK,0.01,0.5,60,EUR\n4420,London,0.02,0,1,EUR\n"),
                                      carrier("two, words", "b,c.csv", "33,\"France, \"\"all\"\"\",0.0123,0,6,EUR\n"),
                                      carrier("caf\xc3\xa9", "d\xff.csv", "331,\xc3\x8ele-de-France,0.012,0,1,EUR\n49,,2,0,1,EUR\n"),
                                      carrier("dollars", "e\"f.csv", "1,NANP,0.007,0,1,USD\n")},
                                     std::move(settings));
    REQUIRE_MESSAGE(table.has_value(), (table ? "" : table.error().text()));
    return std::move(*table);
}

// What the evaluator decides, by the printer of every tool.
std::string by_evaluator(const lcr::Table& table, const std::vector<std::string>& numbers, lcr::Facts facts) {
    std::ostringstream out;
    auto printer = output::Printer::open({.format = output::Format::csv, .shape = output::Printer::Shape::many,
                                          .columns = output::route_columns()},
                                         out);
    REQUIRE(printer);
    for (const auto& number : numbers) {
        facts.number = numbering::E164::parse_digits(number).value();
        auto decision = lcr::evaluate(table, facts);
        REQUIRE(decision);
        for (const auto& row : output::route_rows(*decision)) REQUIRE(printer->print(row, {}));
    }
    REQUIRE(printer->finish());
    return out.str();
}

}  // namespace

TEST_CASE("the quick rows are those of the evaluator, byte for byte") {
    auto table = table_of_odd_names();
    const std::vector<std::string> numbers{"447700900123", "442079460123", "33199000001", "33499000001",
                                           "491999000001", "12025550123",  "99912345678"};
    for (std::int64_t seconds : {1, 61, 3600}) {
        lcr::Facts facts{.number = numbering::E164::parse_digits(numbers[0]).value(), .duration = std::chrono::seconds(seconds), .max = 1};
        std::ostringstream out;
        output::RouteCsv csv(table, facts.at, seconds, out);
        for (const auto& number : numbers) REQUIRE(csv.add("+" + number));
        REQUIRE(csv.finish());
        CHECK(out.str() == by_evaluator(table, numbers, facts));
        CHECK_FALSE(csv.all_routed());
    }
}

TEST_CASE("a number is read as it is dialled, and what is none is an error") {
    auto table = table_of_odd_names();
    std::ostringstream out;
    output::RouteCsv csv(table, {}, 60, out);
    for (auto number : {" 447700900123\r", "", "  ", "sip:+447700900123@192.0.2.1", "tel:+44-7700-900123"}) CHECK(csv.add(number));
    for (auto number : {"0447700900123", "12", "x", "4477009001234567"}) {
        auto added = csv.add(number);
        REQUIRE_FALSE(added);
        CHECK(added.error().fault == Fault::input);
    }
    REQUIRE(csv.finish());
    auto text = out.str();
    CHECK(std::ranges::count(text, '\n') == 4);  // a header, and three numbers
}

#include "deck_read.h"

using namespace deck_read;

namespace {

std::string of_prefix(std::string_view cell) {
    return prefixes(fmt::format("prefix;rate\n{};1\n", cell));
}
std::string bad_prefix(std::string_view cell) {
    return problem(fmt::format("prefix;rate\n{};1\n", cell));
}
std::string of_rate(std::string_view cell, char separator = ';') {
    return price(rows(fmt::format("prefix{0}rate\n44{0}{1}\n", separator, cell)).at(0));
}
std::string bad_rate(std::string_view cell, char separator = ';') {
    return problem(fmt::format("prefix{0}rate\n44{0}{1}\n", separator, cell));
}
std::string of_date(std::string_view cell, const ReadOptions& options = {}) {
    auto row = rows(fmt::format("prefix;rate;effective\n44;1;{}\n", cell), options).at(0);
    return row.scope.effective ? rfc3339(*row.scope.effective, 0) : "none";
}
std::string bad_date(std::string_view cell) {
    return problem(fmt::format("prefix;rate;effective\n44;1;{}\n", cell));
}

}  // namespace

TEST_CASE("prefixes: one, with what stands before it, lists, ranges, sets") {
    CHECK(of_prefix("+44") == "44");
    CHECK(of_prefix("0044") == "44");
    CHECK(of_prefix("44 75") == "4475");
    CHECK(of_prefix("1 212 555") == "1212555");
    CHECK(of_prefix("'447") == "447");
    CHECK(of_prefix("\"=\"\"447\"\"\"") == "447");
    CHECK(of_prefix("\xc2\xa0"
                    "447\xa0") == "447");
    CHECK(of_prefix("447, 4420,33") == "447 4420 33");
    CHECK(of_prefix("447|33/34") == "447 33 34");
    CHECK(of_prefix("447,") == "447");
    CHECK(of_prefix("4475-4479, 4485") == "4475 4476 4477 4478 4479 4485");
    CHECK(of_prefix("+4475 - +4476") == "4475 4476");
    CHECK(of_prefix("4475–4476") == "4475 4476");
    CHECK(of_prefix("44[57]") == "445 447");
    CHECK(of_prefix("44[5-7,9]2") == "4452 4462 4472 4492");
    CHECK(of_prefix("44[1-2][0-1]") == "4410 4411 4420 4421");
    CHECK(of_prefix("441,442") == "441 442");
}

TEST_CASE("a range stays as fine as it is written") {
    CHECK(of_prefix("4470-4479") == "4470 4471 4472 4473 4474 4475 4476 4477 4478 4479");
    // So that a row of the parent, or of one of these, is no second row of the same prefix.
    auto all = rows("prefix,rate\n447,1\n4470-4479,2\n");
    CHECK(all.size() == 11);
    CHECK(all[0].rate.text() == "1");
}

TEST_CASE("prefixes that are none") {
    CHECK(bad_prefix("4475-9").find("is a range with ends of different length; write both ends in full") !=
          std::string::npos);
    CHECK(bad_prefix("4479-4475").find("is a range that ends before it begins") != std::string::npos);
    CHECK(bad_prefix("44-75").find("is a range beyond one country") != std::string::npos);
    CHECK(bad_prefix("44-").find("is not a range of digits") != std::string::npos);
    CHECK(bad_prefix("4420 4421").find("has blanks between digits; part the prefixes of a list") !=
          std::string::npos);
    CHECK(bad_prefix("44[").find("has a set of digits that is none") != std::string::npos);
    CHECK(bad_prefix("44[]").find("has a set of digits that is none") != std::string::npos);
    CHECK(bad_prefix("44[7-5]").find("has a set of digits that is none") != std::string::npos);
    CHECK(bad_prefix("44[1-3]x").find("is not digits") != std::string::npos);
    CHECK(bad_prefix("44.0").find("is not digits") != std::string::npos);
    CHECK(bad_prefix("00").find("is empty") != std::string::npos);
    CHECK(bad_prefix(",").find("is empty") != std::string::npos);
    CHECK(bad_prefix("447,512").find("may be one number with thousands marks") != std::string::npos);
    CHECK(bad_prefix("4,475").find("may be one number with thousands marks") != std::string::npos);
    CHECK(bad_prefix("#N/A").find("is what a formula of a spreadsheet left") != std::string::npos);
    CHECK(bad_prefix("#REF!").find("is what a formula of a spreadsheet left") != std::string::npos);
    CHECK(bad_prefix("4,47E+11").find("'4,47E+11' was turned into a floating-point number") !=
          std::string::npos);
    CHECK(bad_prefix("44, 4.47e11").find("'4.47e11' was turned into a floating-point number") !=
          std::string::npos);
    CHECK(bad_prefix("12345678901234567-12345678901234569").find("has more than 15 digits") !=
          std::string::npos);
}

TEST_CASE("a cell names at most 100,000 prefixes") {
    CHECK(rows("prefix,rate\n4400000-4499999,1\n").size() == 100'000);
    CHECK(problem("prefix,rate\n440000000-449999999,1\n")
              .starts_with("d.csv:2:1: cell names more than 100000 prefixes; write the shorter prefix"));
    CHECK(problem("prefix,rate\n4[0-9][0-9][0-9][0-9][0-9][0-9][0-9],1\n").find("names more than") !=
          std::string::npos);
}

TEST_CASE("rates with their currency and in either decimal mark") {
    CHECK(of_rate("0,0123") == "0.0123/0/1 EUR");
    CHECK(of_rate("0.0123") == "0.0123/0/1 EUR");
    CHECK(of_rate("1,234") == "1.234/0/1 EUR");
    CHECK(of_rate("€0.0123") == "0.0123/0/1 EUR");
    CHECK(of_rate("\x80 0,0123") == "0.0123/0/1 EUR");
    CHECK(of_rate("0.0123 EUR") == "0.0123/0/1 EUR");
    CHECK(of_rate("USD 0.0123") == "0.0123/0/1 USD");
    CHECK(of_rate("$.0123") == "0.0123/0/1 USD");
    CHECK(of_rate("0.0123£") == "0.0123/0/1 GBP");
    CHECK(of_rate(" 0.0123 ") == "0.0123/0/1 EUR");
    CHECK(of_rate("\"0,0123\"", ',') == "0.0123/0/1 EUR");
    CHECK(of_rate("\"1,5\"", ',') == "1.5/0/1 EUR");
    CHECK(bad_rate("\"1,234\"", ',').find("may be thousands or decimals") != std::string::npos);
    CHECK(bad_rate("1.234,5").find("has a point and a comma") != std::string::npos);
    CHECK(bad_rate("5%").find("is not a decimal number") != std::string::npos);
    CHECK(bad_rate("#N/A").find("is what a formula of a spreadsheet left") != std::string::npos);
    CHECK(bad_rate("1,2E-05").find("export the deck again") != std::string::npos);
    CHECK(bad_rate("EUR").find("is not a decimal number") != std::string::npos);
    CHECK(bad_rate("0.0123 PESOS").find("is not a decimal number") != std::string::npos);
    CHECK(bad_rate("-0.01 EUR").find("is negative") != std::string::npos);
    CHECK(problem("prefix;rate\n44;0,01\n45;0.02\n") ==
          "d.csv:3:4: amount '0.02' has a decimal '.' in a deck with decimal ','; write all amounts in one "
          "way");
    CHECK(rows("prefix;rate\n44;0.000000000001\n45;123456.123456\n46;1234567.5\n").at(1).rate.text() ==
          "123456.123456");
}

TEST_CASE("a row has one currency") {
    auto all = rows("prefix,rate,connect fee,currency\n44,0.01 USD,$1,\n45,$1,,CAD\n46,1,,\n");
    CHECK(price(all.at(0)) == "0.01/0/1 USD");
    CHECK(price(all.at(1)) == "1/0/1 CAD");
    CHECK(price(all.at(2)) == "1/0/1 EUR");
    CHECK(problem("prefix,rate,currency\n44,0.01 USD,GBP\n")
              .starts_with("d.csv:2:4: '0.01 USD' is in USD where"));
    CHECK(
        problem("prefix,rate,connect fee\n44,0.01 USD,€1\n").starts_with("d.csv:2:13: '€1' is in EUR where"));
}

TEST_CASE("a word in place of a rate blocks") {
    CHECK(rows("prefix,rate\n44,BLOCKED\n45,1\n").at(0).terms.blocked);
    CHECK_FALSE(rows("prefix,rate\n44,BLOCKED\n45,1\n").at(1).terms.blocked);
    CHECK(rows("prefix,rate,status\n44,,Not available\n").at(0).terms.blocked);
    CHECK(problem("prefix,rate,status\n44,1,deleted\n")
              .starts_with("d.csv:2:6: status 'deleted' is not known"));
}

TEST_CASE("all that a row can bill") {
    auto row = rows(
                   "prefix,rate,connect fee,attempt fee,minimum,increment,grace time,free seconds,minimum "
                   "charge,max cost,tiers\n"
                   "44,0.01,0.1,0.002,30,6,3,10,0.05,5,300:0.008/60 900:0.005\n")
                   .at(0);
    CHECK(row.terms.connect_fee.text() == "0.1");
    CHECK(row.terms.attempt_fee.text() == "0.002");
    CHECK(row.terms.grace == 3);
    CHECK(row.terms.free_seconds == 10);
    CHECK(row.terms.minimum_charge.text() == "0.05");
    CHECK(row.terms.maximum_charge.value().text() == "5");
    REQUIRE(row.terms.tiers.size() == 2);
    CHECK(row.terms.tiers[0] == Tier{.from = 300, .rate = Money::parse("0.008").value(), .increment = 60});
    CHECK(row.terms.tiers[1] == Tier{.from = 900, .rate = Money::parse("0.005").value(), .increment = 6});
    auto bad_tiers = [](std::string_view cell) {
        return problem(fmt::format("prefix,rate,minimum,tiers\n44,1,60,{}\n", cell));
    };
    CHECK(bad_tiers("60:1").find("does not begin after second 60") != std::string::npos);
    CHECK(bad_tiers("300:1 300:2").find("does not begin after second 300") != std::string::npos);
    for (auto cell : {"300", "300:", ":1", "300:/6", "x:1"})
        CHECK(bad_tiers(cell).find("is not understood; write e.g. '300:0.008/60'") != std::string::npos);
    CHECK(bad_tiers("300:1/0").find("is not whole seconds from 1") != std::string::npos);
    CHECK(bad_tiers("300:x").find("amount 'x' is not a decimal") != std::string::npos);
    CHECK(problem("prefix,rate,minimum charge,maximum charge\n44,1,2,1\n")
              .find("is below the minimum charge") != std::string::npos);
}

TEST_CASE("minimum and increment in one cell") {
    CHECK(price(rows("prefix,rate,increment\n44,1,30/6\n").at(0)) == "1/30/6 EUR");
    CHECK(price(rows("prefix,rate,minimum,increment\n44,1,30,30/6\n").at(0)) == "1/30/6 EUR");
    CHECK(problem("prefix,rate,increment\n44,1,60/60/1\n").find("'60/60/1' has three parts") !=
          std::string::npos);
}

TEST_CASE("dates") {
    for (auto cell : {"2026-11-22", "2026/11/22", "20261122", "22.11.2026", "22/11/2026", "11/22/2026",
                      "22-11-2026", "22-Nov-2026", "22 November 2026", "Nov 22, 2026", "22/nov/2026",
                      "2026-11-22 00:00", "2026-11-22 00:00:00", "2026-11-22T00:00:00",
                      "2026-11-22 00:00:00.000", "22.11.2026 00:00", "2026-11-22T01:00:00+01:00"}) {
        CAPTURE(cell);
        CHECK(of_date(cell) == "2026-11-22T00:00:00Z");
    }
    CHECK(of_date("2026-11-22 13:30") == "2026-11-22T13:30:00Z");
    CHECK(of_date("4/4/2026") == "2026-04-04T00:00:00Z");
    for (auto cell : {"", "0000-00-00", "0000-00-00 00:00:00", "9999-12-31", "2999-12-31T23:59:59Z"})
        CHECK(of_date(cell) == "none");
    CHECK(bad_date("46023").find("'46023' is how a spreadsheet counts days") != std::string::npos);
    CHECK(bad_date("22/11/26").find("has no year of four digits") != std::string::npos);
    CHECK(bad_date("#REF!").find("is what a formula") != std::string::npos);
    for (auto cell :
         {"2026-13-01", "2026-02-30", "30.02.2026", "32/01/2026", "13/13/2026", "2026-11", "1", "now",
          "2026-11-22 25:00", "2026-11-22x", "22.Foo.2026", "1969-01-01", "20261345", "22.11/2026"}) {
        CAPTURE(cell);
        CHECK(bad_date(cell).find("is not a date or time") != std::string::npos);
    }
}

TEST_CASE("the order of day and month is what another row shows, or the map says") {
    std::string deck = "prefix;rate;effective;end\n44;1;03/04/2026;\n45;1;05/04/2026;";
    CHECK(problem(deck).starts_with(
        "d.csv:2:6: '03/04/2026' has its day first or its month first, and no date in"));
    CHECK(rfc3339(*rows(deck + "25/12/2026\n").at(0).scope.effective, 0) == "2026-04-03T00:00:00Z");
    CHECK(rfc3339(*rows(deck + "12/25/2026\n").at(0).scope.effective, 0) == "2026-03-04T00:00:00Z");
    CHECK(problem(deck + "25/12/2026\n46;1;12/25/2026;\n").find("dates of both kinds") != std::string::npos);
    CHECK(of_date("03/04/2026", {.map = {{"date order", "day first"}}}) == "2026-04-03T00:00:00Z");
    CHECK(of_date("03/04/2026", {.map = {{"date order", "month first"}}}) == "2026-03-04T00:00:00Z");
    CHECK(problem(deck, {.map = {{"date order", "ymd"}}})
              .starts_with("map 'date order=ymd' is not understood"));
}

TEST_CASE("time class and origin") {
    auto row = rows("prefix,rate,time class,origin\n44,1,peak,+33\n").at(0);
    CHECK(row.scope.time_class == "peak");
    CHECK(row.scope.origin == "33");
    CHECK(rows("prefix,rate,from\n44,1,0033\n").at(0).scope.origin == "33");
    CHECK(rows("prefix,rate,a-number prefix\n44,1,EEA\n").at(0).scope.origin == "eea");
    CHECK(rows("prefix,rate,origin\n44,1,any\n").at(0).scope.origin.empty());
    CHECK(problem("prefix;rate;origin\n44;1;33,34\n").find("is neither a prefix nor the name of a group") !=
          std::string::npos);
    CHECK(problem("prefix;rate;origin\n44;1;033\n").find("begins with 0") != std::string::npos);
}

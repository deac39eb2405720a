#include "lcr/deck.h"

#include <doctest/doctest.h>

using namespace trunkbox;
using namespace trunkbox::lcr;

namespace {

std::string problem(std::string_view csv) {
    auto deck = read_deck(csv, "d.csv");
    return deck ? std::string("(no error)") : deck.error().text();
}

}  // namespace

TEST_CASE("a deck is read with all its columns") {
    auto deck = read_deck(
        "prefix,destination,rate,currency,connect fee,minimum,increment,effective,end,blocked\n"
        "+4420,\"London, all\",0.0090,usd,0.01,30,6,2026-01-01,2027-01-01T10:00:00+01:00,no\n"
        "447,,,,,,,,,yes\n",
        "d.csv");
    REQUIRE(deck);
    REQUIRE(deck->rows.size() == 2);
    const auto& row = deck->rows[0];
    CHECK(row.prefix.text() == "4420");
    CHECK(row.destination == "London, all");
    CHECK(row.rate.text() == "0.009");
    CHECK(row.currency.text() == "USD");
    CHECK(row.connect_fee.text() == "0.01");
    CHECK(row.minimum == 30);
    CHECK(row.increment == 6);
    CHECK(rfc3339(row.effective.value(), 0) == "2026-01-01T00:00:00Z");
    CHECK(rfc3339(row.end.value(), 0) == "2027-01-01T09:00:00Z");
    CHECK_FALSE(row.blocked);
    CHECK(row.line == 2);
    CHECK(deck->rows[1].blocked);
    CHECK(deck->rows[1].currency.text() == "EUR");
    CHECK(deck->rows[1].increment == 1);
}

TEST_CASE("a spreadsheet's dialect: byte order mark, CRLF, semicolons, decimal commas, other titles") {
    auto deck = read_deck(
        "\xef\xbb\xbf"
        "Code;Name;Rate;Setup_Fee;Interval;Status\r\n44;\"UK; all\";0,0100;0,5;60/30;Active\r\n",
        "d.csv");
    REQUIRE(deck);
    CHECK(deck->rows[0].rate.text() == "0.01");
    CHECK(deck->rows[0].connect_fee.text() == "0.5");
    CHECK(deck->rows[0].minimum == 60);
    CHECK(deck->rows[0].increment == 30);
}

TEST_CASE("a deck without rows is a deck, without a header it is none") {
    CHECK(read_deck("prefix,rate\n", "d.csv").value().rows.empty());
    CHECK(problem("") == "d.csv: deck is empty; begin it with a header row, e.g. 'prefix,destination,rate'");
    CHECK(problem("\n\n").starts_with("d.csv: deck is empty"));
    CHECK(problem("44,0.01\n45,0.02\n").starts_with("d.csv:1:1: column '44' is not known"));
}

TEST_CASE("header errors name the column and the nearest known one") {
    CHECK(problem("prefx,rate\n") == "d.csv:1:1: column 'prefx' is not known; did you mean 'prefix'?");
    CHECK(problem("prefix,rate,colour\n").starts_with("d.csv:1:13: column 'colour' is not known; "));
    CHECK(problem("prefix,rate,code\n") ==
          "d.csv:1:13: column 'code' means the same as column 1; keep one of them");
    CHECK(problem("prefix,destination\n").starts_with("d.csv:1:1: no column 'rate'"));
    CHECK(problem("rate,destination\n").starts_with("d.csv:1:1: no column 'prefix'"));
}

TEST_CASE("row errors have their file, line and column") {
    CHECK(problem("prefix,rate\n44,0.01\n1415x,0.02\n") ==
          "d.csv:3:1: prefix '1415x' is not digits; write the country code and what follows, e.g. '1415'");
    CHECK(problem("prefix,rate\n4.47E+11,0.01\n")
              .starts_with("d.csv:2:1: prefix '4.47E+11' was turned into a float"));
    CHECK(problem("prefix,rate\n,0.01\n").starts_with("d.csv:2:1: prefix '' is empty"));
    CHECK(problem("prefix,rate\n00441,0.01\n").starts_with("d.csv:2:1: prefix '00441' begins with 0"));
    CHECK(problem("prefix,rate\n1234567890123456,1\n")
              .starts_with("d.csv:2:1: prefix '1234567890123456' has more"));
    CHECK(problem("prefix,rate\n44,-0.01\n").starts_with("d.csv:2:4: amount '-0.01' is negative"));
    CHECK(problem("prefix,rate\n44,\n").starts_with("d.csv:2:4: amount '' is not a decimal number"));
    CHECK(problem("prefix,rate\n44,1e-3\n").starts_with("d.csv:2:4: amount '1e-3' is not"));
    CHECK(problem("prefix,rate\n44,99999999999999999999\n").find("is too large") != std::string::npos);
    CHECK(problem("prefix,rate\n44\n").starts_with("d.csv:2:1: record has 1 fields, the header has 2"));
    CHECK(problem("prefix,rate\n44,1,2\n").starts_with("d.csv:2:6: record has 3 fields"));
    CHECK(problem("prefix,rate\n44,0,01\n").starts_with("d.csv:2:6: record has 3 fields"));
    CHECK(problem("prefix,rate,currency\n44,1,EURO\n").starts_with("d.csv:2:6: currency 'EURO'"));
    CHECK(
        problem("prefix,rate,increment\n44,1,0\n").starts_with("d.csv:2:6: '0' is not whole seconds from 1"));
    CHECK(problem("prefix,rate,increment\n44,1,6s\n").starts_with("d.csv:2:6: '6s' is not whole seconds"));
    CHECK(problem("prefix,rate,minimum\n44,1,99999999999999999999\n").starts_with("d.csv:2:6: '999"));
    CHECK(problem("prefix,rate,minimum,increment\n44,1,30,60/6\n")
              .starts_with("d.csv:2:9: '60/6' gives the min"));
    CHECK(problem("prefix,rate,effective\n44,1,01/02/2026\n")
              .starts_with("d.csv:2:6: '01/02/2026' is not a date"));
    CHECK(problem("prefix,rate,effective,end\n44,1,2026-02-01,2026-02-01\n")
              .starts_with("d.csv:2:17: ends '2026-02-01'"));
    CHECK(problem("prefix,rate,end\n44,1,2026-02-30\n").starts_with("d.csv:2:6: '2026-02-30' is not"));
    CHECK(problem("prefix,rate,blocked\n44,1,perhaps\n").starts_with("d.csv:2:6: blocked 'perhaps'"));
    CHECK(problem("prefix,rate,status\n44,1,sleepy\n").starts_with("d.csv:2:6: status 'sleepy'"));
}

TEST_CASE("hostile bytes are an error") {
    using namespace std::string_view_literals;
    CHECK(problem("prefix,rate\n4\0004,1\n"sv).starts_with("d.csv:2:2: NUL byte"));
    CHECK(problem("prefix,rate\n\"44,1\n").starts_with("d.csv:2:1: quote is never closed"));
    CHECK(problem(std::string(1 << 20, 'A')).find("is not known") != std::string::npos);
    CHECK(problem("\x7f"
                  "ELF\x02\x01\x01")
              .find("\\x7f") != std::string::npos);
}

#include "deck_read.h"

using namespace deck_read;

TEST_CASE("a deck is read with all its columns") {
    auto deck = read_deck(
        "prefix,destination,rate,currency,connect fee,minimum,increment,effective,end,blocked\n"
        "+4420,\"London, all\",0.0090,usd,0.01,30,6,2026-01-01,2027-01-01T10:00:00+01:00,no\n"
        "447,,,,,,,,,yes\n",
        "d.csv");
    REQUIRE(deck);
    REQUIRE(deck->size() == 2);
    auto row = deck->row(0);
    CHECK(row.prefix.text() == "4420");
    CHECK(row.destination == "London, all");
    CHECK(price(row) == "0.009/30/6 USD");
    CHECK(row.terms.connect_fee.text() == "0.01");
    CHECK(rfc3339(row.scope.effective.value(), 0) == "2026-01-01T00:00:00Z");
    CHECK(rfc3339(row.scope.end.value(), 0) == "2027-01-01T09:00:00Z");
    CHECK_FALSE(row.terms.blocked);
    CHECK(row.line == 2);
    CHECK(deck->row(1).terms.blocked);
    CHECK(price(deck->row(1)) == "0/0/1 EUR");
    CHECK(deck->file() == "d.csv");
}

TEST_CASE("a spreadsheet's dialect: byte order mark, CRLF, semicolons, decimal commas, other titles") {
    auto deck = read_deck(
        "\xef\xbb\xbf"
        "Code;Name;Rate;Setup_Fee;Interval;Status\r\n44;\"UK; all\";0,0100;0,5;60/30;Active\r\n",
        "d.csv");
    REQUIRE(deck);
    CHECK(price(deck->row(0)) == "0.01/60/30 EUR");
    CHECK(deck->row(0).terms.connect_fee.text() == "0.5");
    CHECK(deck->row(0).destination == "UK; all");
}

TEST_CASE("a deck without rows is a deck, without a header it is none") {
    CHECK(read_deck("prefix,rate\n", "d.csv").value().empty());
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
    CHECK(problem("prefix,rate\n0441,0.01\n").starts_with("d.csv:2:1: prefix '0441' begins with 0"));
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
    CHECK(problem("prefix,rate,effective\n44,1,soon\n").starts_with("d.csv:2:6: 'soon' is not a date"));
    CHECK(problem("prefix,rate,effective,end\n44,1,2026-02-01,2026-02-01\n")
              .starts_with("d.csv:2:17: ends '2026-02-01'"));
    CHECK(problem("prefix,rate,end\n44,1,2026-02-30\n").starts_with("d.csv:2:6: '2026-02-30' is not"));
    CHECK(problem("prefix,rate,blocked\n44,1,perhaps\n").starts_with("d.csv:2:6: blocked 'perhaps'"));
    CHECK(problem("prefix,rate,status\n44,1,sleepy\n").starts_with("d.csv:2:6: status 'sleepy'"));
}

TEST_CASE("with skip_bad every row that is understood is read, and every other is counted") {
    ReadOptions options{.skip_bad = true, .most_bad = 2};
    auto read = read_deck("prefix,rate\n44,0.01\nx,1\n45\n46,-1\n47,0.02\n", "d.csv", options);
    REQUIRE(read);
    CHECK(read->deck.size() == 2);
    CHECK(read->deck.row(1).line == 6);
    CHECK(read->skipped == 3);
    REQUIRE(read->skipped_because.size() == 2);
    CHECK(read->skipped_because[0].text().starts_with("d.csv:3:1: prefix 'x' is not digits"));
    CHECK(read->skipped_because[1].text().starts_with("d.csv:4:1: record has 1 fields"));
    SUBCASE("of a row with a list none is left when one prefix of it is bad") {
        auto list = read_deck("prefix,rate\n\"44, 45, 4x\",1\n46,1\n", "d.csv", options);
        REQUIRE(list);
        CHECK(list->deck.size() == 1);
        CHECK(list->skipped == 1);
    }
    SUBCASE("what breaks the records themselves is still an error: nothing tells how much it hides") {
        CHECK(problem("prefix,rate\n44,1\n\"45,1\n46,1\n", options)
                  .starts_with("d.csv:3:1: quote is never closed"));
        CHECK(problem("prefix,rate\n44,1\"\n46,1\n", options).starts_with("d.csv:2:5: quote inside a field"));
    }
}

TEST_CASE("empty rows and empty fields at the end are what spreadsheets leave") {
    CHECK(prefixes("prefix,rate\n\n44,1,,\n,\n  ,\n45,1\n,,,\n") == "44 45");
    CHECK(problem("prefix,rate,\n44,1,x\n").starts_with("d.csv:2:6: 'x' stands in a column without a title"));
    CHECK(prefixes("prefix,rate,\n44,1,\n") == "44");
}

TEST_CASE("what rows have in common is kept once") {
    auto deck =
        read_deck("prefix,destination,rate,minimum,increment\n44,UK,1,60,1\n45,DK,2,60,1\n46,UK,3,1,1\n",
                  "d.csv")
            .value();
    CHECK(deck.terms().size() == 2);
    CHECK(deck.scopes().size() == 1);
    CHECK(deck.destinations().size() == 2);
    CHECK(deck.row(2).destination == "UK");
    CHECK(deck.row(1).terms.minimum == 60);
}

TEST_CASE("thousands of different terms and names are told apart") {
    std::string csv = "prefix,destination,rate,minimum,increment,effective\n";
    for (int i = 0; i < 5000; ++i)
        csv += fmt::format("{},name {},0.{},{},{},2026-01-{:02}\n", 100000 + i, i % 3000, i + 1, i % 1700,
                           1 + i % 7, 1 + i % 28);
    auto all = rows(csv);
    REQUIRE(all.size() == 5000);
    for (int i = 0; i < 5000; ++i) {
        const auto& row = all[static_cast<std::size_t>(i)];
        CHECK(row.destination == fmt::format("name {}", i % 3000));
        CHECK(row.terms.minimum == i % 1700);
        CHECK(row.terms.increment == 1 + i % 7);
        CHECK(rfc3339(*row.scope.effective, 0) == fmt::format("2026-01-{:02}T00:00:00Z", 1 + i % 28));
    }
}

TEST_CASE("quoted cells say what bare ones say") {
    auto bare =
        rows("prefix,destination,rate,minimum,increment\n44,UK,0.01,60,1\n45,DK,0.02,60,6\n46,SE,1,30,6\n");
    auto quoted = rows(
        "\"prefix\",\"destination\",\"rate\",\"minimum\",\"increment\"\n"
        "\"44\",\"UK\",\"0.01\",\"60\",1\n45,\"DK\",\"0.02\",60,\"6\"\n\"46\",\"SE\",1,30,6\n");
    CHECK(bare == quoted);
}

TEST_CASE("what a part of a deck cannot tell is told of the whole") {
    std::string many;
    for (int i = 0; i < 50; ++i) many += fmt::format("44{};UK;0.01;01/02/2026\n", 100 + i);
    auto header = std::string("prefix;destination;rate;effective\n");
    // One order of dates and one decimal mark throughout.
    CHECK(problem(header + many).starts_with("d.csv:2:"));
    auto dated = rows(header + many + "4488;UK;0.5;31/01/2026\n");
    CHECK(rfc3339(*dated.front().scope.effective, 0) == "2026-02-01T00:00:00Z");
    CHECK(dated.back().line == 52);
    CHECK(problem(header + many + "4488;UK;0,5;31/01/2026\n").starts_with("d.csv:52:"));
    // The parts that disagree are none of them the first.
    CHECK(problem("prefix;rate\n44;1\n45;0.5\n46;0,7\n").starts_with("d.csv:4:4: amount '0,7' has a decimal ','"));
    CHECK(problem("prefix;rate;account id\n ;;\n ;;\n ;;\n45;0.5;A1\n46;0.7;B2\n").starts_with("d.csv:6:8:"));
    // The first row has no titles above it.
    ReadOptions numbered{.map = {{"prefix", "1"}, {"destination", "2"}, {"rate", "3"}}};
    CHECK(rows("\"44\",\"a\nb\",1\n45,c,2\n46,\"d\n\ne\",3\n47,f,4\n", numbered).back().line == 7);
}

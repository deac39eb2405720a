#include "deck_read.h"

using namespace deck_read;

TEST_CASE("First Interval, Sub Interval, Status, Start Date") {
    auto all = rows(
        "Destination,Prefix,First Interval,Sub Interval,Rate,Status,Start Date,End Date\n"
        "UK,44,60,30,0.01,Increase,2026-01-01,\nUK Premium,449,1,1,,Blocked,2026-01-01,2027-01-01\n");
    REQUIRE(all.size() == 2);
    CHECK(price(all[0]) == "0.01/60/30 EUR");
    CHECK_FALSE(all[0].terms.blocked);
    CHECK(all[1].terms.blocked);
    CHECK(all[1].scope.end.has_value());
}

TEST_CASE("ASTPP: what is sent and who goes first is not in the price") {
    auto all = rows(
        "Code,Prepend,Destination,Connect Cost,Included Seconds,Per Minute Cost,Increment,Precedence,Strip\n"
        "44,999,UK,0.02,10,0.5,60,3,0\n");
    CHECK(price(all.at(0)) == "0.5/0/60 EUR");
    CHECK(all[0].terms.connect_fee.text() == "0.02");
    CHECK(all[0].terms.free_seconds == 10);
    CHECK(price(rows("Code,Destination,Connection Cost,Grace Time,Cost/Min,Initial Increment,Increment\n"
                     "44,UK,0,5,0.5,30,6\n")
                    .at(0)) == "0.5/30/6 EUR");
}

TEST_CASE("DNL: a time profile would change the price") {
    std::string_view title =
        "code,rate,setup_fee,effective_date,end_date,min_time,grace_time,interval,time_profile_id\n";
    auto all = rows(std::string(title) + "44,0.5,0.1,2026-01-01 00:00:00,,30,3,6,\n45,1,,,,1,,1,0\n");
    CHECK(price(all.at(0)) == "0.5/30/6 EUR");
    CHECK(all[0].terms.grace == 3);
    CHECK(all[0].terms.connect_fee.text() == "0.1");
    CHECK(problem(std::string(title) + "44,0.5,,,,1,,1,7\n") ==
          "d.csv:2:16: time profile id '7' may change the price; "
          "say with --map what it is, or 'time profile id=-' to leave it out");
    auto mapped =
        rows(std::string(title) + "44,0.5,,,,1,,1,7\n", {.map = {{"time class", "time_profile_id"}}});
    CHECK(mapped.at(0).scope.time_class == "7");
}

TEST_CASE("46labs: one record is a row for each jurisdiction that has a rate") {
    std::string_view deck =
        "code,duration,increment,interrate,intrarate,ijrate,effective_date\n"
        "1212555,6,6,0.007,0.008,,8/16/2026\n1212556,6,6,0.007,blocked,0.009,8/16/2026\n";
    auto all = rows(deck);
    REQUIRE(all.size() == 5);
    CHECK(all[0].scope.jurisdiction == Jurisdiction::interstate);
    CHECK(price(all[0]) == "0.007/6/6 EUR");
    CHECK(all[1].scope.jurisdiction == Jurisdiction::intrastate);
    CHECK(price(all[1]) == "0.008/6/6 EUR");
    CHECK(all[3].scope.jurisdiction == Jurisdiction::intrastate);
    CHECK(all[3].terms.blocked);
    CHECK_FALSE(all[2].terms.blocked);
    CHECK(all[4].scope.jurisdiction == Jurisdiction::indeterminate);
    CHECK(all[4].line == 3);
    CHECK(rfc3339(all[4].scope.effective.value(), 0) == "2026-08-16T00:00:00Z");
    CHECK(problem("code,interrate,intrarate\n1212,,\n").starts_with("d.csv:2:6: amount '' is not"));
    SUBCASE("rates may be for an increment") {
        CHECK(rows(deck, {.map = {{"per", "increment"}}})[0].rate.text() == "0.07");
        CHECK(problem("code,rate,minimum,increment\n44,1,30,6\n", {.map = {{"per", "increment"}}})
                  .starts_with("d.csv:2:4: rate per increment where the first is another"));
        CHECK(rows("code,rate\n44,0.001\n", {.map = {{"per", "second"}}})[0].rate.text() == "0.06");
        CHECK(problem("code,rate\n44,0.001\n", {.map = {{"per", "7"}}}).find("is no decimal a minute") !=
              std::string::npos);
        CHECK(problem("code,rate\n44,0.001\n", {.map = {{"per", "hour"}}})
                  .starts_with("map 'per=hour' is not"));
    }
}

TEST_CASE("a jurisdiction may have its own column") {
    auto all = rows("prefix,rate,jurisdiction\n1212,1,Inter\n1212,2,intrastate\n1212,3,ij\n1212,4,\n");
    CHECK(all.at(0).scope.jurisdiction == Jurisdiction::interstate);
    CHECK(all.at(1).scope.jurisdiction == Jurisdiction::intrastate);
    CHECK(all.at(2).scope.jurisdiction == Jurisdiction::indeterminate);
    CHECK(all.at(3).scope.jurisdiction == Jurisdiction::any);
    CHECK(problem("prefix,rate,jurisdiction\n1212,1,near\n").starts_with("d.csv:2:8: jurisdiction 'near'"));
    CHECK(problem("prefix,interrate,jurisdiction\n").starts_with("d.csv:1:18: column 'jurisdiction' beside"));
}

TEST_CASE("Kazoo: rate_cost, rate_surcharge, rate_nocharge_time") {
    auto all = rows(
        "prefix,iso_country_code,description,rate_name,rate_cost,rate_increment,rate_minimum,rate_surcharge,"
        "rate_nocharge_time,direction,weight\n44,GB,UK,GB-44,0.01,6,60,0.02,5,outbound,30\n");
    CHECK(price(all.at(0)) == "0.01/60/6 EUR");
    CHECK(all[0].terms.connect_fee.text() == "0.02");
    CHECK(all[0].terms.grace == 5);
    CHECK(all[0].destination == "UK");
    CHECK(problem("prefix,rate_cost,direction\n44,1,inbound\n").find("direction 'inbound' may change") !=
          std::string::npos);
    CHECK(problem("prefix,rate_cost,internal_rate_cost\n44,1,0.5\n")
              .find("internal rate cost '0.5' may change") != std::string::npos);
}

TEST_CASE("Freeside: a country code and the list of what follows it") {
    CHECK(prefixes("Country,Country Code,Area Codes,Rate\nUK,44,\"20, "
                   "121\",1\nItaly,+39,066[1-3],1\nMalta,356,,1\n") == "4420 44121 390661 390662 390663 356");
    CHECK(rows("Country,CC,Area Code,Rate\nUK,0044,20,1\n").at(0).destination == "UK");
    CHECK(problem("country code,area codes,rate\n,20,1\n").starts_with("d.csv:2:1: prefix '' is empty"));
    CHECK(problem("country code,area codes,rate\n44,20 121,1\n").find("has blanks between digits") !=
          std::string::npos);
    CHECK(problem("area codes,rate\n20,1\n").starts_with("d.csv:1:1: no column 'country code'"));
    SUBCASE("beside whole prefixes the country code is checked") {
        CHECK(prefixes("country code,prefix,rate\n44,4420,1\n,33,1\n") == "4420 33");
        CHECK(problem("country code,prefix,rate\n44,20,1\n")
                  .starts_with("d.csv:2:4: prefix '20' does not begin with its country code '44'"));
    }
    CHECK(prefixes("country code,rate\n44,1\n") == "44");
}

TEST_CASE("a file of several carriers is not one deck") {
    CHECK(prefixes("prefix,rate,carrier\n44,1,alpha\n45,1,alpha\n") == "44 45");
    CHECK(problem("prefix,rate,carrier\n44,1,alpha\n45,1,beta\n")
              .starts_with("d.csv:3:6: carrier 'beta' is not 'alpha' as in the first row"));
}

TEST_CASE("titles with units, in any case and spacing") {
    auto all = rows(
        "Dial-Code;DESTINATION NAME;Rate (USD/min);Billing  Increment (sec);Effective_Date (UTC)\n"
        "44;UK;0,01;30/6;2026-01-01\n");
    CHECK(price(all.at(0)) == "0.01/30/6 USD");
    CHECK(price(rows("prefix,rate (€)\n44,1\n").at(0)) == "1/0/1 EUR");
    CHECK(problem("prefix,rate (net)\n44,1\n").starts_with("d.csv:1:8: column 'rate (net)' is not known"));
    CHECK(problem("prefix,rate (USD),setup (GBP)\n44,1,1\n")
              .starts_with("d.csv:1:19: titles name two currencies"));
}

TEST_CASE("the header may stand below a few lines, and the fields be parted in any way") {
    auto all = rows("Example Carrier\nValid from 2026\n\nprefix|rate\n44|0.01\n");
    CHECK(all.at(0).prefix.text() == "44");
    CHECK(all[0].line == 5);
    CHECK(prefixes("sep=;\nprefix;rate\n44;0,01\n") == "44");
    CHECK(prefixes("prefix\trate\n44\t0,01\n") == "44");
    CHECK(rows("prefix\trate\n44\t0,01\n").at(0).rate.text() == "0.01");
}

TEST_CASE("the map says what a header does not") {
    ReadOptions options{.map = {{"prefix", "Ziel"}, {"rate", "3"}, {"Farbe", "-"}}};
    CHECK(prefixes("Ziel,Farbe,Preis\n44,rot,1\n", options) == "44");
    CHECK(rows("Ziel,Farbe,Preis\n44,rot,1\n", options).at(0).rate.text() == "1");
    CHECK(prefixes("Pr\xe4"
                   "fix,rate\n44,1\n",
                   {.map = {{"prefix", "Präfix"}}}) == "44");
    SUBCASE("a column that is known can be left out, or mean something else") {
        CHECK(rows("prefix,rate,increment\n44,1,60\n", {.map = {{"increment", ""}}}).at(0).terms.increment ==
              1);
        CHECK(rows("prefix,rate,increment\n44,1,60\n", {.map = {{"minimum", "increment"}}})
                  .at(0)
                  .terms.minimum == 60);
        CHECK(rows("prefix,rate,new rate\n44,1,2\n", {.map = {{"rate", "-"}}}).at(0).rate.text() == "2");
    }
    SUBCASE("a deck without a header has numbers for all of its columns") {
        ReadOptions numbers{.map = {{"prefix", "1"}, {"destination", "2"}, {"rate", "3"}}};
        CHECK(prefixes("44,UK,1\n45,DK,2\n", numbers) == "44 45");
        CHECK(prefixes("+44,UK,1\n45,DK,2\n", numbers) == "44 45");
        CHECK(rows("44,UK,1\n", numbers).at(0).line == 1);
        CHECK(prefixes("Kode,Land,Takst\n45,DK,2\n", numbers) == "45");
        CHECK(problem("44,UK,1,x\n", numbers)
                  .starts_with("d.csv:1:9: column 4 of a deck without a header is not map"));
        numbers.map["4"] = "-";
        CHECK(prefixes("44,UK,1,x\n", numbers) == "44");
    }
    SUBCASE("what it cannot mean is an error") {
        CHECK(problem("prefix,rate\n", {.map = {{"colour", "rate"}}}) ==
              "map 'colour=rate' names no column of ours; write e.g. 'prefix=Code', or 'Code=-' to leave a "
              "column out");
        CHECK(problem("prefix,rate\n", {.map = {{"rate", "cost"}}})
                  .starts_with("d.csv:1:1: deck has no column 'cost'"));
        CHECK(problem("prefix,rate\n", {.map = {{"rate", "3"}}})
                  .starts_with("d.csv:1:1: deck has no column '3'"));
        CHECK(problem("prefix,rate\n", {.map = {{"rate", "2"}, {"minimum", "2"}}}).find("mapped twice") !=
              std::string::npos);
    }
}

TEST_CASE("rows that name no currency are in the one of the options") {
    ReadOptions options{.currency = Currency::parse("GBP").value()};
    CHECK(price(rows("prefix,rate\n44,1\n", options).at(0)) == "1/0/1 GBP");
    CHECK(price(rows("prefix,rate,currency\n44,1,usd\n", options).at(0)) == "1/0/1 USD");
    CHECK(price(rows("prefix,rate (CHF)\n44,1\n", options).at(0)) == "1/0/1 CHF");
}

TEST_CASE("Latin-1 names become UTF-8, UTF-8 names stay") {
    auto all = rows(
        "prefix,destination,rate\n225,C\xf4te d'Ivoire,1\n34,España,1\n49,a \x80 b,1\n507,Panam\xe0,1\n");
    CHECK(all.at(0).destination == "Côte d'Ivoire");
    CHECK(all.at(1).destination == "España");
    CHECK(all.at(2).destination == "a € b");
    CHECK(all.at(3).destination == "Panamà");
    CHECK(rows("prefix,destination,rate\n507,Panamà,1\n").at(0).destination == "Panamà");
}

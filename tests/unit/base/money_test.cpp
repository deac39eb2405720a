#include "base/money.h"

#include <doctest/doctest.h>

using namespace trunkbox;

namespace {
Money money(std::string_view text) {
    return Money::parse(text).value();
}
}  // namespace

TEST_CASE("money is read and printed exactly") {
    CHECK(money("0.0123").units() == 12'300'000'000);
    CHECK(money("0.0123").text() == "0.0123");
    CHECK(money("12").text() == "12");
    CHECK(money("12.50").text() == "12.5");
    CHECK(money(".5").text() == "0.5");
    CHECK(money("5.").text() == "5");
    CHECK(money("0").text() == "0");
    CHECK(money("0.000000000001").units() == 1);
    CHECK(money("1.0000000000000000000000000") == money("1"));
    CHECK(money("9223372.036854775807").units() == 9223372036854775807);
    CHECK(Money::parse("0,0123", ',').value() == money("0.0123"));
}

TEST_CASE("what is no decimal amount is an error that says why") {
    CHECK(Money::parse("-1").error().what == "amount '-1' is negative");
    for (auto text : {"", ".", " 1", "1 ", "+1", "1e3", "4.47E+11", "1,5", "1.2.3", "abc", "0x10", "NaN",
                      "inf", "1'000"}) {
        CAPTURE(text);
        CHECK(Money::parse(text).error().what.find("is not a decimal number") != std::string::npos);
    }
    CHECK(Money::parse("0.0000000000001").error().what.find("more than 12 decimals") != std::string::npos);
    CHECK(Money::parse("9223372.036854775808").error().what.find("too large") != std::string::npos);
    CHECK_FALSE(Money::parse(std::string(100000, '9')));
}

TEST_CASE("a rate a minute times seconds loses nothing") {
    CHECK(Cost::per_minute(money("0.1"), 180) == Cost(money("0.3")));
    auto second = Cost::per_minute(money("0.01"), 1);  // 0.000166666…
    CHECK(second.text() == "0.000167");
    CHECK(second.text(12) == "0.000166666667");
    Cost sum;
    for (int i = 0; i < 60; ++i) sum = sum + second;
    CHECK(sum == Cost(money("0.01")));
    CHECK(Cost::per_minute(money("0.01"), -5) == Cost{});
    // One part in 60 · 10^12 decides.
    CHECK(Cost::per_minute(money("0.000000000001"), 1) > Cost{});
    CHECK(Cost::per_minute(money("0.000000000001"), 1).text(12) == "0.000000000000");
    auto most = Cost::per_minute(money("9223372.036854775807"), 9223372036854775807);
    CHECK(most > Cost::per_minute(money("9223372.036854775807"), 9223372036854775806));
    CHECK(most.text(0).size() == 25);
}

TEST_CASE("rounding happens at print, half away from zero") {
    CHECK(Cost(money("0.0000005")).text() == "0.000001");
    CHECK(Cost(money("0.0000004999")).text() == "0.000000");
    CHECK(Cost(money("1.5")).text(0) == "2");
    CHECK(Cost(money("0.4")).text(0) == "0");
    CHECK((Cost(money("1")) - Cost(money("1.25"))).text(2) == "-0.25");
    CHECK((Cost{} - Cost(money("0.0000001"))).text() == "0.000000");
    CHECK(Cost(money("12345")).text(2) == "12345.00");
}

TEST_CASE("a currency is three letters") {
    CHECK(Currency{}.text() == "EUR");
    CHECK(Currency::parse("usd").value().text() == "USD");
    for (auto text : {"", "EU", "EURO", "E1R", "€", "E R"}) CHECK_FALSE(Currency::parse(text));
}

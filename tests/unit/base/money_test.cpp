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
    // A call is at most 10^7 seconds long.
    auto most = Cost::per_minute(money("9223372.036854775807"), 9223372036854775807);
    CHECK(most == Cost::per_minute(money("9223372.036854775807"), 10'000'000));
    CHECK(most > Cost::per_minute(money("9223372.036854775807"), 9'999'999));
    CHECK(most.text(0) == "1537228672809");
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

TEST_CASE("exchange is exact, and what is too large stays at the limit") {
    auto cost = Cost::per_minute(money("0.01"), 61);
    CHECK(cost.exchanged(money("1")) == cost);
    CHECK(cost.exchanged(money("0.913")).text(12) == "0.009282166667");
    CHECK(cost.exchanged(money("0.5")) + cost.exchanged(money("0.5")) == cost);
    CHECK(cost.exchanged(money("0.913")).times(3) ==
          cost.exchanged(money("0.913")) + cost.exchanged(money("0.913")) + cost.exchanged(money("0.913")));
    auto huge = Cost::per_minute(money("9223372.036854775807"), 10'000'000);
    CHECK(huge.exchanged(money("9223372.036854775807")) > huge);
    CHECK(huge.exchanged(money("9223372.036854775807")) == huge.exchanged(money("9223371")));
}

TEST_CASE("the ways to round") {
    using enum Cost::Round;
    auto text = [](std::string_view amount, Cost::Round round) { return Cost(money(amount)).text(2, round); };
    CHECK(text("0.125", half_up) == "0.13");
    CHECK(text("0.125", half_even) == "0.12");
    CHECK(text("0.135", half_even) == "0.14");
    CHECK(text("0.121", up) == "0.13");
    CHECK(text("0.12", up) == "0.12");
    CHECK(text("0.129", down) == "0.12");
    CHECK(Cost(money("1")).text(4, half_up, 3) == "0.3333");
    CHECK(Cost(money("2")).text(0, half_even, 4) == "0");
}

TEST_CASE("shares and floors") {
    CHECK(Cost(money("0.1")).is_share(money("0.1"), Cost(money("1"))));
    CHECK_FALSE(Cost(money("0.099999999999")).is_share(money("0.1"), Cost(money("1"))));
    CHECK((Cost(money("1")) - Cost(money("2"))).is_share(money("0"), Cost(money("1"))) == false);
    CHECK(Cost{}.is_share(money("0"), Cost(money("1"))));
    CHECK(Cost(money("0.0123459")).floor(6) == money("0.012345"));
    CHECK((Cost(money("1")) - Cost(money("2"))).floor(6) == Money{});
    CHECK(money("0.0120").decimals_used() == 3);
    CHECK(money("7").decimals_used() == 0);
    CHECK(money("0.000000000001").decimals_used() == 12);
}

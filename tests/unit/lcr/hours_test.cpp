#include "lcr/hours.h"

#include <doctest/doctest.h>

using namespace trunkbox;
using namespace trunkbox::lcr;

namespace {

Settings office_hours() {
    Settings settings;
    settings.time_classes["peak"] = {{.days = 0b0011111, .from_minute = 480, .to_minute = 1200}};
    settings.time_classes["off"] = {{.days = 0b0011111, .from_minute = 1200, .to_minute = 480},
                                    {.days = 0b1100000}};
    return settings;
}

std::vector<std::int64_t> changes(std::string_view zone, std::string_view start, std::int64_t seconds) {
    return class_changes(office_hours(), zone, parse_rfc3339(start).value(), seconds);
}

Money money(std::string_view text) {
    return Money::parse(text).value();
}

}  // namespace

TEST_CASE("time classes change on the clock of the zone, summer and winter") {
    using Seconds = std::vector<std::int64_t>;
    CHECK(changes("UTC", "2026-01-06T19:59:00Z", 180) == Seconds{60});
    CHECK(changes("Europe/Paris", "2026-01-06T18:59:30Z", 180) == Seconds{30});
    CHECK(changes("Europe/Paris", "2026-07-07T17:59:30Z", 180) == Seconds{30});
    CHECK(changes("UTC", "2026-01-06T19:59:00Z", 60).empty());
    CHECK(changes("UTC", "2026-01-06T20:00:00Z", 180).empty());
    // From Friday evening on; no class has the small hours of Monday.
    CHECK(changes("UTC", "2026-01-09T19:00:00Z", 200'000) == (Seconds{3600, 190'800}));
    CHECK(changes("UTC", "2026-01-06T07:00:00Z", 86'400) == (Seconds{3600, 46'800}));
    CHECK(class_changes({}, "UTC", parse_rfc3339("2026-01-06T19:59:00Z").value(), 1'000'000).empty());
}

TEST_CASE("a change to summer time moves the change of class with the clock") {
    auto settings = office_hours();
    settings.time_classes = {{"night", {{.days = 0b1111111, .from_minute = 0, .to_minute = 180}}}};
    // 2026-03-29: Paris goes from 02:00 to 03:00 at 01:00 UTC.
    auto start = parse_rfc3339("2026-03-29T00:00:00Z").value();
    CHECK(class_changes(settings, "Europe/Paris", start, 7200) == std::vector<std::int64_t>{3600});
}

TEST_CASE("what takes over bills from then on, the minimum as it began") {
    Terms terms{.connect_fee = money("0.02"), .minimum = 30, .increment = 6};
    Later cheap{.from = 60, .rate = money("0.01"), .terms = {.connect_fee = money("9"), .minimum = 60}};
    auto woven = continued(terms, std::vector{cheap});
    CHECK(bill(money("0.06"), woven, 60s).cost == Cost(money("0.08")));
    CHECK(bill(money("0.06"), woven, 180s).cost == Cost(money("0.10")));
    cheap.from = 10;  // within the minimum
    woven = continued(terms, std::vector{cheap});
    CHECK(bill(money("0.06"), woven, 20s).cost == Cost(money("0.05")));
    CHECK(bill(money("0.06"), woven, 90s).cost == Cost(money("0.06")));
}

TEST_CASE("of tiers, each row's own count while it bills") {
    Terms terms{.tiers = {{.from = 30, .rate = money("0.03")}, {.from = 90, .rate = money("0.001")}}};
    Later later{.from = 60, .rate = money("0.5"),
                .terms = {.tiers = {{.from = 45, .rate = money("0.02")}, {.from = 120, .rate = money("0.01")}}}};
    auto woven = continued(terms, std::vector{later});
    REQUIRE(woven.tiers.size() == 3);
    CHECK(woven.tiers[0] == Tier{.from = 30, .rate = money("0.03")});
    CHECK(woven.tiers[1] == Tier{.from = 60, .rate = money("0.02")});
    CHECK(woven.tiers[2] == Tier{.from = 120, .rate = money("0.01")});
}

#include <doctest/doctest.h>

#include "base/time.h"

using namespace trunkbox;

TEST_CASE("times are written with as many decimals as asked") {
    Time time{Duration(1'795'341'600'123'456'789)};
    CHECK(rfc3339(time) == "2026-11-22T10:00:00.123456Z");
    CHECK(rfc3339(time, 9) == "2026-11-22T10:00:00.123456789Z");
    CHECK(rfc3339(time, 0) == "2026-11-22T10:00:00Z");
    CHECK(rfc3339(Time::min()) == rfc3339(Time::min() + std::chrono::days(1)));
    CHECK(rfc3339(Time::max(), 0) == "2262-04-11T23:47:16Z");
    CHECK(rfc3339(Time{}) == "1970-01-01T00:00:00.000000Z");
    CHECK(rfc3339(Time{Duration(-1)}, 9) == "1969-12-31T23:59:59.999999999Z");
}

TEST_CASE("times are read with offsets and fractions") {
    auto time = *parse_rfc3339("2026-11-22T10:00:00Z");
    CHECK(parse_rfc3339("2026-11-22t10:00:00z") == time);
    CHECK(parse_rfc3339("2026-11-22 11:00:00+01:00") == time);
    CHECK(parse_rfc3339("2026-11-22T04:30:00-05:30") == time);
    CHECK(parse_rfc3339("2026-11-22T10:00:00.5Z") == time + 500ms);
    CHECK(parse_rfc3339("2026-11-22T10:00:00.1234567891Z") == time + 123'456'789ns);
    CHECK(parse_rfc3339("2024-02-29T00:00:00Z"));
    CHECK(parse_rfc3339("2016-12-31T23:59:60Z"));  // a leap second
    CHECK(rfc3339(*parse_rfc3339("2261-12-31T23:59:59.999999999Z"), 9) == "2261-12-31T23:59:59.999999999Z");
}

TEST_CASE("what is no time is refused") {
    for (std::string_view bad :
         {"", "2026", "2026-11-22", "2026-11-22T10:00:00", "2026-11-22T10:00:00.Z", "2026-11-22T24:00:00Z",
          "2026-11-22T10:60:00Z", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2025-02-29T00:00:00Z",
          "2026-11-22T10:00:00+1:00", "2026-11-22T10:00:00+24:00", "2026-11-22T10:00:00Zx", "1969-12-31T23:59:59Z",
          "2262-01-01T00:00:00Z", "99999-01-01T00:00:00Z", "-026-11-22T10:00:00Z", "2026-11-22T10:00:00+01:0"}) {
        INFO(bad);
        auto time = parse_rfc3339(bad);
        REQUIRE_FALSE(time);
        CHECK(time.error().fault == Fault::input);
    }
}

TEST_CASE("durations") {
    CHECK(parse_duration("2") == Duration(2s));
    CHECK(parse_duration("2.5") == Duration(2500ms));
    CHECK(parse_duration("500ms") == Duration(500ms));
    CHECK(parse_duration("20s") == Duration(20s));
    CHECK(parse_duration("3m") == Duration(3min));
    CHECK(parse_duration("1h") == Duration(1h));
    CHECK(parse_duration("1d") == Duration(24h));
    CHECK(parse_duration("0") == Duration(0s));
}

TEST_CASE("what is no duration is refused") {
    for (std::string_view bad : {"", "s", "-1", "+1", "1 s", "1S", "1w", "1e3", "inf", "nan", "1..2", ".", "1s1",
                                 "99999999999d", "1e400"}) {
        INFO(bad);
        auto duration = parse_duration(bad);
        REQUIRE_FALSE(duration);
        CHECK(duration.error().fault == Fault::usage);
    }
    CHECK_FALSE(parse_duration(std::string(100'000, '9')));
}

TEST_CASE("seconds to durations and back") {
    CHECK(seconds(1500ms) == 1.5);
    CHECK(from_seconds(0.25) == Duration(250ms));
}

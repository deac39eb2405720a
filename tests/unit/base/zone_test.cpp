#include "base/zone.h"

#include <doctest/doctest.h>

using namespace trunkbox;

namespace {

Time at(std::string_view text) {
    return parse_rfc3339(text).value();
}

}  // namespace

TEST_CASE("the wall clock goes with summer and winter") {
    auto winter = wall_clock(at("2026-01-05T07:00:00Z"), "Europe/Paris").value();
    CHECK(winter.weekday == 0);
    CHECK(winter.minute == 8 * 60);
    CHECK(wall_clock(at("2026-07-06T07:00:00Z"), "Europe/Paris").value().minute == 9 * 60);
    // The hour that is skipped in spring, and the one that comes twice in autumn.
    CHECK(wall_clock(at("2026-03-29T00:59:59Z"), "Europe/Paris").value().minute == 1 * 60 + 59);
    CHECK(wall_clock(at("2026-03-29T01:00:00Z"), "Europe/Paris").value().minute == 3 * 60);
    CHECK(wall_clock(at("2026-10-25T00:30:00Z"), "Europe/Paris").value().minute == 2 * 60 + 30);
    CHECK(wall_clock(at("2026-10-25T01:30:00Z"), "Europe/Paris").value().minute == 2 * 60 + 30);
    auto before = wall_clock(at("2026-01-05T02:00:00Z"), "America/New_York").value();
    CHECK(before.weekday == 6);
    CHECK(before.minute == 21 * 60);
    CHECK(wall_clock(Time{} - 1s, "UTC").value().minute == 1439);
}

TEST_CASE("what is no zone is an error") {
    CHECK(check_zone("Europe/Paris").has_value());
    CHECK(check_zone("Europe/Nowhere").error().what == "'Europe/Nowhere' is not a time zone");
    CHECK_FALSE(check_zone(""));
    CHECK_FALSE(check_zone("../../etc/passwd"));
    CHECK_FALSE(check_zone(std::string(100000, 'x')));
    CHECK_FALSE(wall_clock(at("2026-01-05T07:00:00Z"), "Mars/Base"));
}

TEST_CASE("times on the wall are written with their offset") {
    CHECK(rfc3339_in(at("2026-07-01T08:00:00Z"), "Europe/Paris") == "2026-07-01T10:00:00+02:00");
    CHECK(rfc3339_in(at("2026-01-01T08:00:00Z"), "America/St_Johns") == "2026-01-01T04:30:00-03:30");
    CHECK(rfc3339_in(at("2026-01-01T08:00:00Z"), "Nowhere") == "2026-01-01T08:00:00Z");
}

TEST_CASE("a time on the wall is a moment: the earlier of two, or the one at which it is skipped") {
    const auto moment = [](std::string_view wall, std::string_view zone) {
        return rfc3339(from_wall_clock(at(wall), zone).value(), 3);
    };
    CHECK(moment("2026-07-01T10:00:00.250Z", "Europe/Paris") == "2026-07-01T08:00:00.250Z");
    CHECK(moment("2026-10-25T02:30:00Z", "Europe/Paris") == "2026-10-25T00:30:00.000Z");
    CHECK(moment("2026-03-29T02:30:00Z", "Europe/Paris") == "2026-03-29T01:00:00.000Z");
    CHECK(moment("2026-01-01T04:30:00Z", "America/St_Johns") == "2026-01-01T08:00:00.000Z");
    CHECK_FALSE(from_wall_clock(at("2026-07-01T10:00:00Z"), "Nowhere"));
}

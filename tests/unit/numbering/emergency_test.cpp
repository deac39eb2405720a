#include "numbering/emergency.h"

#include <doctest/doctest.h>

#include <string>

using namespace trunkbox::numbering;

TEST_CASE("emergency numbers are known by their region, and by how they begin") {
    for (const char* digits : {"112", "15", "17", "18"}) CHECK(is_emergency(digits, "FR"));
    CHECK(is_emergency("999", "GB"));
    CHECK_FALSE(is_emergency("999", "FR"));
    CHECK_FALSE(is_emergency("1", "FR"));
    for (const char* digits : {"1", "11", "112", "15"}) CHECK(begins_emergency(digits, "FR"));
    for (const char* digits : {"214", "2", "1500", "9"}) CHECK_FALSE(begins_emergency(digits, "FR"));
    CHECK(begins_emergency("9", "GB"));
}

TEST_CASE("what is no number, and no region, has none") {
    for (const std::string digits : {"", "*", "11a", "1 12", "99999999999999999999"}) {
        CHECK_FALSE(is_emergency(digits, "FR"));
        CHECK_FALSE(begins_emergency(digits, "FR"));
    }
    CHECK_FALSE(is_emergency("112", ""));
    CHECK_FALSE(is_emergency("112", "XX"));
}

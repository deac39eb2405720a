#include "numbering/country_codes.h"

#include <algorithm>

#include <doctest/doctest.h>

using namespace trunkbox::numbering;

namespace {

std::optional<bool> belongs_to_named_country(std::string_view name, std::string_view digits) {
    const auto* country = named_country(name);
    return country == nullptr ? std::nullopt : belongs_to(*country, digits);
}

}  // namespace

TEST_CASE("countries stand in order, each once") {
    CHECK(std::ranges::is_sorted(countries(), std::ranges::less_equal{}, &Country::digits));
    CHECK(countries().front().digits == "1");
}

TEST_CASE("the country code that digits begin with") {
    CHECK(country_code("442079460123") == "44");
    CHECK(country_code("1242") == "1");
    CHECK(country_code("7612") == "7");
    CHECK(country_code("3906698") == "39");
    CHECK(country_code("88216") == "882");
    CHECK_FALSE(country_code("4"));
    CHECK_FALSE(country_code("42"));
    CHECK_FALSE(country_code("210"));
    CHECK_FALSE(country_code(""));
}

TEST_CASE("prefixes that a number can begin with") {
    for (auto digits : {"1", "4", "42", "420", "44", "4420", "21", "97"}) CHECK(is_assigned(Prefix::parse(digits).value()));
    for (auto digits : {"210", "999", "424", "28", "83"}) CHECK_FALSE(is_assigned(Prefix::parse(digits).value()));
}

TEST_CASE("a country's name and its digits") {
    CHECK(belongs_to_named_country("United Kingdom - London", "4420") == true);
    CHECK(belongs_to_named_country("UK Mobile", "447") == true);
    CHECK(belongs_to_named_country("united kingdom", "33") == false);
    CHECK(belongs_to_named_country("Bahamas", "1") == true);  // the family of its prefix
    CHECK(belongs_to_named_country("Niger", "234") == false);
    CHECK(belongs_to_named_country("Nigeria Mobile", "23480") == true);
    CHECK(belongs_to_named_country("Kazakhstan", "77") == true);
    CHECK_FALSE(belongs_to_named_country("Ukulele", "44"));
    CHECK_FALSE(belongs_to_named_country("", "44"));
    CHECK_FALSE(belongs_to_named_country("Jordan", "1315555"));  // a town of one exchange
}

TEST_CASE("premium ranges are prefixes of assigned country codes") {
    for (const auto& range : premium_ranges()) {
        CHECK_MESSAGE(country_code(range.digits), range.digits);
        CHECK_FALSE(range.what.empty());
    }
}

TEST_CASE("lengths of national plans") {
    CHECK(longest_number("1") == 11);
    CHECK(longest_number("44") == 15);
}

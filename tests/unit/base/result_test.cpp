#include <doctest/doctest.h>

#include "base/result.h"

using namespace trunkbox;

TEST_CASE("an error is one line: where, what, how to fix") {
    CHECK(Error{Fault::input, "routes.csv:14:6", "prefix '1415x' is not digits", "write e.g. '1415'"}.text() ==
          "routes.csv:14:6: prefix '1415x' is not digits; write e.g. '1415'");
    CHECK(Error{Fault::input, "", "what", ""}.text() == "what");
    CHECK(Error{Fault::input, "where", "what", ""}.text() == "where: what");
    CHECK(Error{Fault::input, "", "what", "fix"}.text() == "what; fix");
}

TEST_CASE("an outer place goes in front") {
    Error error{Fault::system, "3:5", "what", "fix"};
    CHECK(at("acme.json", error).text() == "acme.json:3:5: what; fix");
    CHECK(at("acme.json", error).fault == Fault::system);
    CHECK(at("acme.json", Error{Fault::input, "", "what", ""}).text() == "acme.json: what");
}

TEST_CASE("failure gives a Result's error") {
    Result<int> result = failure(Fault::refused, "", "no");
    REQUIRE_FALSE(result);
    CHECK(result.error() == Error{Fault::refused, "", "no", ""});
}

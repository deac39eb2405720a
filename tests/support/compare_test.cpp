#include "support/compare.h"

#include <doctest/doctest.h>

using transcript::difference;
using transcript::line_matches;

TEST_CASE("a line without wildcard matches itself alone") {
    CHECK(line_matches("", ""));
    CHECK(line_matches("200 OK", "200 OK"));
    CHECK_FALSE(line_matches("200 OK", "200 OK "));
    CHECK_FALSE(line_matches("200 OK", ""));
}

TEST_CASE("dots and the ellipsis stand for any text") {
    CHECK(line_matches("rtt ... ms", "rtt 0.2 ms"));
    CHECK(line_matches("rtt … ms", "rtt 0.2 ms"));
    CHECK(line_matches("...", ""));
    CHECK(line_matches("a...b...c", "a1b2b3c"));
    CHECK(line_matches("a...", "a"));
    CHECK(line_matches("...a", "bca"));
    CHECK_FALSE(line_matches("a...a", "a"));
    CHECK_FALSE(line_matches("a...b...c", "acb"));
    CHECK_FALSE(line_matches("...ok", "not ok?"));
}

TEST_CASE("equal outputs differ in nothing") {
    CHECK(difference({}, {}).empty());
    CHECK(difference({"a", "b"}, {"a", "b"}).empty());
}

TEST_CASE("a line of dots stands for any number of lines") {
    CHECK(difference({"..."}, {}).empty());
    CHECK(difference({"…"}, {"a", "b"}).empty());
    CHECK(difference({"a", "...", "d"}, {"a", "b", "c", "d"}).empty());
    CHECK(difference({"a", "...", "d"}, {"a", "d"}).empty());
    CHECK(difference({"...", "d", "..."}, {"a", "d", "d", "e"}).empty());
    CHECK_FALSE(difference({"a", "...", "d"}, {"a", "b"}).empty());
}

TEST_CASE("the difference shows both sides in order") {
    CHECK(difference({"a", "b", "c"}, {"a", "x", "c"}) ==
          std::vector<std::string>{"  a", "- b", "+ x", "  c"});
    CHECK(difference({"a"}, {}) == std::vector<std::string>{"- a"});
    CHECK(difference({}, {"a"}) == std::vector<std::string>{"+ a"});
}

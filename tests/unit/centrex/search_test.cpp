#include "centrex/search.h"

#include <doctest/doctest.h>

#include <string>

using namespace trunkbox::centrex;

TEST_CASE("a pattern is matched by all digits of a number") {
    struct Case {
        const char *pattern, *number;
        bool matches;
    };
    for (const Case& one : {Case{"+33199000001", "33199000001", true}, Case{"33199000001", "331990000010", false},
                            Case{"*00", "33199000100", true}, Case{"*00", "33199000001", false},
                            Case{"33*00?1", "33199000001", true}, Case{"33*00?1", "33000", false},
                            Case{"*", "1", true}, Case{"?", "12", false}, Case{"*1*1*1*", "33191011", true},
                            Case{"*1*1*1*", "33191022", false}}) {
        CAPTURE(one.pattern);
        auto pattern = NumberPattern::parse(one.pattern);
        REQUIRE(pattern);
        CHECK(pattern->matches(one.number) == one.matches);
    }
    CHECK(NumberPattern::parse("+33199*00").value().beginning() == "33199");
    CHECK(NumberPattern::parse("*00").value().beginning().empty());
}

TEST_CASE("what is no pattern is refused") {
    for (const std::string& text : {std::string(), std::string("+"), std::string("0199x"), std::string("33 199"),
                                   std::string("1234567890123456"), std::string(200, '*'), std::string("++33")})
        CHECK_FALSE(NumberPattern::parse(text));
}

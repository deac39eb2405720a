#include "numbering/ported.h"

#include <doctest/doctest.h>

using namespace trunkbox;
using numbering::E164;
using numbering::PortedNumbers;

namespace {

E164 number(std::string_view text) {
    return E164::parse(text).value();
}

}  // namespace

TEST_CASE("a number that was ported has the routing number of the file") {
    auto ported = PortedNumbers::read("number,lrn\n12125550123,+16465550199\n+12125550101,16465550199\n", "p.csv");
    REQUIRE(ported);
    CHECK(ported->size() == 2);
    CHECK(ported->routing_number(number("+12125550123")) == number("+16465550199"));
    CHECK(ported->routing_number(number("+12125550101")) == number("+16465550199"));
    CHECK_FALSE(ported->routing_number(number("+12125550102")));
}

TEST_CASE("the same line twice is one, an empty file has none") {
    CHECK(PortedNumbers::read("12125550123,16465550199\n12125550123,16465550199\n", "p.csv").value().size() == 1);
    CHECK(PortedNumbers::read("", "p.csv").value().size() == 0);
}

TEST_CASE("what is no number is named with its line") {
    for (auto text : {"12125550123\n", "12125550123,x1\n", ",16465550199\n1,2\n", "number,lrn\nnumber,lrn\n",
                      "12125550123,1646555019912345\n", "\"12125550123,16465550199\n"}) {
        auto ported = PortedNumbers::read(text, "p.csv");
        REQUIRE_FALSE(ported);
        CHECK(ported.error().where.starts_with("p.csv:"));
    }
    auto twice = PortedNumbers::read("12125550123,16465550199\n12125550123,16465550198\n", "p.csv");
    REQUIRE_FALSE(twice);
    CHECK(twice.error().fault == Fault::input);
}

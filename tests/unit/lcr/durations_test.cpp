#include "lcr/durations.h"

#include <doctest/doctest.h>

using namespace trunkbox;
using namespace trunkbox::lcr;

TEST_CASE("a histogram of durations") {
    auto shares = read_durations("\xEF\xBB\xBFSeconds;Calls\r\n30;5\r\n60;0\r\n600;3\r\n", "d.csv").value();
    CHECK(shares == std::vector<DurationShare>{{30, 5}, {600, 3}});
}

TEST_CASE("what is no histogram") {
    auto error = [](std::string_view csv) { return read_durations(csv, "d.csv").error().text(); };
    CHECK(error("") == "d.csv: no durations in it; begin with the header row 'seconds,weight'");
    CHECK(error("seconds,weight\n") == "d.csv: the weights are all 0; count the calls");
    CHECK(error("a,weight\n1,1\n") == "d.csv:1:1: no column 'seconds'; begin with the header row 'seconds,weight'");
    CHECK(error("seconds,weight\n1\n") ==
          "d.csv:2:1: record has another number of fields than the header; give seconds and weight");
    CHECK(error("seconds,weight\n-1,1\n") ==
          "d.csv:2:1: '-1' is not a whole number from 0 to 10000000; write e.g. '60'");
    CHECK(error("seconds,weight\n1,4294967296\n") ==
          "d.csv:2:3: '4294967296' is not a whole number from 0 to 1000000000; write e.g. '60'");
    CHECK(error("seconds,weight\n1,\"2\n") .starts_with("d.csv:2:"));
}

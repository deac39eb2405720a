#include "output/value.h"

#include "output/render.h"

#include <cstdint>
#include <limits>

#include <doctest/doctest.h>

using namespace trunkbox;
using output::Layout;
using output::Record;
using output::Value;

namespace {
std::string compact(const Value& value) {
    return output::to_json(value, Layout::lines);
}
}  // namespace

TEST_CASE("a record keeps the order of its names and holds each once") {
    Record record{{"b", 1}, {"a", true}};
    record.set("c", nullptr).set("b", "again");
    CHECK(compact(Value(record)) == R"({"b":"again","a":true,"c":null})");
    CHECK(record.find("a") != nullptr);
    CHECK(record.find("d") == nullptr);
    CHECK(Record{}.empty());
}

TEST_CASE("every kind of value becomes JSON") {
    CHECK(compact(Value()) == "null");
    CHECK(compact(Value(false)) == "false");
    CHECK(compact(Value(-3)) == "-3");
    CHECK(compact(Value(std::uint16_t{65535})) == "65535");
    CHECK(compact(Value(std::numeric_limits<std::int64_t>::min())) == "-9223372036854775808");
    CHECK(compact(Value("text")) == R"("text")");
    CHECK(compact(Value(std::optional<int>{})) == "null");
    CHECK(compact(Value(std::optional<int>{7})) == "7");
    CHECK(compact(Value(Value::Array{})) == "[]");
    CHECK(compact(Value(Record{})) == "{}");
    CHECK(compact(output::list(std::vector<std::string>{"a", "b"})) == R"(["a","b"])");
}

TEST_CASE("numbers are as short as they can be read back") {
    CHECK(compact(Value(2.0)) == "2");
    CHECK(compact(Value(-0.0)) == "0");
    CHECK(compact(Value(0.1)) == "0.1");
    CHECK(compact(Value(2.5)) == "2.5");
    CHECK(compact(Value(std::numeric_limits<double>::quiet_NaN())) == "null");
    CHECK(compact(Value(std::numeric_limits<double>::infinity())) == "null");
    CHECK(compact(Value(1e300)) == "1e+300");
    CHECK(compact(Value(std::numeric_limits<std::uint64_t>::max())) == "1.8446744073709552e+19");
}

TEST_CASE("seconds are rounded to the microsecond") {
    CHECK(compact(Value::seconds(1500ms)) == "1.5");
    CHECK(compact(Value::seconds(2s)) == "2");
    CHECK(compact(Value::seconds(1234567891ns)) == "1.234568");
    CHECK(compact(Value::seconds(1ns)) == "0");
    CHECK(compact(Value::seconds(-250ms)) == "-0.25");
}

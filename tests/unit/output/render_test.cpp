#include "output/render.h"

#include <limits>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace trunkbox;
using output::Layout;
using output::Record;
using output::Value;

TEST_CASE("JSON escapes control characters and replaces what is not UTF-8") {
    CHECK(output::to_json(Value(std::string("a\"b\\\x01\n\x7f", 7)), Layout::lines) ==
          "\"a\\\"b\\\\\\u0001\\n\x7f\"");
    CHECK(output::to_json(Value(std::string("\0", 1)), Layout::lines) == "\"\\u0000\"");
    CHECK(output::to_json(Value("\xff"), Layout::lines) == "\"\xef\xbf\xbd\"");
    CHECK(output::to_json(Value("caf\xc3"), Layout::lines) == "\"caf\xef\xbf\xbd\"");
    CHECK(output::to_json(Value("caf\xc3\xa9"), Layout::lines) == "\"caf\xc3\xa9\"");
    CHECK(output::to_json(Value(Record{{"\xfe", 1}}), Layout::lines) == "{\"\xef\xbf\xbd\":1}");
}

TEST_CASE("JSON escapes what must be escaped, wherever it stands") {
    auto escaped = [](char c) -> std::string {
        const std::string_view named = "\b\t\n\f\r\"\\", letters = "btnfr\"\\";
        if (auto place = named.find(c); place != std::string_view::npos) return {'\\', letters[place]};
        return c < 0x20 ? fmt::format("\\u{:04x}", static_cast<int>(c)) : std::string{c};
    };
    for (int c = 0; c < 0x80; ++c) {
        for (std::size_t before = 0; before < 19; ++before) {
            const std::string start(before, '~'), end(18 - before, ' ');
            const auto byte = static_cast<char>(c);
            auto text = start;
            text += byte;
            text += end;
            CHECK(output::to_json(Value(text), Layout::lines) == "\"" + start + escaped(byte) + end + "\"");
        }
    }
}

TEST_CASE("the indented layout") {
    Record record{{"rtt", Record{{"min", 0.5}}}, {"hops", Value::Array{1, "x"}}};
    CHECK(output::to_json(Value(record), Layout::indented) ==
          "{\n  \"rtt\": {\n    \"min\": 0.5\n  },\n  \"hops\": [\n    1,\n    \"x\"\n  ]\n}");
}

TEST_CASE("what is nested, what is empty, and every kind of value") {
    const Record record{{"none", nullptr},
                        {"yes", true},
                        {"least", std::numeric_limits<std::int64_t>::min()},
                        {"whole", 2.0},
                        {"part", 0.1},
                        {"huge", 1e300},
                        {"not", std::numeric_limits<double>::infinity()},
                        {"list", Value::Array{Value::Array{}, Record{}, Value::Array{1, 2}}},
                        {"", Record{{"a", "b"}}}};
    CHECK(output::to_json(record, Layout::lines) ==
          R"({"none":null,"yes":true,"least":-9223372036854775808,"whole":2,"part":0.1,"huge":1e+300,"not":null,)"
          R"("list":[[],{},[1,2]],"":{"a":"b"}})");
    CHECK(output::to_json(Value(Value::Array{Value::Array{}, Record{}, Value::Array{1, Record{{"a", 2}}}}),
                          Layout::indented) == "[\n  [],\n  {},\n  [\n    1,\n    {\n      \"a\": 2\n    }\n  ]\n]");
}

TEST_CASE("UTF-8 is checked as RFC 3629 says") {
    const std::string bad = "\xef\xbf\xbd";
    CHECK(output::valid_utf8("") == "");
    CHECK(output::valid_utf8("\xe2\x82\xac\xf0\x9f\x93\x9e") == "\xe2\x82\xac\xf0\x9f\x93\x9e");
    CHECK(output::valid_utf8("\xc0\xaf") == bad + bad);                      // overlong
    CHECK(output::valid_utf8("\xe0\x80\x80") == bad + bad + bad);            // overlong
    CHECK(output::valid_utf8("\xed\xa0\x80") == bad + bad + bad);            // surrogate
    CHECK(output::valid_utf8("\xf4\x90\x80\x80") == bad + bad + bad + bad);  // beyond U+10FFFF
    CHECK(output::valid_utf8("a\x80z") == "a" + bad + "z");
    CHECK(output::valid_utf8("\xf0\x9f\x93") == bad + bad + bad);  // cut
}

TEST_CASE("nested records become columns, lists one cell") {
    Record record{{"id", 1},
                  {"rtt", Record{{"min", 0.25}, {"more", Record{{"deep", true}}}}},
                  {"contacts", Value::Array{"a", "b"}},
                  {"none", nullptr},
                  {"empty", Record{}},
                  {"nan", std::numeric_limits<double>::quiet_NaN()}};
    auto cells = output::flatten(record);
    REQUIRE(cells.size() == 6);
    CHECK(cells[0].column == "id");
    CHECK(cells[1].column == "rtt.min");
    CHECK(cells[1].text == "0.25");
    CHECK(cells[2].column == "rtt.more.deep");
    CHECK(cells[2].text == "true");
    CHECK(cells[3].text == R"(["a","b"])");
    CHECK(cells[4].text.empty());
    CHECK(cells[5].text.empty());
}

TEST_CASE("CSV is quoted where RFC 4180 asks for it") {
    CHECK(output::csv_line({"a", "b"}) == "a,b\n");
    CHECK(output::csv_line({"a,b", "say \"x\"", "two\nlines", "cr\r"}) ==
          "\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\"cr\r\"\n");
    CHECK(output::csv_line({""}) == "\"\"\n");
    CHECK(output::csv_line({"", ""}) == ",\n");
    CHECK(output::csv_line({"+442079460123", " blank "}) == "+442079460123, blank \n");
}

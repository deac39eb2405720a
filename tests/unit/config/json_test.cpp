#include "config/json.h"

#include <chrono>

#include <doctest/doctest.h>

using namespace trunkbox;
using namespace trunkbox::config;

namespace {

std::string problem(std::string_view text, JsonLimits limits = {}) {
    auto document = read_json(text, "t.json", limits);
    return document ? std::string("(no error)") : document.error().text();
}

// What a small reader says about a document.
struct Sample {
    std::string name{};
    std::string note = "none";
    bool loud = false;
    std::int64_t count = 7;
    Duration wait = 5s;
    std::vector<std::string> tags{};
    int colour = 0;
};
constexpr std::array colours{Choice<int>{"red", 1}, Choice<int>{"green", 2}};

Result<Sample> read_sample(std::string_view text) {
    auto document = read_json(text, "t.json");
    if (!document) return tl::unexpected(document.error());
    Sample sample;
    Fields fields(document->root());
    fields.version(1);
    fields.need("name", sample.name);
    fields.take("note", sample.note);
    fields.take("loud", sample.loud);
    fields.take_integer("count", sample.count, 0, 100);
    fields.take("wait", sample.wait);
    fields.take("tags", sample.tags);
    fields.take<int>("colour", sample.colour, colours);
    if (auto done = fields.done(); !done) return tl::unexpected(done.error());
    return sample;
}

std::string sample_problem(std::string_view text) {
    auto sample = read_sample(text);
    return sample ? std::string("(no error)") : sample.error().text();
}

}  // namespace

TEST_CASE("a document with comments and a byte order mark is read") {
    auto sample = read_sample(
        "\xef\xbb\xbf// the house\n{\"version\": 1, /* \"name\": 2 */ \"name\": \"a // b\",\n"
        "\"loud\": true, \"count\": 3, \"wait\": \"500ms\", \"tags\": [\"x\", \"y\"], \"colour\": \"green\"} "
        "// end");
    REQUIRE(sample);
    CHECK(sample->name == "a // b");
    CHECK(sample->note == "none");
    CHECK(sample->loud);
    CHECK(sample->count == 3);
    CHECK(sample->wait == 500ms);
    CHECK(sample->tags == std::vector<std::string>{"x", "y"});
    CHECK(sample->colour == 2);
}

TEST_CASE("every value knows its place") {
    auto document = read_json(
        "\xef\xbb\xbf{ \"a\": [1, -2.5e3,\n  \"x\\\"}{\", {\"b\": null}], // [ \" {\n\t\"c\": "
        "true,\r\n\"d\": {}, \"e\":[] }",
        "t.json");
    REQUIRE(document);
    CHECK(document->root().where() == "t.json:1:1");
    Fields fields(document->root());
    auto items = fields.find("a").value().items().value();
    CHECK(fields.find("a").value().where() == "t.json:1:8");
    CHECK(items.at(0).where() == "t.json:1:9");
    CHECK(items.at(1).where() == "t.json:1:12");
    CHECK(items.at(1).decimal().value() == "-2.5e3");
    CHECK(items.at(2).where() == "t.json:2:3");
    CHECK(items.at(2).text().value() == "x\"}{");
    CHECK(items.at(3).where() == "t.json:2:12");
    CHECK(fields.find("c").value().where() == "t.json:3:7");
    CHECK(fields.find("d").value().where() == "t.json:4:6");
    CHECK(fields.find("e").value().where() == "t.json:4:14");
    CHECK_FALSE(fields.find("f"));
    CHECK(fields.done());
}

TEST_CASE("broken documents are errors with their place") {
    using namespace std::string_view_literals;
    CHECK(problem("") == "t.json: document is empty; write a JSON object");
    CHECK(problem(" \n") == "t.json: document is empty; write a JSON object");
    CHECK(problem("// only a comment") != "(no error)");
    CHECK(problem("{\"a\": 1,\n\"b\": [1, 2") ==
          "t.json:2:11: document ends too early; a bracket, brace or quote is still open");
    CHECK(problem("{\"a\": \"x").starts_with("t.json:1:"));
    CHECK(problem("{\"a\": 1 /* never closed").starts_with("t.json:1:"));
    CHECK(problem("{\"a\": 1,\n  }").starts_with("t.json:2:3: not JSON: unexpected '}'"));
    CHECK(problem("{\"a\" 1}").starts_with("t.json:1:6: not JSON"));
    CHECK(problem("{'a': 1}").starts_with("t.json:1:2: not JSON"));
    CHECK(problem("{} {}").starts_with("t.json:1:4: not JSON"));
    CHECK(problem("{\"a\": 01}").starts_with("t.json:1:8: not JSON"));
    CHECK(problem("{\"a\": 1e999}").starts_with("t.json:1:"));
    CHECK(problem("{\"a\": NaN}").starts_with("t.json:1:7: not JSON"));
    CHECK(problem("{\"a\": \"x\0y\"}"sv).starts_with("t.json:1:9: NUL byte"));
    CHECK(problem("{}\0{}"sv).starts_with("t.json:1:3: NUL byte"));
    CHECK(problem("{\"a\": \"\xff\"}").starts_with("t.json:1:8: not JSON"));
    CHECK(problem("\0\0\0\0"sv).starts_with("t.json:1:1: NUL byte"));
    CHECK(problem("{\"a\": 1, \"b\": 2,\n\"a\": 3}") ==
          "t.json:2:1: key 'a' is given twice; first at t.json:1:2");
    CHECK(problem("\x7f"
                  "ELF")
              .find('\x7f') == std::string::npos);
}

TEST_CASE("size and depth are bounded") {
    CHECK(problem(std::string(10 << 20, ' ')) ==
          "t.json: document of 10485760 bytes is larger than 8388608; split it, or check that it is the "
          "right file");
    CHECK(problem(std::string(1 << 20, '[')).find("nested deeper than 64 levels") != std::string::npos);
    std::string objects;
    for (int i = 0; i < 100000; ++i) objects += "{\"a\":";
    CHECK(problem(objects).find("nested deeper than 64 levels") != std::string::npos);
    CHECK(problem(std::string(64, '[') + std::string(64, ']')) == "(no error)");
    CHECK(problem(std::string(65, '[') + std::string(65, ']')).starts_with("t.json:1:65: nested deeper"));
}

TEST_CASE("an object of very many keys costs no square of them") {
    std::string many = "{";
    for (int i = 0; i < 300000; ++i) many += "\"k" + std::to_string(i) + "\":0,";
    CHECK(problem(many + "\"z\":0}") == "(no error)");
    CHECK(problem(many + "\"k7\":0}").find("key 'k7' is given twice") != std::string::npos);
}

TEST_CASE("keys that nobody knows are named, with the nearest") {
    CHECK(sample_problem("{\"version\": 1, \"nam\": \"a\"}") ==
          "t.json:1:16: key 'nam' is not known; did you mean 'name'?");
    CHECK(sample_problem("{\"version\": 1, \"name\": \"a\", \"zebra\": 1}") ==
          "t.json:1:29: key 'zebra' is not known; known are version, name, note, loud, count, wait, tags, "
          "colour");
    CHECK(sample_problem("{\"version\": 1}") == "t.json:1:1: key 'name' is missing; add it to this object");
}

TEST_CASE("wrong types and values say what was expected") {
    auto with = [](std::string_view member) {
        return sample_problem("{\"version\": 1, \"name\": \"a\",\n" + std::string(member) + "}");
    };
    CHECK(with("\"note\": 1") == "t.json:2:9: expected a string, got number");
    CHECK(with("\"note\": null") == "t.json:2:9: expected a string, got null");
    CHECK(with("\"loud\": \"yes\"") == "t.json:2:9: expected true or false, got string");
    CHECK(with("\"count\": 1.5") == "t.json:2:10: expected a whole number, got 1.5");
    CHECK(with("\"count\": \"1\"") == "t.json:2:10: expected a whole number, got string");
    CHECK(with("\"count\": 101") == "t.json:2:10: 101 is out of range; from 0 to 100");
    CHECK(with("\"count\": 99999999999999999999").starts_with("t.json:2:10: expected a whole number"));
    CHECK(with("\"wait\": -1").starts_with("t.json:2:9: -1 is not a duration"));
    CHECK(with("\"wait\": 1e300").find("is not a duration") != std::string::npos);
    CHECK(with("\"wait\": \"soon\"").starts_with("t.json:2:9: 'soon' is not a duration"));
    CHECK(with("\"wait\": []") == "t.json:2:9: expected seconds, got array");
    CHECK(with("\"tags\": \"x\"") == "t.json:2:9: expected an array, got string");
    CHECK(with("\"tags\": [\"x\", 2]") == "t.json:2:15: expected a string, got number");
    CHECK(with("\"colour\": \"gren\"") == "t.json:2:11: colour 'gren' is not known; did you mean 'green'?");
    CHECK(with("\"colour\": \"zebra\"") == "t.json:2:11: colour 'zebra' is not known; one of red, green");
    CHECK(with("\"colour\": 1") == "t.json:2:11: expected a string, got number");
    CHECK(sample_problem("[]") == "t.json:1:1: expected an object, got array");
    CHECK(sample_problem("{\"version\": 2, \"name\": \"a\"}") ==
          "t.json:1:13: version 2 is not known; this program reads version 1");
    CHECK(sample_problem("{\"name\": \"a\"}") ==
          "t.json:1:1: key 'version' is missing; add it to this object");
}

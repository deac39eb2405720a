#include "output/expectations.h"

#include <doctest/doctest.h>

#include "output/render.h"
#include "output/report.h"

using namespace trunkbox;
using output::Expectations;
using output::Record;

namespace {

Record verdict(int frame, const char* action) { return {{"frame", frame}, {"action", action}, {"status", nullptr}}; }

Expectations expecting(std::string text) {
    auto read = Expectations::read(std::move(text), "v.jsonl");
    REQUIRE(read.has_value());
    return std::move(*read);
}

std::vector<std::string> differences(Expectations expectations, const std::vector<Record>& verdicts) {
    for (const auto& one : verdicts) expectations.compare(output::to_json(one, output::Layout::lines));
    expectations.finish();
    std::vector<std::string> texts;
    for (const auto& difference : expectations.differences())
        texts.push_back(std::to_string(difference.frame) + " " + difference.text);
    CHECK(texts.size() == expectations.count());
    return texts;
}

}  // namespace

TEST_CASE("what a line does not say does not matter") {
    CHECK(differences(expecting("{\"frame\":1,\"action\":\"accept\"}\n\n{\"frame\":2}\n"),
                      {verdict(1, "accept"), verdict(2, "drop")})
              .empty());
    CHECK(differences(expecting("{\"action\":\"accept\"}\n{\"status\":null}\n"), {verdict(1, "accept"), verdict(2, "drop")})
              .empty());
}

TEST_CASE("other values, missing and unexpected verdicts are differences") {
    using Texts = std::vector<std::string>;
    CHECK(differences(expecting("{\"frame\":1,\"action\":\"accept\",\"status\":400}"), {verdict(1, "drop")}) ==
          Texts{"1 action is 'drop', expected 'accept'; status is null, expected 400"});
    CHECK(differences(expecting("{\"frame\":1}\n{\"frame\":3}"), {verdict(1, "drop"), verdict(2, "drop"), verdict(3, "drop")}) ==
          Texts{"2 no verdict was expected, it is 'drop'"});
    CHECK(differences(expecting("{\"frame\":1}\n{\"frame\":2}\n{\"frame\":3}"), {verdict(3, "drop")}) ==
          Texts{"1 the verdict is missing", "2 the verdict is missing"});
    CHECK(differences(expecting("{\"frame\":1}"), {}) == Texts{"1 the verdict is missing"});
    CHECK(differences(expecting(""), {verdict(1, "accept")}) == Texts{"1 no verdict was expected, it is 'accept'"});
}

TEST_CASE("a line is compared by what it says, not by how it is written") {
    CHECK(differences(expecting(" { \"status\" : null, \"action\":\"accept\", \"frame\":1 }\r\n"), {verdict(1, "accept")}).empty());
    CHECK(differences(expecting("{\"frame\":7,\"frame\":1,\"findings\":[{\"frame\":9}]}"), {verdict(1, "accept")}) ==
          std::vector<std::string>{"1 findings is null, expected [{\"frame\":9}]"});
}

TEST_CASE("two messages in one frame are compared in turn") {
    CHECK(differences(expecting("{\"frame\":1,\"action\":\"accept\"}\n{\"frame\":1,\"action\":\"drop\"}"),
                      {verdict(1, "accept"), verdict(1, "drop")})
              .empty());
}

TEST_CASE("a file that is none") {
    const auto deep = "{\"findings\":" + std::string(100'000, '[');
    for (const std::string text : {"[]", "1", "{", "{\"frame\":1}}", "\xff", "{\"rul\":1}", "{\"frame\":1e999}", deep.c_str()}) {
        auto read = Expectations::read("{\"frame\":1}\n" + text, "v.jsonl");
        CAPTURE(text);
        REQUIRE_FALSE(read.has_value());
        CHECK(read.error().where == "v.jsonl:2");
        CHECK(read.error().fault == Fault::input);
    }
}

TEST_CASE("reports keep their form whatever the text is") {
    output::Report report{.suite = "s", .file = "a<b>&\"c\".pcap", .checked = 3, .failed = 3,
                          .complaints = {{.name = "n%1\nx", .kind = "k:,", .text = "\x01 <t> \xff"}}};
    auto xml = output::junit(report);
    CHECK(xml.find("a&lt;b&gt;&amp;&quot;c&quot;.pcap") != std::string::npos);
    CHECK(xml.find("? &lt;t&gt; \xef\xbf\xbd") != std::string::npos);
    CHECK(xml.find("tests=\"3\" failures=\"2\"") != std::string::npos);
    CHECK(xml.find("2 more are not listed") != std::string::npos);
    auto commands = output::github(report);
    CHECK(commands.starts_with("::error title=k%3A%2C::n%251%0Ax: "));
    CHECK(commands.find("::error::2 more are not listed\n") != std::string::npos);
}

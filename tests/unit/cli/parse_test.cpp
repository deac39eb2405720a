#include "cli/arguments.h"
#include "unit/cli/sample.h"

#include <doctest/doctest.h>

using namespace trunkbox;
using namespace trunkbox::cli;

namespace {

Result<Arguments> parsed(const std::vector<std::string>& words) {
    return parse(sample::call_tool(), words);
}

std::string complaint(const std::vector<std::string>& words) {
    auto arguments = parsed(words);
    if (arguments) return "no complaint";
    CHECK(arguments.error().fault == Fault::usage);
    return arguments.error().text();
}

}  // namespace

TEST_CASE("values of every type") {
    auto arguments = parsed({"+442079460123",
                             "--duration=1.5",
                             "--from",
                             "sip:a@example.com",
                             "--count",
                             "3",
                             "--gain",
                             "-6.5",
                             "--digits",
                             "1234#",
                             "-H",
                             "A: 1",
                             "--header=B: 2",
                             "--pcap",
                             "x.pcap",
                             "-e",
                             "--codec",
                             "PCMU",
                             "--via",
                             "[2001:db8::1]:5060",
                             "--dir",
                             "/tmp",
                             "-v"});
    REQUIRE(arguments);
    CHECK(arguments->text("target") == "+442079460123");
    CHECK(arguments->duration("duration") == 1500ms);
    CHECK(arguments->text("from") == "sip:a@example.com");
    CHECK(arguments->integer("count") == 3);
    CHECK(arguments->number("count") == 3);
    CHECK(arguments->number("gain") == -6.5);
    CHECK(arguments->text("digits") == "1234#");
    CHECK(arguments->many("header") == std::vector<std::string>{"A: 1", "B: 2"});
    CHECK(arguments->text("via") == "[2001:db8::1]:5060");
    CHECK(arguments->flag("echo"));
    CHECK(arguments->verbose());
    CHECK_FALSE(arguments->quiet());
    CHECK(arguments->text("codec") == "PCMU");
}

TEST_CASE("defaults are values that were not given") {
    auto arguments = parsed({"100"});
    REQUIRE(arguments);
    CHECK(arguments->duration("duration") == 2s);
    CHECK_FALSE(arguments->given("duration"));
    CHECK(arguments->integer("count") == 1);
    CHECK(arguments->many("codec") == std::vector<std::string>{"PCMA"});
    CHECK(arguments->many("header").empty());
    CHECK(arguments->many("extra").empty());
    CHECK(arguments->format() == output::Format::text);
    CHECK_FALSE(arguments->flag("echo"));
}

TEST_CASE("what a positional can look like") {
    for (std::string word : {"-", "+33199000001", "sip:100@[2001:db8::1]", "[2001:db8::1]", "-5", "", "a=b",
                             "/x:y", "++", "{}", "%%"}) {
        auto arguments = parsed({word});
        REQUIRE_MESSAGE(arguments, word);
        CHECK(arguments->text("target") == word);
    }
    auto dashed = parsed({"--count", "2", "--", "--duration", "-", "--"});
    REQUIRE(dashed);
    CHECK(dashed->text("target") == "--duration");
    CHECK(dashed->many("extra") == std::vector<std::string>{"-", "--"});
    CHECK(parsed({"--digits", "--", "100"})->text("digits") == "--");
}

TEST_CASE("options and positionals mix; letters cluster") {
    auto arguments = parsed({"-ev", "100", "-fsip:a@b", "one.txt", "-o", "-", "two.txt"});
    REQUIRE(arguments);
    CHECK(arguments->flag("echo"));
    CHECK(arguments->text("from") == "sip:a@b");
    CHECK(arguments->text("output") == "-");
    CHECK(arguments->many("extra") == std::vector<std::string>{"one.txt", "two.txt"});
}

TEST_CASE("an empty value is a value") {
    CHECK(parsed({"--digits=", "100"})->text("digits").empty());
    CHECK(parsed({"--digits", "", "100"})->given("digits"));
    CHECK(parsed({"--digits=", "100"})->text("target") == "100");
    CHECK(parsed({"--digits=[1,2]", "100"})->text("digits") == "[1,2]");
    CHECK(parsed({"--digits=a=b", "100"})->text("digits") == "a=b");
}

TEST_CASE("unknown options") {
    CHECK(complaint({"--durtion", "5", "100"}) == "unknown option '--durtion'; did you mean '--duration'?");
    CHECK(complaint({"--durtion=5", "100"}) == "unknown option '--durtion'; did you mean '--duration'?");
    CHECK(complaint({"-duration", "5"}) == "unknown option '-duration'; did you mean '--duration'?");
    CHECK(complaint({"--dur", "5"}).starts_with("unknown option '--dur'"));  // no abbreviations
    CHECK(complaint({"--xyzzy"}) == "unknown option '--xyzzy'; 'trunkbox help call' lists the options");
    CHECK(complaint({"-x"}) == "unknown option '-x'; 'trunkbox help call' lists the options");
    CHECK(complaint({"-vx"}).starts_with("unknown option '-x'"));
    CHECK(complaint({"--"}) == "TARGET is missing; 'trunkbox help call' shows the usage");
    CHECK(complaint({"---"}).starts_with("unknown option '---'"));
    CHECK(complaint({"--\x01\xff"}).find('\x01') == std::string::npos);
}

TEST_CASE("a secret is never an argument") {
    auto text = complaint({"--password", "hunter2", "100"});
    CHECK(text ==
          "unknown option '--password': a secret is never an argument; use '--password-file FILE' or "
          "'--password-env NAME'");
    CHECK(complaint({"--password=hunter2", "100"}) == text);
    CHECK(complaint({"--password-file", "a", "--password-env", "B", "100"}) ==
          "options '--password-file' and '--password-env' exclude each other; give one of them");
}

TEST_CASE("a value too few or too many") {
    CHECK(complaint({"100", "--from"}) == "option '--from' needs a value; write '--from URI'");
    CHECK(complaint({"100", "--from", "--count", "2"}) ==
          "option '--from' needs a value; write '--from URI'");
    CHECK(complaint({"100", "--from", "--count=2"}) == "option '--from' needs a value; write '--from URI'");
    CHECK(complaint({"100", "-f"}) == "option '-f' needs a value; write '-f URI'");
    CHECK(complaint({"100", "-vf"}) == "option '-f' needs a value; write '-f VALUE'");
    CHECK(complaint({"100", "--echo=yes"}) == "option '--echo' takes no value; write '--echo'");
    CHECK(complaint({"100", "--echo="}) == "option '--echo' takes no value; write '--echo'");
    CHECK(complaint({"100", "--count", "1", "--count", "2"}) ==
          "option '--count' is given 2 times; give it once");
    CHECK(complaint({"100", "-v", "--verbose"}) == "option '--verbose' is given 2 times; give it once");
    CHECK(complaint({"100", "--echo", "--play", "x.wav"}) ==
          "options '--echo' and '--play' exclude each other; give one of them");
    CHECK(complaint({}) == "TARGET is missing; 'trunkbox help call' shows the usage");
    CHECK(complaint({"1", "2", "3", "4"}) == "unexpected argument '4'; 'trunkbox help call' shows the usage");
}

TEST_CASE("bad values name the option, the value and an example") {
    CHECK(complaint({"1", "--duration", "soon"}) ==
          "option '--duration': 'soon' is not a duration; write e.g. '2', '500ms' or '1m'");
    CHECK(complaint({"1", "--duration", "-1"}).starts_with("option '--duration': '-1' is not a duration"));
    CHECK(complaint({"1", "--duration", "2h"}) ==
          "option '--duration': '2h' is too large; the most is 3600 s");
    CHECK(complaint({"1", "--count", "x"}) == "option '--count': 'x' is not a whole number; write e.g. '1'");
    CHECK(complaint({"1", "--count", "1.5"}).starts_with("option '--count': '1.5' is not a whole number"));
    CHECK(complaint({"1", "--count", "99999999999999999999"})
              .starts_with("option '--count': '99999999999999999999' is not"));
    CHECK(complaint({"1", "--count", "0"}) == "option '--count': '0' is too small; the least is 1");
    CHECK(complaint({"1", "--count", "11"}) == "option '--count': '11' is too large; the most is 10");
    CHECK(complaint({"1", "--count="}).starts_with("option '--count': '' is not a whole number"));
    CHECK(complaint({"1", "--gain", "loud"}).starts_with("option '--gain': 'loud' is not a number"));
    CHECK(complaint({"1", "--codec", "PCMX"}) ==
          "option '--codec': unknown value 'PCMX'; did you mean 'PCMA'?");
    CHECK(complaint({"1", "--codec", "opus"}) ==
          "option '--codec': unknown value 'opus'; choose from PCMA, PCMU");
    CHECK(complaint({"1", "--format", "xml"}) ==
          "option '--format': unknown value 'xml'; choose from text, json");
    CHECK(complaint({"1", "--from", "100"}) ==
          "option '--from': '100' is not a URI; write e.g. 'sip:100@example.com'");
    CHECK(complaint({"1", "--via", "a b"}) ==
          "option '--via': 'a b' is not an address; write e.g. '192.0.2.1:5060'");
    CHECK(complaint({"1", "--pcap", ""}) == "option '--pcap': the name is empty; write a path");
    CHECK(complaint({"1", "--count", std::string(100000, '9')}).size() < 200);
}

TEST_CASE("help wins over everything that is wrong, but not behind --") {
    CHECK(parsed({"--bogus", "--help"})->given("help"));
    CHECK(parsed({"-h"})->given("help"));
    CHECK(parsed({"--", "--help"})->text("target") == "--help");
}

TEST_CASE("asking for what is not declared is a bug") {
    auto arguments = parsed({"100"});
    REQUIRE(arguments);
    CHECK_THROWS_AS((void)arguments->text("durtion"), std::logic_error);
    CHECK_THROWS_AS((void)arguments->text("duration"), std::logic_error);  // another type
    CHECK_THROWS_AS((void)arguments->flag("duration"), std::logic_error);
    CHECK_THROWS_AS((void)arguments->text("from"), std::logic_error);  // no value
    CHECK_THROWS_AS((void)arguments->given("nothing"), std::logic_error);
}

TEST_CASE("a positional leaves the later ones what they need") {
    Tool copy{.name = "copy",
              .section = "Show",
              .summary = "Copy",
              .positionals = {{.name = "first", .min = 0}, {.name = "last"}}};
    auto one = parse(copy, std::vector<std::string>{"x"});
    REQUIRE(one);
    CHECK(one->many("first").empty());
    CHECK(one->text("last") == "x");
    auto two = parse(copy, std::vector<std::string>{"x", "y"});
    CHECK(two->text("first") == "x");
}

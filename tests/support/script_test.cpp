#include "support/script.h"

#include <doctest/doctest.h>

using namespace transcript;

TEST_CASE("a transcript file holds commands, outputs, statuses and comments") {
    const auto steps = steps_of_transcript(
        "# What a busy party looks like.\n"
        "# Two lines of comment.\n"
        "$ trunkbox call sip:100@192.0.2.1 \\\n"
        "> --timeout 1\n"
        "486 Busy Here\n"
        "\n"
        "? 5\n"
        "\n"
        "# another comment\n"
        "$ true\n"
        "$ cat config\n"
        "# a line of output\n"
        "\n");
    REQUIRE(steps.size() == 3);
    CHECK(steps[0].line == 3);
    CHECK(steps[0].command == "trunkbox call sip:100@192.0.2.1 \\\n--timeout 1");
    CHECK(steps[0].expected == std::vector<std::string>{"486 Busy Here"});
    CHECK(steps[0].status == 5);
    CHECK(steps[1].expected.empty());
    CHECK_FALSE(steps[1].status);
    CHECK(steps[2].expected == std::vector<std::string>{"# a line of output"});
}

TEST_CASE("what only looks like a status is output") {
    const auto steps = steps_of_transcript("$ ask\n? five\n$ ask\n? 5 or 6\n");
    REQUIRE(steps.size() == 2);
    CHECK_FALSE(steps[0].status);
    CHECK(steps[0].expected == std::vector<std::string>{"? five"});
    CHECK_FALSE(steps[1].status);
}

TEST_CASE("of Markdown only console blocks are transcripts") {
    const auto steps = steps_of_markdown(
        "$ not this\n```console\n$ one\nout\n```\n```\n$ nor this\n```\n```json\n$ nor\n```\n```console\n"
        "comment\n$ two\n> more\n```\n$ no\n");
    REQUIRE(steps.size() == 2);
    CHECK(steps[0].command == "one");
    CHECK(steps[0].expected == std::vector<std::string>{"out"});
    CHECK(steps[1].command == "two\nmore");
    CHECK(steps[1].line == 14);
}

TEST_CASE("of a manual page only the verbatim blocks of its examples are transcripts") {
    const auto steps = steps_of_manual(
        ".TH X 1\n.SH SYNOPSIS\n.nf\n$ not this\n.fi\n.SH EXAMPLES\nRun it:\n.PP\n.nf\n"
        "\\fB$ trunkbox call \\-\\-duration 2\\fR\n200 OK \\(aqfine\\(aq\n.fi\n$ nor this\n"
        ".EX\n$ echo \\ea\n.EE\n.SH SEE ALSO\n.nf\n$ nor this\n.fi\n");
    REQUIRE(steps.size() == 2);
    CHECK(steps[0].command == "trunkbox call --duration 2");
    CHECK(steps[0].expected == std::vector<std::string>{"200 OK 'fine'"});
    CHECK(steps[1].command == "echo \\a");
}

TEST_CASE("roff escapes become what the reader sees") {
    CHECK(roff_text("\\&.hidden \\f(CWx\\f[]y\\fP \\[rs]\\(rs\\e") == ".hidden xy \\\\\\");
    CHECK(roff_text("cut \\f") == "cut ");
    CHECK(roff_text("cut \\f[") == "cut ");
    CHECK(roff_text("\\") == "\\");
    CHECK(roff_text("\\(zz") == "\\(zz");
}

TEST_CASE("the name of a file says how it is read; nothing in it is no step") {
    CHECK(read_script("README.md", "```console\n$ a\n```\n").steps.size() == 1);
    CHECK(read_script("x.5", ".SH EXAMPLE\n.nf\n$ a\n.fi\n").steps.size() == 1);
    CHECK(read_script("x.transcript", "$ a\n").steps.size() == 1);
    CHECK(read_script("x", "$ a\n").steps.size() == 1);
    CHECK(read_script("README.md", "").steps.empty());
    CHECK(read_script("x.transcript", "\n\n# only words\n").steps.empty());
    CHECK(read_script("x.1", std::string(100000, '.')).steps.empty());
}

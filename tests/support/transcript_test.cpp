// The runner itself, run over transcripts that agree and over transcripts that must not.
#include <cstdlib>
#include <fstream>
#include <string>

#include <doctest/doctest.h>

#include "support/process.h"
#include "support/session.h"

namespace {

process::Outcome run_transcript(const std::string& text, const std::string& name = "it.transcript") {
    const char* runner = std::getenv("TRANSCRIPT");
    REQUIRE_MESSAGE(runner != nullptr, "TRANSCRIPT names the runner");
    const transcript::TemporaryDirectory directory;
    const auto file = directory.path() / name;
    std::ofstream(file) << text;
    return process::run({runner, "--deadline", "2", file.string()});
}

bool says(const process::Outcome& outcome, std::string_view text) {
    return outcome.out.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("a transcript that agrees ends with 0") {
    const auto outcome = run_transcript(
        "$ echo one; echo two >&2\none\ntwo\n\n"
        "$ false\n? 1\n"
        "$ echo $?\n1\n"
        "$ mkdir here && cd here && word=kept\n"
        "$ basename $PWD; echo $word; cat\nhere\nkept\n"
        "$ echo longer output\nlonger ...\n"
        "$ for i in 1 2 3; do\n> echo $i; done\n1\n...\n"
        "$ echo $TZ $LC_ALL $TERM; test -t 1\nUTC C.UTF-8 dumb\n? 1\n"
        "$ exit 4\n? 4\n");
    CHECK_MESSAGE(outcome.status == 0, outcome.out);
}

TEST_CASE("another output, another status, no end: each fails and says where") {
    auto outcome = run_transcript("$ true\n$ echo two\none\n");
    CHECK(outcome.status == 1);
    CHECK(says(outcome, "it.transcript:2: $ echo two\n  - one\n  + two\n"));
    outcome = run_transcript("$ false\n");
    CHECK(outcome.status == 1);
    CHECK(says(outcome, "exit status 1, not 0"));
    outcome = run_transcript("$ true\n? 5\n");
    CHECK(outcome.status == 1);
    CHECK(says(outcome, "exit status 0, not 5"));
    outcome = run_transcript("$ echo begun; sleep 100\n");
    CHECK(outcome.status == 1);
    CHECK(says(outcome, "no end within 2 s"));
    CHECK(says(outcome, "begun"));
    CHECK(run_transcript("$ echo unexpected\n").status == 1);
    CHECK(run_transcript("$ exit 0\n$ echo more\nmore\n").status == 1);
}

TEST_CASE("no command at all is a failure, and so is a file that is not there") {
    CHECK(says(run_transcript("only words\n"), "no example"));
    CHECK(run_transcript("only words\n").status == 1);
    CHECK(run_transcript("").status == 1);
    CHECK(run_transcript("# README\n\n$ not in a block\n", "README.md").status == 1);
    CHECK(process::run({std::getenv("TRANSCRIPT"), "/nonexistent.transcript"}).status == 1);
    CHECK(process::run({std::getenv("TRANSCRIPT")}).status == 2);
    CHECK(process::run({std::getenv("TRANSCRIPT"), "--deadline", "soon", "x"}).status == 2);
}

TEST_CASE("a document need not show an output, but what it shows must be true") {
    CHECK(run_transcript("```console\n$ echo unshown\n$ echo shown\nshown\n```\n", "x.md").status == 0);
    CHECK(run_transcript("```console\n$ echo shown\nelse\n```\n", "x.md").status == 1);
    CHECK(run_transcript("```console\n$ false\n```\n", "x.md").status == 1);
    CHECK(run_transcript("```console\n$ false\n$ echo $?\n1\n```\n", "x.md").status == 0);
    CHECK(run_transcript(".SH EXAMPLES\n.nf\n$ echo a \\-b\na \\-b\n.fi\n", "x.1").status == 0);
    CHECK(run_transcript(".SH EXAMPLES\n.nf\n$ echo a\nb\n.fi\n", "x.1").status == 1);
}

TEST_CASE("what runs in the background is awaited, shown by wait, and ended") {
    const auto outcome = run_transcript(
        "$ sh -c 'sleep 0.1; echo late; : >ready; sleep 0.1; echo later' --ready-file ready &\n"
        "$ test -e ready && echo there\nthere\n"
        "$ wait\nlate\nlater\n"
        "$ sh -c 'sleep 0.1; echo last' &\n"
        "$ echo await; wait\nawait\nlast\n"
        "$ sleep 1000 &\n"
        "$ setsid sleep 1000 & echo $! >pid\n"
        "$ true\n");
    CHECK_MESSAGE(outcome.status == 0, outcome.out);
    CHECK(says(run_transcript("$ sh -c 'trap \"echo leak >&2; exit 23\" TERM; : >up; while :; do sleep 0.01; done' "
                              "--ready-file up &\n"),
               "ended with 23"));
    CHECK(says(run_transcript("$ sleep 1000 --ready-file never &\n"), "ready file"));
}

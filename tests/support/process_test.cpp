#include "support/process.h"

#include <doctest/doctest.h>

TEST_CASE("a process is run to its end, outputs apart") {
    const auto outcome = process::run({"sh", "-c", "echo out; echo err >&2; exit 3"});
    CHECK(outcome.status == 3);
    CHECK(outcome.out == "out\n");
    CHECK(outcome.err == "err\n");
}

TEST_CASE("nothing stands on standard input, and the environment can be changed") {
    const auto outcome = process::run({"sh", "-c", "cat; echo $WORD-$HOME-"}, {{"WORD", "yes"}, {"HOME", ""}});
    CHECK(outcome.out == "yes--\n");
}

TEST_CASE("a process that is not there, one that is killed, one that does not end") {
    CHECK(process::run({"/nonexistent/program"}).status == 127);
    CHECK(process::run({"sh", "-c", "kill -KILL $$"}).status == 137);
    CHECK(process::run({"sleep", "100"}, {}, std::chrono::seconds(1)).status == -1);
}

TEST_CASE("a grandchild that outlives its parent is found and ended") {
    process::adopt_orphans();
    // "trap" makes the shell a stubborn one: it wants SIGKILL.
    const auto outcome = process::run(
        {"sh", "-c",
         "told=$(mktemp -d); sleep 1000 >/dev/null 2>&1 & "
         "sh -c 'trap \"\" TERM; : >\"$0/ready\"; while :; do sleep 0.1; done' $told >/dev/null 2>&1 & "
         "until [ -e $told/ready ]; do sleep 0.01; done; rm -r $told"});
    REQUIRE(outcome.status == 0);
    CHECK(process::descendants().size() >= 2);
    bool stubborn = false;
    for (const auto& ending : process::end_descendants(std::chrono::seconds(1))) stubborn |= ending.stubborn;
    CHECK(stubborn);
    CHECK(process::descendants().empty());
}

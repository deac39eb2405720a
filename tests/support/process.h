// Processes as tests need them: run to the end with a deadline, and nothing left behind.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

namespace process {

// Orphans of what we start become our children, so that descendants() finds every one of them.
void adopt_orphans();

// Every living descendant of this process, by the process table.
[[nodiscard]] std::vector<pid_t> descendants();

struct Ending {
    pid_t pid = 0;
    std::string name;  // as the process table has it
    int status = 0;    // as waitpid gives it
    bool stubborn = false;  // SIGTERM did not end it
};

// Ends every descendant: SIGTERM, and SIGKILL for those that are still there after `grace`. Returns one ending for
// each that this process could wait for.
std::vector<Ending> end_descendants(std::chrono::seconds grace);

struct Outcome {
    int status = -1;  // exit status, 128 + signal, -1: not started or past the deadline
    std::string out;
    std::string err;
};

// Runs argv[0], found in PATH, with nothing on standard input, its environment ours with `changes` (an empty value
// unsets).
[[nodiscard]] Outcome run(const std::vector<std::string>& argv,
                          const std::map<std::string, std::string>& changes = {},
                          std::chrono::seconds deadline = std::chrono::seconds(60));

}  // namespace process

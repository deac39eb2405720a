// What a bench measures with: processes with their time and memory, medians, the processor time of a thread.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace trunkbox::bench {

struct Usage {
    int status = 0;       // exit status
    double wall = 0;      // seconds
    double processor = 0;  // seconds of all its threads, the kernel's part among them
    double peak_mb = 0;   // resident at most
};
// Runs argv[0] to its end, with the file `input` on standard input and its output in the file `output`. Throws
// std::runtime_error if it cannot be started.
[[nodiscard]] Usage run(const std::vector<std::string>& argv, const std::string& input = "/dev/null",
                        const std::string& output = "/dev/null");

[[nodiscard]] double median(std::vector<double> values);
// The median of `rounds` runs.
[[nodiscard]] double median_of(std::size_t rounds, const std::function<double()>& run);

// Seconds that this thread has had a processor.
[[nodiscard]] double thread_seconds();

}  // namespace trunkbox::bench

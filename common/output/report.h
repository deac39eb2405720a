// What is wrong, in the forms that CI servers read.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace trunkbox::output {

struct Complaint {
    std::string name{};  // "frame 12 INVITE"
    std::string kind{};  // "M-101"
    std::string text{};
};

struct Report {
    std::string suite{};      // "trunkbox sbc filter"
    std::string file{};       // what was looked at
    std::size_t checked = 0;  // of which the complaints are some
    std::size_t failed = 0;   // also those that are not listed
    std::vector<Complaint> complaints{};
};

// A test suite in the XML form of JUnit: a test case for each complaint, and one for all that was well.
[[nodiscard]] std::string junit(const Report& report);
// Workflow commands of GitHub Actions: an error for each complaint, a notice with the counts.
[[nodiscard]] std::string github(const Report& report);

}  // namespace trunkbox::output

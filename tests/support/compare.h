// Expected lines against shown lines. A line "..." stands for any number of lines, "..." within a line for any text;
// the ellipsis "…" means the same.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace transcript {

[[nodiscard]] bool line_matches(std::string_view pattern, std::string_view line);

// The shortest edit from expected to shown, one line each: "  " agrees, "- " expected only, "+ " shown only.
// Empty when everything agrees.
[[nodiscard]] std::vector<std::string> difference(const std::vector<std::string>& expected,
                                                  const std::vector<std::string>& shown);

}  // namespace transcript

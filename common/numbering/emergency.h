// Numbers that call for help, and must never be taken for anything else.
#pragma once

#include <string_view>

namespace trunkbox::numbering {

// Whether `digits` are an emergency number of the region ("112", "999"); of no region without one.
[[nodiscard]] bool is_emergency(std::string_view digits, std::string_view region);

// Whether they are one, or what one begins with: up to two more digits are tried.
[[nodiscard]] bool begins_emergency(std::string_view digits, std::string_view region);

}  // namespace trunkbox::numbering

// trunkbox-rules(7): the catalogue of an SBC's rules as a manual page.
#pragma once

#include <string>

namespace trunkbox::output {

// In the man macros of groff_man(7), from the rule table.
[[nodiscard]] std::string rules_page();

}  // namespace trunkbox::output

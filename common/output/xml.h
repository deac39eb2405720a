// Text within XML.
#pragma once

#include <string>
#include <string_view>

namespace trunkbox::output {

// Well-formed UTF-8 whose markup characters are escaped and whose control characters are replaced (XML 1.0 section 2.2).
[[nodiscard]] std::string xml_text(std::string_view text);

}  // namespace trunkbox::output

// ";name=value;flag;name=\"quoted\"" (RFC 3261 section 25.1, generic-param).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace trunkbox::sip {

struct Parameter {
    std::string_view name;
    std::string_view value;  // quotes still on; "" when there is none
    bool has_value = false;
};

// Splits at ';' outside quotes; an empty parameter (";;") comes as an empty name.
[[nodiscard]] std::vector<Parameter> parameters(std::string_view text);
// The first one of that name, without case; nothing when absent, "" when without a value.
[[nodiscard]] std::optional<std::string_view> parameter(std::string_view text, std::string_view name);

// The text inside a quoted-string with its quoted-pairs taken back; other text as it is.
[[nodiscard]] std::string unquote(std::string_view text);
// With quotes around and quoted-pairs where needed.
[[nodiscard]] std::string quote(std::string_view text);

[[nodiscard]] bool is_token(std::string_view text);

}  // namespace trunkbox::sip

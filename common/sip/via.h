// Via (RFC 3261 section 20.42, RFC 3581).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.h"

namespace trunkbox::sip {

// Every branch of RFC 3261 begins with it (section 8.1.1.7).
inline constexpr std::string_view branch_cookie = "z9hG4bK";

// Views into the text that was parsed.
struct Via {
    std::string_view protocol;   // "SIP/2.0", blanks taken out is the caller's affair
    std::string_view transport;  // "UDP"
    std::string_view host;
    std::optional<std::uint16_t> port;
    std::string_view parameters;

    [[nodiscard]] static Result<Via> parse(std::string_view item);
    [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const;
    [[nodiscard]] std::string_view branch() const { return parameter("branch").value_or(""); }
};

}  // namespace trunkbox::sip

// SIP, SIPS and tel URIs (RFC 3261 section 19.1, RFC 3966).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace trunkbox::sip {

// Views into the text that was parsed; valid as long as it is.
struct UriView {
    std::string_view scheme;     // as written: "sip", "sips", "tel", or any other
    std::string_view user;       // still escaped; "" when there is none; for tel the number
    std::string_view password;   // still escaped
    bool has_user = false;       // "sip:@host" has none and is an error; "sip:host" has none
    std::string_view host;       // name, IPv4, or "[IPv6]" with brackets; for unknown schemes "" (see opaque)
    std::optional<std::uint16_t> port;
    std::string_view parameters;  // after the first ';', without it
    std::string_view headers;     // after '?', without it
    std::string_view opaque;      // what follows the scheme

    [[nodiscard]] static Result<UriView> parse(std::string_view text);
    [[nodiscard]] bool is_sip() const;  // sip or sips
    // The parameter's value; "" when it stands without one; nothing when absent. Names compare without case.
    [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const;
};

// %XX taken back once (section 19.1.2); a malformed escape stays as it is.
[[nodiscard]] std::string unescape(std::string_view text);
// Escapes what may not stand in a user part.
[[nodiscard]] std::string escape_user(std::string_view text);

// Section 19.1.4: user, password, host, port and the parameters that matter. Schemes must be equal.
[[nodiscard]] bool equivalent(const UriView& a, const UriView& b);

}  // namespace trunkbox::sip

// To, From, Contact, Route, Record-Route, P-Asserted-Identity …: name-addr or addr-spec with parameters
// (RFC 3261 section 20.10 and 25.1).
#pragma once

#include "sip/parameters.h"
#include "sip/uri.h"

namespace trunkbox::sip {

// Views into the text that was parsed.
struct NameAddr {
    std::string_view display;     // with its quotes, "" when there is none
    std::string_view uri;         // the text between < and >, or the bare addr-spec
    bool brackets = false;
    std::string_view parameters;  // header parameters, after the first ';' that is not the URI's
    bool star = false;            // Contact: *

    // One item of a list. Without brackets every ';' starts a header parameter (section 20).
    [[nodiscard]] static Result<NameAddr> parse(std::string_view item);
    // The same where parse() succeeds, else the likeliest reading (what stands between the first '<' and '>'):
    // for showing and finding, never for forwarding.
    [[nodiscard]] static NameAddr lenient(std::string_view item);
    [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const;
    [[nodiscard]] std::string_view tag() const { return parameter("tag").value_or(""); }
};

}  // namespace trunkbox::sip

// How the rules read what the grammar of RFC 3261 section 25.1 does not allow, too: start lines with blanks, fields
// with open quotes. Views into the message; private to the rules.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sbc/policy.h"
#include "sip/message_view.h"
#include "sip/name_addr.h"
#include "sip/via.h"

namespace trunkbox::sbc {

// The start line's bytes without its line end, blanks at both ends included.
[[nodiscard]] std::string_view start_line(const sip::MessageView& message);

// A request line by its first and its last field; what is between them is the URI, whatever it holds.
struct RequestLine {
    std::string_view method;
    std::string_view uri;       // blanks at both ends taken off
    std::string_view version;
    bool exact = false;         // one SP each side of the URI, no other blank
};
[[nodiscard]] RequestLine request_line(std::string_view line);

// The Request-URI as a lenient reader takes it: blanks and enclosing <> gone (RFC 4475 section 3.1.2.7 to 9).
[[nodiscard]] std::string bare_request_uri(const sip::MessageView& message);

// What is wrong with the value of a To or From, or with one item of a Contact.
struct FieldFault {
    std::string what;          // "an unterminated quoted string"
    bool one_reading = false;  // there is one way only to repair it
};
[[nodiscard]] std::optional<FieldFault> check_field(std::string_view item);

// A field as the rules look at it, whether it is sound or not.
[[nodiscard]] sip::NameAddr field(std::string_view item);
// A SIP URI's user part, unescaped once; "" when it has none. All before the host of a URI that cannot be read.
[[nodiscard]] std::string uri_user(std::string_view uri);

// The n-th Via of the message, counted from 0 over all rows, and its row; nothing when there are fewer.
struct ViaRow {
    const sip::Header* row = nullptr;
    std::string_view item;
};
[[nodiscard]] std::optional<ViaRow> via_row(const sip::MessageView& message, std::size_t n);

// The row in which the list of that header exceeds `most` items; nullptr when it does not.
[[nodiscard]] const sip::Header* exceeding_row(const sip::MessageView& message, sip::HeaderName name,
                                               std::size_t most);

// Of RFC 3261, 3262, 3265, 3311, 3428, 3515, 3903, 6086.
[[nodiscard]] bool is_known_method(std::string_view method);

// The first hop's Via shows whether the originator speaks RFC 2543: no branch that begins with the cookie.
[[nodiscard]] bool speaks_rfc2543(const sip::MessageView& message);

// The tags of Proxy-Require that the policy does not list, in their order.
[[nodiscard]] std::vector<std::string_view> unsupported_options(const sip::MessageView& message,
                                                                const Policy& policy);

// "'text'", safe to print and cut.
[[nodiscard]] std::string shown(std::string_view text);

}  // namespace trunkbox::sbc

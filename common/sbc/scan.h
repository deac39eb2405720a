// The usual forms of addresses and Vias, each read in one pass and without a copy: nearly all that is sent. What has
// another form, sound or not, is left to the readers of the whole grammar. Private to the reading.
#pragma once

#include <string_view>

#include "sip/name_addr.h"
#include "sip/uri.h"
#include "sip/via.h"

namespace trunkbox::sbc {

// Each text is a part of the buffer, and not at its end: a blank or a line end stands behind it. False when it has
// another form; then what is returned is in any state.

// sip:[user@]host[:port][;parameters]; a user of letters, digits and "+-_.", a host that is no IPv6 address. `plain`:
// the user is a number or a name and nothing else, "" too.
[[nodiscard]] bool scan_uri(std::string_view buffer, std::string_view text, sip::UriView& uri, bool& plain);

// [display] <URI>[;parameters], each parameter once, "expires" not among them, no '<' in the display name. `tag` is the
// value of the one of that name, and stays as it is without one; `plain` is said of the user.
[[nodiscard]] bool scan_address(std::string_view buffer, std::string_view text, sip::NameAddr& field, sip::UriView& uri,
                                std::string_view& tag, bool& plain);

// SIP/2.0/transport host[:port];parameters with a branch.
[[nodiscard]] bool scan_via(std::string_view buffer, std::string_view text, sip::Via& via, std::string_view& branch);

}  // namespace trunkbox::sbc

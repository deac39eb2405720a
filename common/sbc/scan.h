// The usual forms of addresses and Vias, each read in one pass and without a copy: nearly all that is sent. What has
// another form, sound or not, is left to the readers of the whole grammar. Private to the reading.
#pragma once

#include <string_view>

#include "sip/name_addr.h"
#include "sip/uri.h"
#include "sip/via.h"

namespace trunkbox::sbc {

// sip:[user@]host[:port][;parameters]; a user of letters, digits and "+-_.", a host that is no IPv6 address.
// False when it has another form; then `uri` is in any state.
[[nodiscard]] bool scan_uri(std::string_view text, sip::UriView& uri);

// [display] <URI>[;parameters], each parameter once, "expires" not among them, no '<' in the display name. `tag`
// becomes the value of the one of that name.
[[nodiscard]] bool scan_address(std::string_view text, sip::NameAddr& field, sip::UriView& uri, std::string_view& tag);

// SIP/2.0/transport host[:port];parameters with a branch.
[[nodiscard]] bool scan_via(std::string_view text, sip::Via& via, std::string_view& branch);

}  // namespace trunkbox::sbc

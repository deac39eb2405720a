// SDP text (RFC 8866) to media::Session and back.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "media/sdp.h"

namespace trunkbox::sofia {

// The session owns its texts. Missing t= or c= lines are forgiven, as the field sends them. Lines other than v, o, s,
// c, m and a are read and not kept. Error: Fault::input.
[[nodiscard]] Result<media::Session> parse_sdp(std::string_view text);

// Lines end in CRLF; t= is "0 0". Every a=rtpmap is written, also the static ones that RFC 3551 would allow to leave
// out. Control characters in the session's texts, which would make other lines of them, become blanks.
[[nodiscard]] std::string print_sdp(const media::Session& session);

}  // namespace trunkbox::sofia

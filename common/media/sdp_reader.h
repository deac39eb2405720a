// SDP (RFC 8866) of others, as it stands in a capture: what can be understood is taken, nothing is refused.
#pragma once

#include <string_view>

#include "media/sdp.h"

namespace trunkbox::media {

// The sections that announce media, at most 32 of them with 128 formats each. A line that is no SDP, lacks fields or
// has numbers out of range is passed over; so is a format that is no payload type. Lines other than c, m and a are not
// kept. A session that announces nothing has no streams.
[[nodiscard]] Session read_sdp(std::string_view body);

// Where RTCP for the stream goes (RFC 3605 a=rtcp, RFC 5761 a=rtcp-mux): the port after `rtp`'s unless it says another.
[[nodiscard]] net::Endpoint rtcp_endpoint(const Stream& stream, const net::Endpoint& rtp);

}  // namespace trunkbox::media

// One UDP datagram as an IP packet without a link layer (link type 101 of a capture file), built and read back.
// It takes no fragments apart and no tunnels.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "net/address.h"

namespace trunkbox::net {

// The link type "raw IP" in the registry that capture files use: the packet begins with its IPv4 or IPv6 header.
inline constexpr int link_type_raw_ip = 101;

struct UdpPacket {
    Endpoint from, to;
    std::string_view payload;  // in the packet's buffer
};

// The largest payload that one packet carries: 65507 over IPv4, 65527 over IPv6.
[[nodiscard]] std::size_t most_udp_payload(const Ip& ip);

// IPv4 (RFC 791) or IPv6 (RFC 8200) and UDP (RFC 768) around the payload, with right checksums. Both endpoints are
// of one family and the payload fits; anything else is a bug of the caller (std::invalid_argument).
[[nodiscard]] std::string udp_packet(const Endpoint& from, const Endpoint& to, std::string_view payload);

// Reads such a packet back; IPv4 options are skipped. Error: cut, not UDP, a fragment, or a checksum that is wrong.
[[nodiscard]] Result<UdpPacket> parse_udp_packet(std::string_view packet);

}  // namespace trunkbox::net

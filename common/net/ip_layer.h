// IPv4 (RFC 791) and IPv6 (RFC 8200) headers of a frame, with the headers between them and what they carry.
#pragma once

#include "net/address.h"
#include "net/layer.h"

namespace trunkbox::net {

namespace ip_protocol {
inline constexpr std::uint8_t ip4 = 4, tcp = 6, udp = 17, ip6 = 41, fragment = 44, gre = 47, authentication = 51,
                              sctp = 132, mpls = 137;
}

inline constexpr std::size_t ip4_header = 20, ip6_header = 40;  // bytes, without options and extensions

struct IpPacket {
    Ip from{};
    Ip to{};
    std::uint8_t protocol = 0;  // of the payload
    Layer payload{};
    // Of a fragment:
    bool fragment = false;
    bool more = false;          // not the last one
    std::uint32_t id = 0;
    std::uint32_t offset = 0;   // bytes
    std::uint32_t before = 0;   // what the length field counts of the headers before the fragmented part
};

[[nodiscard]] Stop read_ip4(const Layer& layer, IpPacket& packet);
// Extension headers are passed over, up to a fragment header or the payload.
[[nodiscard]] Stop read_ip6(const Layer& layer, IpPacket& packet);
// The extension headers that a reassembled packet begins with; also the authentication header of IPv4 (RFC 4302).
[[nodiscard]] Stop read_extensions(IpPacket& packet);

}  // namespace trunkbox::net

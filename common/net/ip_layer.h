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

// Of nearly every frame: so it is here, to be a part of who asks.
[[nodiscard]] Stop read_ip4(const Layer& layer, IpPacket& packet);
// Extension headers are passed over, up to a fragment header or the payload.
[[nodiscard]] Stop read_ip6(const Layer& layer, IpPacket& packet);
// The extension headers that a reassembled packet begins with; also the authentication header of IPv4 (RFC 4302).
[[nodiscard]] Stop read_extensions(IpPacket& packet);

inline Stop read_ip4(const Layer& layer, IpPacket& packet) {
    if (!layer.has(ip4_header)) return too_short(layer, ip4_header, "IPv4 header");
    auto bytes = layer.bytes;
    auto first = be8(bytes, 0);
    std::size_t header = (first & 0xfU) * std::size_t{4}, total = be16(bytes, 2);
    if (first >> 4U != 4) return Outcome{Fate::damaged, "IP version"};
    if (header < ip4_header) return Outcome{Fate::damaged, "IPv4 header length"};
    packet.protocol = be8(bytes, 9);
    // Captured where the sender's card had yet to cut a stream into segments, it is 0.
    if (total == 0 && packet.protocol == ip_protocol::tcp) total = layer.wire;
    if (total < header || total > layer.wire) return Outcome{Fate::damaged, "IPv4 length"};
    if (!layer.has(header)) return Outcome{Fate::cut, "IPv4 header"};
    packet.from = Ip::v4(be32(bytes, 12));
    packet.to = Ip::v4(be32(bytes, 16));
    packet.payload = layer.first(total).behind(header);
    auto field = be16(bytes, 6);
    packet.fragment = (field & 0x3fffU) != 0;
    if (packet.fragment) {
        packet.more = (field & 0x2000U) != 0;
        packet.offset = (field & 0x1fffU) * 8U;
        packet.id = be16(bytes, 4);
        packet.before = static_cast<std::uint32_t>(header);
    } else if (packet.protocol == ip_protocol::authentication) {
        return read_extensions(packet);
    }
    return {};
}

}  // namespace trunkbox::net

// From the link layer of a frame to what it carries, and the headers between it and IP: tags, labels, sessions.
#pragma once

#include "net/layer.h"
#include "net/packet.h"

namespace trunkbox::net {

// Numbers of the registry of Ethernet types; below 0x600 the field is a length.
namespace ether_type {
inline constexpr std::uint16_t ip4 = 0x0800, ip6 = 0x86dd;
inline constexpr std::uint16_t vlan = 0x8100, service_vlan = 0x88a8, old_service_vlan = 0x9100;
inline constexpr std::uint16_t mpls = 0x8847, mpls_multicast = 0x8848;
inline constexpr std::uint16_t pppoe_session = 0x8864;
inline constexpr std::uint16_t ethernet = 0x6558;  // a whole frame, "transparent bridging"
inline constexpr std::uint16_t ppp = 0x880b;
inline constexpr std::uint16_t erspan = 0x88be, erspan3 = 0x22eb;
inline constexpr std::uint16_t least = 0x0600;
}  // namespace ether_type

inline constexpr int link_type_ethernet = 1;

// What comes next: a type and what it is the type of.
struct Carried {
    std::uint16_t type = 0;
    Layer layer{};
};

[[nodiscard]] inline Stop read_ethernet(const Layer& frame, Carried& carried) {
    if (!frame.has(14)) return too_short(frame, 14, "Ethernet");
    carried = {be16(frame.bytes, 12), frame.behind(14)};
    return {};
}
// No link layer at all: IP says which it is.
[[nodiscard]] inline Stop read_ip_version(const Layer& layer, Carried& carried) {
    if (!layer.has(1)) return too_short(layer, 1, "IP header");
    auto version = be8(layer.bytes, 0) >> 4U;
    if (version != 4 && version != 6) return Outcome{Fate::damaged, "IP version"};
    carried = {version == 4 ? ether_type::ip4 : ether_type::ip6, layer};
    return {};
}
// All but the two that nearly all captures have.
[[nodiscard]] Stop read_other_link(int link_type, const Layer& frame, Carried& carried);
[[nodiscard]] inline Stop read_link(int link_type, const Layer& frame, Carried& carried) {
    if (link_type == link_type_ethernet) return read_ethernet(frame, carried);
    if (link_type == link_type_raw_ip) return read_ip_version(frame, carried);
    return read_other_link(link_type, frame, carried);
}
// One header of those above that is neither IP nor GRE's: VLAN, MPLS, PPPoE, PPP, ERSPAN, or a length with LLC behind.
// Stops with Fate::no_payload at what carries no IP.
[[nodiscard]] Stop read_shim(Carried& carried);
// GRE (RFC 2784, 2890; the enhanced one of PPTP, RFC 2637) and the ERSPAN header behind it.
[[nodiscard]] Stop read_gre(const Layer& layer, Carried& carried);

}  // namespace trunkbox::net

// From the link layer of a frame to what it carries, and the headers between it and IP: tags, labels, sessions.
#pragma once

#include "net/layer.h"

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

// What comes next: a type and what it is the type of.
struct Carried {
    std::uint16_t type = 0;
    Layer layer{};
};

[[nodiscard]] Stop read_link(int link_type, const Layer& frame, Carried& carried);
[[nodiscard]] Stop read_ethernet(const Layer& frame, Carried& carried);
// One header of those above that is neither IP nor GRE's: VLAN, MPLS, PPPoE, PPP, ERSPAN, or a length with LLC behind.
// Stops with Fate::no_payload at what carries no IP.
[[nodiscard]] Stop read_shim(Carried& carried);
// GRE (RFC 2784, 2890; the enhanced one of PPTP, RFC 2637) and the ERSPAN header behind it.
[[nodiscard]] Stop read_gre(const Layer& layer, Carried& carried);

}  // namespace trunkbox::net

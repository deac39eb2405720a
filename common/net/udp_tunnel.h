// What is carried in UDP and is no payload: VXLAN (RFC 7348), GENEVE (RFC 8926), GTP-U (3GPP TS 29.281). Known by
// the port and by a header that holds; anything else on these ports is a datagram like any other.
#pragma once

#include "net/link_layer.h"

namespace trunkbox::net {

[[nodiscard]] inline bool is_tunnel_port(std::uint16_t port) {
    return port == 4789 || port == 8472 || port == 6081 || port == 2152;
}
// Of the port that the datagram went to.
[[nodiscard]] bool read_udp_tunnel(std::uint16_t port, const Layer& datagram, Carried& carried);

}  // namespace trunkbox::net

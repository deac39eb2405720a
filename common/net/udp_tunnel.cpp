#include "net/udp_tunnel.h"

namespace trunkbox::net {

namespace {

bool has_ip(const Layer& layer, Carried& carried) {
    if (!layer.has(1)) return false;
    auto version = be8(layer.bytes, 0) >> 4U;
    if (version != 4 && version != 6) return false;
    carried = {version == 4 ? ether_type::ip4 : ether_type::ip6, layer};
    return true;
}

bool read_vxlan(const Layer& layer, Carried& carried) {
    // One flag, the network's number, and reserved bytes that are zero.
    if (!layer.has(8) || be32(layer.bytes, 0) != 0x08000000 || be8(layer.bytes, 7) != 0) return false;
    carried = {ether_type::ethernet, layer.behind(8)};
    return carried.layer.wire >= 14;
}

bool read_geneve(const Layer& layer, Carried& carried) {
    if (!layer.has(8)) return false;
    auto first = be8(layer.bytes, 0);
    std::size_t header = 8 + (first & 0x3fU) * std::size_t{4};
    if (first >> 6U != 0 || (be8(layer.bytes, 1) & 0x3fU) != 0 || be8(layer.bytes, 7) != 0) return false;
    if (!layer.has(header)) return false;
    auto type = be16(layer.bytes, 2);
    if (type != ether_type::ethernet && type != ether_type::ip4 && type != ether_type::ip6) return false;
    carried = {type, layer.behind(header)};
    return true;
}

bool read_gtp(const Layer& layer, Carried& carried) {
    constexpr std::size_t least = 8;
    if (!layer.has(least)) return false;
    auto flags = be8(layer.bytes, 0);
    bool user_data = flags >> 4U == 3 && be8(layer.bytes, 1) == 0xff;  // version 1, GTP and no GTP'
    std::size_t length = be16(layer.bytes, 2);
    if (!user_data || length > layer.wire - least) return false;
    auto whole = layer.first(least + length);
    std::size_t header = least;
    if ((flags & 7U) != 0) {  // a sequence number, an N-PDU number, or headers that follow: all three have a place
        header += 4;
        if (!whole.has(header)) return false;
        auto next = (flags & 4U) != 0 ? be8(whole.bytes, header - 1) : 0U;
        while (next != 0) {
            if (!whole.has(header + 4)) return false;
            auto size = be8(whole.bytes, header) * std::size_t{4};
            if (size == 0 || !whole.has(header + size)) return false;
            header += size;
            next = be8(whole.bytes, header - 1);
        }
    }
    return has_ip(whole.behind(header), carried);
}

}  // namespace

bool read_udp_tunnel(std::uint16_t port, const Layer& datagram, Carried& carried) {
    switch (port) {
        case 4789:
        case 8472: return read_vxlan(datagram, carried);
        case 6081: return read_geneve(datagram, carried);
        case 2152: return read_gtp(datagram, carried);
        default: return false;
    }
}

}  // namespace trunkbox::net

#include "net/link_layer.h"

namespace trunkbox::net {

namespace {

// Numbers of the registry of link types that capture files use.
enum LinkType : int {
    link_null = 0, link_raw_bsd = 12, link_raw_openbsd = 14, link_loop = 108, link_sll = 113,
    link_ip4 = 228, link_ip6 = 229, link_sll2 = 276,
};

constexpr Outcome nothing{Fate::no_payload, {}};

// An address family of the machine that captured, in its byte order; IPv6 has a number on each system.
Stop read_family(const Layer& layer, Carried& carried) {
    if (!layer.has(4)) return too_short(layer, 4, "link layer");
    auto family = be32(layer.bytes, 0);
    if (family > 0xffff) family = __builtin_bswap32(family);
    if (family == 2) carried = {ether_type::ip4, layer.behind(4)};
    else if (family == 10 || family == 24 || family == 28 || family == 30) carried = {ether_type::ip6, layer.behind(4)};
    else return nothing;
    return {};
}

// What Linux puts in the place of a link layer when it captures on all interfaces. Types below the least Ethernet type
// are Linux's own: 4 is LLC.
Stop read_cooked(const Layer& layer, std::size_t header, std::size_t type_at, Carried& carried) {
    if (!layer.has(header)) return too_short(layer, header, "link layer");
    carried = {be16(layer.bytes, type_at), layer.behind(header)};
    if (carried.type < ether_type::least && carried.type != 4) return nothing;
    return {};
}

// IEEE 802.2 with SNAP, where the type stands behind the length; nothing else carries IP.
Stop read_llc(Carried& carried) {
    const auto& layer = carried.layer;
    if (!layer.has(8)) return layer.is_cut() ? Outcome{Fate::cut, "LLC"} : nothing;
    constexpr std::string_view snap("\xaa\xaa\x03\0\0\0", 6);
    if (!layer.bytes.starts_with(snap)) return nothing;
    carried = {be16(layer.bytes, 6), layer.behind(8)};
    return carried.type < ether_type::least ? Stop(nothing) : Stop();
}

// Labels (RFC 3032) down to the bottom of the stack. What is below has no type: IP shows its version, and an Ethernet
// pseudowire (RFC 4448) begins with a control word of which the first half-byte is 0, or with an address.
Stop read_mpls(Carried& carried) {
    auto& layer = carried.layer;
    for (;;) {
        if (!layer.has(4)) return too_short(layer, 4, "MPLS");
        bool bottom = (be8(layer.bytes, 2) & 1U) != 0;
        layer = layer.behind(4);
        if (bottom) break;
    }
    if (!layer.has(1)) return too_short(layer, 1, "MPLS");
    auto half = be8(layer.bytes, 0) >> 4U;
    if (half == 4 || half == 6) return read_ip_version(layer, carried);
    if (half == 1) return nothing;  // an associated channel (RFC 4385)
    if (half == 0) {
        if (!layer.has(4)) return too_short(layer, 4, "MPLS");
        layer = layer.behind(4);
    }
    carried.type = ether_type::ethernet;
    return {};
}

Stop read_ppp(Carried& carried) {
    auto& layer = carried.layer;
    if (layer.has(2) && be16(layer.bytes, 0) == 0xff03) layer = layer.behind(2);  // HDLC address and control
    if (!layer.has(2)) return too_short(layer, 2, "PPP");
    // The protocol may be compressed to one byte, which is odd (RFC 1661 section 6.5).
    std::size_t length = (be8(layer.bytes, 0) & 1U) != 0 ? 1 : 2;
    auto protocol = length == 1 ? be8(layer.bytes, 0) : be16(layer.bytes, 0);
    layer = layer.behind(length);
    if (protocol == 0x0021) carried.type = ether_type::ip4;
    else if (protocol == 0x0057) carried.type = ether_type::ip6;
    else if (protocol == 0x0281) carried.type = ether_type::mpls;
    else return nothing;
    return {};
}

Stop read_pppoe(Carried& carried) {
    const auto& layer = carried.layer;
    if (!layer.has(6)) return too_short(layer, 6, "PPPoE");
    std::size_t length = be16(layer.bytes, 4);
    auto session = layer.behind(6);
    if (be8(layer.bytes, 0) != 0x11 || length > session.wire) return Outcome{Fate::damaged, "PPPoE"};
    if (be8(layer.bytes, 1) != 0) return nothing;  // discovery
    carried.layer = session.first(length);
    return read_ppp(carried);
}

// Type II, and III with its timestamp and, where a bit says so, eight bytes more.
Stop read_erspan(Carried& carried) {
    const auto& layer = carried.layer;
    bool third = carried.type == ether_type::erspan3;
    std::size_t header = third ? 12 : 8;
    if (!layer.has(header)) return too_short(layer, header, "ERSPAN");
    if (be8(layer.bytes, 0) >> 4U != (third ? 2U : 1U)) return Outcome{Fate::damaged, "ERSPAN"};
    auto frame_type = third ? be8(layer.bytes, 10) >> 2U & 0x1fU : 0U;
    if (third && (be8(layer.bytes, 11) & 1U) != 0) header += 8;
    if (!layer.has(header)) return too_short(layer, header, "ERSPAN");
    carried = {ether_type::ethernet, layer.behind(header)};
    return frame_type == 2 ? read_ip_version(carried.layer, carried) : Stop();
}

}  // namespace

Stop read_other_link(int link_type, const Layer& frame, Carried& carried) {
    switch (link_type) {
        case link_null:
        case link_loop: return read_family(frame, carried);
        case link_raw_bsd:
        case link_raw_openbsd: return read_ip_version(frame, carried);
        case link_ip4: carried = {ether_type::ip4, frame}; return {};
        case link_ip6: carried = {ether_type::ip6, frame}; return {};
        case link_sll: return read_cooked(frame, 16, 14, carried);
        case link_sll2: return read_cooked(frame, 20, 0, carried);
        default: return Outcome{Fate::unknown_link, {}};
    }
}

Stop read_shim(Carried& carried) {
    auto& layer = carried.layer;
    switch (carried.type) {
        case ether_type::vlan:
        case ether_type::service_vlan:
        case ether_type::old_service_vlan:
            if (!layer.has(4)) return too_short(layer, 4, "VLAN");
            carried = {be16(layer.bytes, 2), layer.behind(4)};
            return {};
        case ether_type::mpls:
        case ether_type::mpls_multicast: return read_mpls(carried);
        case ether_type::pppoe_session: return read_pppoe(carried);
        case ether_type::ppp: return read_ppp(carried);
        case ether_type::erspan:
        case ether_type::erspan3: return read_erspan(carried);
        case ether_type::ethernet: return read_ethernet(Layer(layer), carried);
        default: return carried.type < ether_type::least ? read_llc(carried) : Stop(nothing);
    }
}

Stop read_gre(const Layer& layer, Carried& carried) {
    if (!layer.has(4)) return too_short(layer, 4, "GRE");
    auto flags = be16(layer.bytes, 0);
    constexpr unsigned checksum = 0x8000, routing = 0x4000, key = 0x2000, sequence = 0x1000, acknowledgment = 0x0080;
    auto version = flags & 7U;
    if (version > 1) return Outcome{Fate::damaged, "GRE"};
    if ((flags & routing) != 0) return nothing;  // RFC 1701's; nobody routes by it
    std::size_t header = 4;
    for (auto part : {checksum, key, sequence})
        if ((flags & part) != 0) header += 4;
    if (version == 1 && (flags & acknowledgment) != 0) header += 4;
    if (!layer.has(header)) return too_short(layer, header, "GRE");
    carried = {be16(layer.bytes, 2), layer.behind(header)};
    // ERSPAN's first type has no header of its own, and no sequence number says so.
    if (carried.type == ether_type::erspan && (flags & sequence) == 0) carried.type = ether_type::ethernet;
    if (version == 1 && carried.layer.wire == 0) return nothing;
    return {};
}

}  // namespace trunkbox::net

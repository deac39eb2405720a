#include "net/ip_layer.h"

namespace trunkbox::net {

namespace {

// Hosts send each extension header once; a chain of hundreds only costs time.
constexpr int most_extensions = 16;

enum Extension : std::uint8_t {
    hop_by_hop = 0, routing = 43, authentication = ip_protocol::authentication, destination_options = 60,
    mobility = 135, identity = 139, shim6 = 140,
};

Ip ip6_at(std::string_view bytes, std::size_t at) {
    std::array<std::uint8_t, 16> raw{};
    std::memcpy(raw.data(), bytes.data() + at, raw.size());
    return Ip::v6(raw);
}

void read_fragment_header(std::string_view bytes, IpPacket& packet) {
    auto field = be16(bytes, 2);
    packet.fragment = true;
    packet.more = (field & 1U) != 0;
    packet.offset = field & 0xfff8U;
    packet.id = be32(bytes, 4);
    packet.protocol = be8(bytes, 0);
}

}  // namespace

Stop read_ip6(const Layer& layer, IpPacket& packet) {
    if (!layer.has(ip6_header)) return too_short(layer, ip6_header, "IPv6 header");
    auto bytes = layer.bytes;
    if (be8(bytes, 0) >> 4U != 6) return Outcome{Fate::damaged, "IP version"};
    auto rest = layer.behind(ip6_header);
    std::size_t length = be16(bytes, 4);
    packet.protocol = be8(bytes, 6);
    // A jumbogram says its length in an option (RFC 2675), and a stream not yet cut into segments says none.
    if (length == 0 && (packet.protocol == hop_by_hop || packet.protocol == ip_protocol::tcp)) length = rest.wire;
    if (length > rest.wire) return Outcome{Fate::damaged, "IPv6 length"};
    packet.from = ip6_at(bytes, 8);
    packet.to = ip6_at(bytes, 24);
    packet.payload = rest.first(length);
    packet.before = 0;
    if (packet.protocol == ip_protocol::udp) return {};
    auto stop = read_extensions(packet);
    if (!stop && packet.fragment) packet.before = static_cast<std::uint32_t>(length - packet.payload.wire - 8);
    return stop;
}

Stop read_extensions(IpPacket& packet) {
    packet.fragment = false;
    for (int count = 0;; ++count) {
        auto& layer = packet.payload;
        auto kind = packet.protocol;
        bool known = kind == hop_by_hop || kind == routing || kind == destination_options || kind == mobility ||
                     kind == identity || kind == shim6 || kind == authentication;
        if (!known && kind != ip_protocol::fragment) return {};
        if (count == most_extensions) return Outcome{Fate::damaged, "IPv6 extension headers"};
        if (!layer.has(8)) return too_short(layer, 8, "IPv6 extension header");
        if (kind == ip_protocol::fragment) {
            read_fragment_header(layer.bytes, packet);
            layer = layer.behind(8);
            if (packet.more || packet.offset != 0) return {};
            packet.fragment = false;  // the only one (RFC 6946): a whole packet
            continue;
        }
        // In units of eight bytes beyond the first, but for the authentication header: of four, beyond two.
        std::size_t units = be8(layer.bytes, 1);
        std::size_t length = kind == authentication ? (units + 2) * 4 : (units + 1) * 8;
        if (!layer.has(length)) return too_short(layer, length, "IPv6 extension header");
        packet.protocol = be8(layer.bytes, 0);
        layer = layer.behind(length);
    }
}

}  // namespace trunkbox::net

#include "net/hep.h"

#include "net/ip_layer.h"

namespace trunkbox::net {

namespace {

constexpr std::size_t packet_header = 6, hep_chunk_header = 6;

// Chunks of the generic vendor, 0.
enum Chunk : std::uint16_t {
    transport_protocol = 2, from_ip4 = 3, to_ip4 = 4, from_ip6 = 5, to_ip6 = 6, from_port = 7, to_port = 8,
    time_seconds = 9, time_microseconds = 10, payload = 15,
};

struct Fields {
    HepPacket packet{};
    std::optional<std::uint32_t> seconds{};
    std::uint32_t microseconds = 0;
    bool has_payload = false;
};

Ip ip_of(std::string_view value) {
    if (value.size() == 4) return Ip::v4(be32(value, 0));
    std::array<std::uint8_t, 16> raw{};
    std::memcpy(raw.data(), value.data(), raw.size());
    return Ip::v6(raw);
}

Transport transport_of(std::uint8_t protocol) {
    if (protocol == ip_protocol::tcp) return Transport::tcp;
    return protocol == ip_protocol::sctp ? Transport::sctp : Transport::udp;
}

void read_chunk(std::uint16_t type, const Layer& value, Fields& fields) {
    auto bytes = value.bytes;
    if (type == payload) {
        fields.packet.payload = value;
        fields.has_payload = true;
        return;
    }
    if (value.is_cut()) return;
    auto& packet = fields.packet;
    switch (type) {
        case transport_protocol:
            if (bytes.size() == 1) packet.transport = transport_of(be8(bytes, 0));
            break;
        case from_ip4:
        case from_ip6:
            if (bytes.size() == (type == from_ip4 ? 4 : 16)) packet.from.ip = ip_of(bytes);
            break;
        case to_ip4:
        case to_ip6:
            if (bytes.size() == (type == to_ip4 ? 4 : 16)) packet.to.ip = ip_of(bytes);
            break;
        case from_port:
            if (bytes.size() == 2) packet.from.port = be16(bytes, 0);
            break;
        case to_port:
            if (bytes.size() == 2) packet.to.port = be16(bytes, 0);
            break;
        case time_seconds:
            if (bytes.size() == 4) fields.seconds = be32(bytes, 0);
            break;
        case time_microseconds:
            if (bytes.size() == 4) fields.microseconds = be32(bytes, 0);
            break;
        default: break;
    }
}

}  // namespace

std::optional<HepPacket> read_hep(const Layer& datagram) {
    if (!may_be_hep(datagram.bytes) || !datagram.has(packet_header)) return std::nullopt;
    std::size_t length = be16(datagram.bytes, 4);
    if (length < packet_header || length > datagram.wire) return std::nullopt;
    Fields fields;
    auto rest = datagram.first(length).behind(packet_header);
    while (rest.wire > 0) {
        if (!rest.has(hep_chunk_header)) {
            if (rest.is_cut()) break;
            return std::nullopt;
        }
        std::size_t size = be16(rest.bytes, 4);
        if (size < hep_chunk_header || size > rest.wire) return std::nullopt;
        if (be16(rest.bytes, 0) == 0) read_chunk(be16(rest.bytes, 2), rest.first(size).behind(hep_chunk_header), fields);
        if (!rest.has(size)) break;
        rest = rest.behind(size);
    }
    if (!fields.has_payload) return std::nullopt;
    if (fields.seconds)
        fields.packet.time =
            Time(std::chrono::seconds(*fields.seconds) + std::chrono::microseconds(fields.microseconds));
    return fields.packet;
}

}  // namespace trunkbox::net

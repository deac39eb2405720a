#include "net/packet.h"

#include <cstdint>
#include <stdexcept>

#include <fmt/format.h>

#include "net/ip_layer.h"

namespace trunkbox::net {

namespace {

constexpr std::size_t udp_header = 8;
constexpr std::uint8_t protocol_udp = 17;
constexpr std::uint8_t hops = 64;

void put8(std::string& out, std::size_t value) { out.push_back(static_cast<char>(value & 0xff)); }
void put16(std::string& out, std::size_t value) {
    put8(out, value >> 8);
    put8(out, value);
}
void put(std::string& out, const Ip& ip) {
    out.append(reinterpret_cast<const char*>(ip.bytes().data()), ip.is_v6() ? 16 : 4);
}

std::uint16_t get16(std::string_view bytes, std::size_t place) {
    return static_cast<std::uint16_t>(static_cast<unsigned char>(bytes[place]) << 8 |
                                      static_cast<unsigned char>(bytes[place + 1]));
}
std::uint8_t get8(std::string_view bytes, std::size_t place) { return static_cast<std::uint8_t>(bytes[place]); }

Ip get_ip(std::string_view bytes, std::size_t place, bool v6) {
    std::array<std::uint8_t, 16> raw{};
    for (std::size_t i = 0; i < (v6 ? 16u : 4u); ++i) raw[i] = get8(bytes, place + i);
    if (v6) return Ip::v6(raw);
    return Ip::v4(std::uint32_t{get16(bytes, place)} << 16 | get16(bytes, place + 2));
}

// The Internet checksum (RFC 1071): a one's complement sum of 16-bit words, carried on from `sum`.
std::uint32_t add_words(std::string_view bytes, std::uint32_t sum = 0) {
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) sum += get16(bytes, i);
    if (bytes.size() % 2 != 0) sum += std::uint32_t{get8(bytes, bytes.size() - 1)} << 8;
    return sum;
}
std::uint16_t checksum(std::uint32_t sum) {
    while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(~sum);
}

// Addresses, protocol and length count too (RFC 768, RFC 8200 section 8.1).
std::uint32_t pseudo_header(const Ip& from, const Ip& to, std::size_t udp_length) {
    std::string header;
    put(header, from);
    put(header, to);
    put16(header, protocol_udp);
    put16(header, udp_length);
    return add_words(header);
}

void set16(std::string& out, std::size_t place, std::uint16_t value) {
    out[place] = static_cast<char>(value >> 8);
    out[place + 1] = static_cast<char>(value & 0xff);
}

std::string ip_header(const Ip& from, const Ip& to, std::size_t udp_length) {
    std::string out;
    if (from.is_v6()) {
        put16(out, 0x6000);  // version 6, no traffic class, no flow label
        put16(out, 0);
        put16(out, udp_length);
        put8(out, protocol_udp);
        put8(out, hops);
    } else {
        put16(out, 0x4500);  // version 4, five words, no type of service
        put16(out, ip4_header + udp_length);
        put16(out, 0);       // identification: none, an atomic datagram (RFC 6864)
        put16(out, 0x4000);  // do not fragment
        put8(out, hops);
        put8(out, protocol_udp);
        put16(out, 0);  // checksum, below
    }
    put(out, from);
    put(out, to);
    if (!from.is_v6()) set16(out, 10, checksum(add_words(out)));
    return out;
}

tl::unexpected<Error> bad(std::string what) { return failure(Fault::input, "packet", std::move(what)); }

struct Payload {  // what an IP header says of its payload
    Ip from, to;
    std::string_view bytes;
};

Result<Payload> parse_ip4(std::string_view packet) {
    if (packet.size() < ip4_header) return bad("cut in its IPv4 header");
    std::size_t header = std::size_t{get8(packet, 0)} % 16 * 4;
    std::size_t total = get16(packet, 2);
    if (header < ip4_header || total < header) return bad("the lengths in its IPv4 header disagree");
    if (packet.size() < total) return bad(fmt::format("cut: {} of {} bytes", packet.size(), total));
    if (checksum(add_words(packet.substr(0, header))) != 0) return bad("the checksum of its IPv4 header is wrong");
    if ((get16(packet, 6) & 0x3fff) != 0) return bad("a fragment");
    if (get8(packet, 9) != protocol_udp) return bad(fmt::format("protocol {} is not UDP", get8(packet, 9)));
    return Payload{get_ip(packet, 12, false), get_ip(packet, 16, false), packet.substr(header, total - header)};
}

Result<Payload> parse_ip6(std::string_view packet) {
    if (packet.size() < ip6_header) return bad("cut in its IPv6 header");
    std::size_t length = get16(packet, 4);
    if (packet.size() < ip6_header + length)
        return bad(fmt::format("cut: {} of {} bytes", packet.size(), ip6_header + length));
    if (get8(packet, 6) != protocol_udp) return bad(fmt::format("next header {} is not UDP", get8(packet, 6)));
    return Payload{get_ip(packet, 8, true), get_ip(packet, 24, true), packet.substr(ip6_header, length)};
}

}  // namespace

std::size_t most_udp_payload(const Ip& ip) {
    // The length field counts the header in IPv4, but not in IPv6.
    return 65535 - udp_header - (ip.is_v6() ? 0 : ip4_header);
}

std::string udp_packet(const Endpoint& from, const Endpoint& to, std::string_view payload) {
    if (from.ip.is_v6() != to.ip.is_v6()) throw std::invalid_argument("a packet between IPv4 and IPv6");
    if (payload.size() > most_udp_payload(from.ip)) throw std::invalid_argument("a payload that no packet carries");
    auto length = udp_header + payload.size();
    auto packet = ip_header(from.ip, to.ip, length);
    auto udp = packet.size();
    put16(packet, from.port);
    put16(packet, to.port);
    put16(packet, length);
    put16(packet, 0);
    packet.append(payload);
    auto sum = checksum(add_words(std::string_view(packet).substr(udp), pseudo_header(from.ip, to.ip, length)));
    // Zero on the wire means "none".
    set16(packet, udp + 6, sum == 0 ? 0xffff : sum);
    return packet;
}

Result<UdpPacket> parse_udp_packet(std::string_view packet) {
    if (packet.empty()) return bad("empty");
    auto version = get8(packet, 0) >> 4;
    if (version != 4 && version != 6) return bad(fmt::format("IP version {}", version));
    auto carried = version == 4 ? parse_ip4(packet) : parse_ip6(packet);
    if (!carried) return tl::unexpected(carried.error());
    auto bytes = carried->bytes;
    if (bytes.size() < udp_header) return bad("cut in its UDP header");
    std::size_t length = get16(bytes, 4);
    if (length < udp_header || length > bytes.size()) return bad("the length in its UDP header is wrong");
    bytes = bytes.substr(0, length);
    auto stated = get16(bytes, 6);
    if (stated == 0 && version == 6) return bad("no UDP checksum, which IPv6 demands");
    if (stated != 0 && checksum(add_words(bytes, pseudo_header(carried->from, carried->to, length))) != 0)
        return bad("the UDP checksum is wrong");
    return UdpPacket{{carried->from, get16(bytes, 0)}, {carried->to, get16(bytes, 2)}, bytes.substr(udp_header)};
}

}  // namespace trunkbox::net

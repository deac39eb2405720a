#include "support/frames.h"

#include <stdexcept>

namespace trunkbox::test {

namespace {

std::string n8(std::size_t value) { return std::string(1, static_cast<char>(value & 0xff)); }

std::string address(const net::Ip& ip) {
    return {reinterpret_cast<const char*>(ip.bytes().data()), ip.is_v6() ? std::size_t{16} : std::size_t{4}};
}

// The Internet checksum (RFC 1071).
std::string checksum(std::string_view bytes) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        sum += static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (i % 2 == 0 ? 8U : 0U);
    while (sum >> 16U != 0) sum = (sum & 0xffffU) + (sum >> 16U);
    return n16(~sum & 0xffffU);
}

Part ip4(const Flow& flow, std::uint8_t protocol, const std::string& place, std::string_view bytes) {
    auto begin = "\x45" + n8(0) + n16(20 + bytes.size()) + place + n8(64) + n8(protocol);
    auto end = address(flow.from.ip) + address(flow.to.ip);
    return {begin + checksum(begin + n16(0) + end) + end + std::string(bytes), 0x0800, 4, 228};
}

Part ip6(const Flow& flow, std::uint8_t protocol, std::string_view bytes) {
    return {n32(0x60000000) + n16(bytes.size()) + n8(protocol) + n8(64) + address(flow.from.ip) + address(flow.to.ip) +
                std::string(bytes),
            0x86dd, 41, 229};
}

std::string transport_checksum(const Flow& flow, std::uint8_t protocol, const std::string& bytes) {
    auto sum = checksum(address(flow.from.ip) + address(flow.to.ip) + n32(bytes.size()) + n32(protocol) + bytes);
    return sum == std::string(2, '\0') && protocol == 17 ? std::string("\xff\xff") : sum;
}

}  // namespace

std::string n16(std::size_t value) { return n8(value >> 8U) + n8(value); }
std::string n32(std::size_t value) { return n16(value >> 16U) + n16(value); }

Flow flow(std::string_view from, std::string_view to) {
    return {net::Endpoint::parse(from).value(), net::Endpoint::parse(to).value()};
}

Part ethernet(const Part& carried) {
    return {n32(0x02000000) + n16(1) + n32(0x02000000) + n16(2) + n16(carried.type) + carried.bytes, 0x6558, 0, 1};
}
Part llc_snap(const Part& carried) {
    auto llc = std::string("\xaa\xaa\x03\0\0\0", 6) + n16(carried.type) + carried.bytes;
    return ethernet({llc, static_cast<std::uint16_t>(llc.size())});
}
Part cooked(const Part& carried) {
    return {n16(0) + n16(1) + n16(6) + n32(0x02000000) + n32(0x00010000) + n16(carried.type) + carried.bytes, 0, 0,
            113};
}
Part cooked2(const Part& carried) {
    return {n16(carried.type) + n16(0) + n32(2) + n16(1) + n8(0) + n8(6) + n32(0x02000000) + n32(0x00010000) +
                carried.bytes,
            0, 0, 276};
}
Part raw(const Part& ip, int link_type) { return {ip.bytes, 0, 0, link_type}; }
Part loopback(const Part& ip, bool swapped) {
    auto family = n32(ip.type == 0x0800 ? 2 : 30);
    if (swapped) family = {family.rbegin(), family.rend()};
    return {family + ip.bytes, 0, 0, 0};
}
Part loop(const Part& ip) { return {n32(ip.type == 0x0800 ? 2 : 24) + ip.bytes, 0, 0, 108}; }

Part vlan(unsigned id, const Part& carried, std::uint16_t type) {
    return {n16(id) + n16(carried.type) + carried.bytes, type};
}
Part mpls(unsigned labels, const Part& carried) {
    std::string stack;
    for (unsigned i = 0; i < labels; ++i) stack += n32((100 + i) << 12U | (i + 1 == labels ? 0x100U : 0U) | 64U);
    return {stack + (carried.type == 0x6558 ? n32(0) : "") + carried.bytes, 0x8847, 137};
}
Part pppoe(const Part& ip) {
    auto protocol = n16(ip.type == 0x0800 ? 0x21 : 0x57);
    return {"\x11" + n8(0) + n16(7) + n16(ip.bytes.size() + 2) + protocol + ip.bytes, 0x8864};
}

Part ip(const Flow& flow, const Part& carried) {
    if (flow.from.ip.is_v6()) return ip6(flow, carried.protocol, carried.bytes);
    return ip4(flow, carried.protocol, n32(0x00004000), carried.bytes);
}
Part fragment(const Flow& flow, const FragmentOf& of, std::string_view bytes) {
    if (of.offset % 8 != 0) throw std::invalid_argument("an offset that no fragment has");
    if (flow.from.ip.is_v6())
        return ip6(flow, 44,
                   n8(of.protocol) + n8(0) + n16(of.offset | (of.more ? 1U : 0U)) + n32(of.id) + std::string(bytes));
    return ip4(flow, of.protocol, n16(of.id) + n16(of.offset / 8 | (of.more ? 0x2000U : 0U)), bytes);
}
std::vector<Part> fragments(const Flow& flow, std::uint32_t id, const Part& carried, std::size_t size) {
    std::vector<Part> all;
    for (std::size_t at = 0; at < carried.bytes.size(); at += size)
        all.push_back(fragment(flow, {id, at, at + size < carried.bytes.size(), carried.protocol},
                               std::string_view(carried.bytes).substr(at, size)));
    return all;
}
Part extension(std::uint8_t kind, const Part& carried) {
    // Six bytes of padding, as an option; of a routing header, a type with no segments left.
    auto filling = kind == 43 ? std::string(6, '\0') : std::string("\1\4\0\0\0\0", 6);
    return {n8(carried.protocol) + n8(0) + filling + carried.bytes, 0, kind};
}
Part authentication(const Part& carried) {
    return {n8(carried.protocol) + n8(4) + n16(0) + n32(9) + n32(1) + std::string(12, 'a') + carried.bytes, 0, 51};
}

Part gre(const Part& carried, const GreOptions& options) {
    auto flags = (options.checksum ? 0x8000U : 0U) | (options.key ? 0x2000U : 0U) | (options.sequence ? 0x1000U : 0U);
    auto begin = n16(flags) + n16(carried.type);
    auto end =
        (options.key ? n32(*options.key) : "") + (options.sequence ? n32(*options.sequence) : "") + carried.bytes;
    if (options.checksum) begin += checksum(begin + n32(0) + end) + n16(0);
    return {begin + end, 0, 47};
}
Part erspan(int type, const Part& ethernet) {
    if (type == 1) return gre({ethernet.bytes, 0x88be});
    if (type == 2) return gre({n16(0x1001) + n16(5) + n32(0) + ethernet.bytes, 0x88be}, {.sequence = 1});
    return gre({n16(0x2001) + n16(5) + n32(0) + n16(0) + n16(1) + std::string(8, '\0') + ethernet.bytes, 0x22eb},
               {.sequence = 1});
}
std::string vxlan(const Part& ethernet) { return n32(0x08000000) + n32(77U << 8U) + ethernet.bytes; }
std::string geneve(const Part& carried, std::string_view options) {
    return n8(options.size() / 4) + n8(0) + n16(carried.type) + n32(77U << 8U) + std::string(options) + carried.bytes;
}
std::string gtp(const Part& ip, bool extended) {
    // A sequence number and one extension header of four bytes: the type of the next, none, is its last byte.
    auto more = extended ? n16(1) + n8(0) + n8(0x85) + n8(1) + n16(0) + n8(0) : "";
    return n8(extended ? 0x36 : 0x30) + n8(0xff) + n16(more.size() + ip.bytes.size()) + n32(9) + more + ip.bytes;
}

Part udp(const Flow& flow, std::string_view payload) {
    auto begin = n16(flow.from.port) + n16(flow.to.port) + n16(8 + payload.size());
    auto sum = transport_checksum(flow, 17, begin + n16(0) + std::string(payload));
    return {begin + sum + std::string(payload), 0, 17};
}
Part tcp(const Flow& flow, std::uint32_t sequence, std::string_view payload, unsigned flags) {
    auto begin = n16(flow.from.port) + n16(flow.to.port) + n32(sequence) + n32(1) + n16(0x5000U | flags) + n16(65535);
    auto sum = transport_checksum(flow, 6, begin + n32(0) + std::string(payload));
    return {begin + sum + n16(0) + std::string(payload), 0, 6};
}
std::string data_chunk(std::uint32_t number, std::string_view payload, unsigned flags) {
    auto chunk = n8(0) + n8(flags) + n16(16 + payload.size()) + n32(number) + n16(0) + n16(0) + n32(0) +
                 std::string(payload);
    return chunk + std::string((4 - chunk.size() % 4) % 4, '\0');
}
Part sctp(const Flow& flow, std::string_view chunks, std::uint32_t tag) {
    return {n16(flow.from.port) + n16(flow.to.port) + n32(tag) + n32(0) + std::string(chunks), 0, 132};
}

std::string web_socket(std::string_view payload, std::optional<std::uint32_t> mask, bool final, unsigned opcode) {
    auto bit = mask ? 0x80U : 0U;
    auto frame = n8((final ? 0x80U : 0U) | opcode);
    if (payload.size() < 126) frame += n8(bit | payload.size());
    else if (payload.size() < 65536) frame += n8(bit | 126U) + n16(payload.size());
    else frame += n8(bit | 127U) + n32(0) + n32(payload.size());
    if (!mask) return frame + std::string(payload);
    auto key = n32(*mask);
    frame += key;
    for (std::size_t i = 0; i < payload.size(); ++i) frame += static_cast<char>(payload[i] ^ key[i % 4]);
    return frame;
}
std::string hep(const Flow& flow, std::uint8_t protocol, std::string_view payload, std::optional<Time> time) {
    auto chunk = [](std::size_t type, const std::string& value) {
        return n16(0) + n16(type) + n16(6 + value.size()) + value;
    };
    bool v6 = flow.from.ip.is_v6();
    auto chunks = chunk(1, n8(v6 ? 10 : 2)) + chunk(2, n8(protocol)) + chunk(v6 ? 5 : 3, address(flow.from.ip)) +
                  chunk(v6 ? 6 : 4, address(flow.to.ip)) + chunk(7, n16(flow.from.port)) +
                  chunk(8, n16(flow.to.port));
    if (time) {
        auto micro = std::chrono::floor<std::chrono::microseconds>(time->time_since_epoch()).count();
        chunks += chunk(9, n32(static_cast<std::size_t>(micro / 1'000'000))) +
                  chunk(10, n32(static_cast<std::size_t>(micro % 1'000'000)));
    }
    chunks += chunk(11, n8(1)) + chunk(12, n32(2001)) + chunk(15, std::string(payload));
    return "HEP3" + n16(6 + chunks.size()) + chunks;
}

}  // namespace trunkbox::test

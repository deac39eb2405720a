// Frames of captures, built layer by layer as they nest: ethernet(vlan(7, ip(flow, udp(flow, "OPTIONS …")))).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/datagram.h"

namespace trunkbox::test {

// One layer with all that it carries, and how the layer around it calls it.
struct Part {
    std::string bytes{};
    std::uint16_t type = 0;     // Ethernet's
    std::uint8_t protocol = 0;  // IP's
    int link_type = 1;          // of a capture file
};

struct Flow {
    net::Endpoint from{}, to{};
    [[nodiscard]] Flow back() const { return {to, from}; }
};
// "192.0.2.1:5060", "198.51.100.2:5070"
[[nodiscard]] Flow flow(std::string_view from, std::string_view to);

[[nodiscard]] std::string n16(std::size_t value);
[[nodiscard]] std::string n32(std::size_t value);

// Link layers.
[[nodiscard]] Part ethernet(const Part& carried);
[[nodiscard]] Part llc_snap(const Part& carried);  // Ethernet with a length
[[nodiscard]] Part cooked(const Part& carried);    // SLL
[[nodiscard]] Part cooked2(const Part& carried);   // SLL2
[[nodiscard]] Part raw(const Part& ip, int link_type = 101);
[[nodiscard]] Part loopback(const Part& ip, bool swapped);  // null: in the byte order of some machine
[[nodiscard]] Part loop(const Part& ip);

// Between them and IP.
[[nodiscard]] Part vlan(unsigned id, const Part& carried, std::uint16_t type = 0x8100);
[[nodiscard]] Part mpls(unsigned labels, const Part& carried);      // over Ethernet with a control word
[[nodiscard]] Part pppoe(const Part& ip);

// IP. The family is that of the flow's addresses.
[[nodiscard]] Part ip(const Flow& flow, const Part& carried);
struct FragmentOf {
    std::uint32_t id = 1;
    std::size_t offset = 0;
    bool more = false;
    std::uint8_t protocol = 17;
};
[[nodiscard]] Part fragment(const Flow& flow, const FragmentOf& of, std::string_view bytes);
// In pieces of `size` bytes, a multiple of eight.
[[nodiscard]] std::vector<Part> fragments(const Flow& flow, std::uint32_t id, const Part& carried, std::size_t size);
// An extension header of IPv6: 0 hop-by-hop, 43 routing, 60 destination options.
[[nodiscard]] Part extension(std::uint8_t kind, const Part& carried);
[[nodiscard]] Part authentication(const Part& carried);

// Tunnels.
struct GreOptions {
    bool checksum = false;
    std::optional<std::uint32_t> key{}, sequence{};
};
[[nodiscard]] Part gre(const Part& carried, const GreOptions& options = {});
[[nodiscard]] Part erspan(int type, const Part& ethernet);  // 1, 2 or 3, in GRE
[[nodiscard]] std::string vxlan(const Part& ethernet);
[[nodiscard]] std::string geneve(const Part& carried, std::string_view options = {});
[[nodiscard]] std::string gtp(const Part& ip, bool extended = false);

// Transports.
[[nodiscard]] Part udp(const Flow& flow, std::string_view payload);
enum TcpFlag : std::uint8_t { tcp_fin = 1, tcp_syn = 2, tcp_rst = 4, tcp_ack = 16 };
[[nodiscard]] Part tcp(const Flow& flow, std::uint32_t sequence, std::string_view payload,
                       unsigned flags = tcp_ack);
enum ChunkFlag : std::uint8_t { chunk_ends = 1, chunk_begins = 2 };
[[nodiscard]] std::string data_chunk(std::uint32_t number, std::string_view payload,
                                     unsigned flags = chunk_ends | chunk_begins);
[[nodiscard]] Part sctp(const Flow& flow, std::string_view chunks, std::uint32_t tag = 77);

// Payloads.
[[nodiscard]] std::string web_socket(std::string_view payload, std::optional<std::uint32_t> mask = {},
                                     bool final = true, unsigned opcode = 1);
[[nodiscard]] std::string hep(const Flow& flow, std::uint8_t protocol, std::string_view payload,
                              std::optional<Time> time = {});

}  // namespace trunkbox::test

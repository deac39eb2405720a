#include <doctest/doctest.h>

#include <stdexcept>

#include "base/text.h"
#include "net/packet.h"

using namespace trunkbox;
using net::Endpoint;

namespace {

const Endpoint a4 = *Endpoint::parse("192.0.2.1:5060");
const Endpoint b4 = *Endpoint::parse("198.51.100.2:5070");
const Endpoint a6 = *Endpoint::parse("[2001:db8::1]:5060");
const Endpoint b6 = *Endpoint::parse("[2001:db8::2]:5070");

std::string hex_of(std::string_view bytes) {
    return hex({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

}  // namespace

TEST_CASE("an IPv4 packet, byte by byte") {
    // The two checksums were added up by another program.
    CHECK(hex_of(net::udp_packet(a4, b4, "hello")) ==
          "45000021000040004011"
          "4e95"
          "c0000201c6336402"
          "13c413ce000d"
          "a838"
          "68656c6c6f");
}

TEST_CASE("what is built is read back") {
    for (auto [from, to] : {std::pair{a4, b4}, std::pair{a6, b6}})
        for (std::size_t size : std::initializer_list<std::size_t>{0, 1, 2, 1400, 65507}) {
            std::string payload(size, '\xa5');
            auto packet = net::udp_packet(from, to, payload);
            auto back = net::parse_udp_packet(packet);
            REQUIRE(back);
            CHECK(back->from == from);
            CHECK(back->to == to);
            CHECK(back->payload == payload);
            CHECK(net::parse_udp_packet(packet + "trailer")->payload == payload);  // Ethernet pads short frames
        }
}

TEST_CASE("a checksum of zero goes as all ones") {
    // Over every two-byte payload one sum comes out as zero, which on the wire would mean that there is none.
    bool seen = false;
    for (int i = 0; i < 0x10000; ++i) {
        std::string payload{static_cast<char>(i >> 8), static_cast<char>(i & 0xff)};
        auto packet = net::udp_packet(a4, b4, payload);
        auto sum = packet.substr(26, 2);
        CHECK(sum != std::string(2, '\0'));
        if (sum == "\xff\xff") {
            seen = true;
            CHECK(net::parse_udp_packet(packet));
        }
    }
    CHECK(seen);
}

TEST_CASE("the largest payloads") {
    CHECK(net::most_udp_payload(a4.ip) == 65507);
    CHECK(net::most_udp_payload(a6.ip) == 65527);
    CHECK(net::parse_udp_packet(net::udp_packet(a6, b6, std::string(65527, 'x'))));
    CHECK_THROWS_AS(std::ignore = net::udp_packet(a4, b4, std::string(65508, 'x')), std::invalid_argument);
    CHECK_THROWS_AS(std::ignore = net::udp_packet(a4, b6, "x"), std::invalid_argument);
}

TEST_CASE("every cut of a packet is refused") {
    for (const auto& packet : {net::udp_packet(a4, b4, "hello"), net::udp_packet(a6, b6, "hello")})
        for (std::size_t cut = 0; cut < packet.size(); ++cut)
            CHECK_FALSE(net::parse_udp_packet(std::string_view(packet).substr(0, cut)));
}

TEST_CASE("every flipped bit is noticed or harmless") {
    auto packet = net::udp_packet(a4, b4, "hello");
    for (std::size_t bit = 0; bit < packet.size() * 8; ++bit) {
        auto damaged = packet;
        damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
        CHECK_FALSE(net::parse_udp_packet(damaged));
    }
    // IPv6 has no header checksum: class, flow label and hops are nobody's but the routers'.
    auto packet6 = net::udp_packet(a6, b6, "hello");
    for (std::size_t bit = 8 * 8; bit < packet6.size() * 8; ++bit) {
        auto damaged = packet6;
        damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
        CHECK_FALSE(net::parse_udp_packet(damaged));
    }
}

TEST_CASE("errors say what is wrong") {
    auto why = [](std::string packet) { return net::parse_udp_packet(packet).error().what; };
    auto packet6 = net::udp_packet(a6, b6, "x");
    CHECK(why("") == "empty");
    CHECK(why("\x10") == "IP version 1");
    packet6[6] = 6;
    CHECK(why(packet6) == "next header 6 is not UDP");
    packet6[6] = 17;
    packet6[46] = packet6[47] = 0;
    CHECK(why(packet6) == "no UDP checksum, which IPv6 demands");
}

TEST_CASE("IPv4 without a UDP checksum is read") {
    auto packet = net::udp_packet(a4, b4, "hello");
    packet[26] = packet[27] = 0;
    CHECK(net::parse_udp_packet(packet));
}

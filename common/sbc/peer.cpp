#include "sbc/peer.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace trunkbox::sbc {
namespace {

std::uint8_t width(const net::Ip& ip) { return ip.is_v6() ? 128 : 32; }

bool same_prefix(const net::Ip& a, const net::Ip& b, unsigned bits) {
    if (a.is_v6() != b.is_v6()) return false;
    std::size_t whole = bits / 8;
    auto first = a.bytes().begin();
    if (!std::equal(first, first + static_cast<std::ptrdiff_t>(whole), b.bytes().begin())) return false;
    unsigned rest = bits % 8;
    return rest == 0 || ((a.bytes()[whole] ^ b.bytes()[whole]) >> (8 - rest)) == 0;
}

bool is_first_address(const net::Ip& ip, unsigned bits) {
    for (unsigned bit = bits; bit < width(ip); ++bit)
        if ((ip.bytes()[bit / 8] >> (7 - bit % 8) & 1U) != 0) return false;
    return true;
}

tl::unexpected<Error> no_network(std::string_view text) {
    return failure(Fault::input, "", fmt::format("'{}' is no address or network", printable(text)),
                   "write e.g. '192.0.2.0/24', '192.0.2.1', '192.0.2.1:5060' or '2001:db8::/32'");
}

}  // namespace

Result<Network> Network::parse(std::string_view text) {
    Network network;
    auto [address, length] = split_once(text, '/');
    auto ip = net::Ip::parse(address);
    if (!ip) {
        auto endpoint = length ? Result<net::Endpoint>(tl::unexpected(ip.error())) : net::Endpoint::parse(text);
        if (!endpoint) return no_network(text);
        network.ip = endpoint->ip;
        network.port = endpoint->port;
    } else {
        network.ip = *ip;
    }
    network.bits = width(network.ip);
    if (!length) return network;
    auto bits = parse_integer<std::uint8_t>(*length);
    if (!bits || *bits > network.bits) return no_network(text);
    if (!is_first_address(network.ip, *bits))
        return failure(Fault::input, "", fmt::format("'{}' has bits set behind its prefix", printable(text)),
                       "write the network's first address");
    network.bits = *bits;
    return network;
}

bool Network::contains(const net::Ip& address) const { return same_prefix(ip, address, bits); }

bool Network::contains(const net::Endpoint& endpoint) const {
    return (port == 0 || port == endpoint.port) && contains(endpoint.ip);
}

bool Network::overlaps(const Network& other) const {
    return (port == 0 || other.port == 0 || port == other.port) &&
           same_prefix(ip, other.ip, std::min(bits, other.bits));
}

std::string Network::text() const {
    if (port != 0) return net::Endpoint{ip, port}.text();
    return bits == width(ip) ? ip.text() : fmt::format("{}/{}", ip.text(), bits);
}

bool contains(const std::vector<Network>& networks, const net::Ip& address) {
    return std::ranges::any_of(networks, [&](const Network& network) { return network.contains(address); });
}

bool contains(const std::vector<Network>& networks, const net::Endpoint& endpoint) {
    return std::ranges::any_of(networks, [&](const Network& network) { return network.contains(endpoint); });
}

std::string_view name(Direction direction) {
    switch (direction) {
        case Direction::unknown: return "unknown";
        case Direction::inbound: return "inbound";
        case Direction::outbound: return "outbound";
    }
    return "";
}

}  // namespace trunkbox::sbc

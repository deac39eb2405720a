// Addresses as values: no resolver here, only literal IPv4 and IPv6.
#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace trunkbox::net {

class Ip {
  public:
    Ip() = default;  // 0.0.0.0
    static Ip v4(std::uint32_t host_order) {
        Ip ip;
        // Written at once, as it is copied: a capture has millions of them.
        ip.bytes_ = std::bit_cast<Bytes>(std::array<std::uint32_t, 4>{__builtin_bswap32(host_order), 0, 0, 0});
        return ip;
    }
    static Ip v6(const std::array<std::uint8_t, 16>& bytes) {
        Ip ip;
        ip.v6_ = true;
        ip.bytes_ = bytes;
        return ip;
    }
    // "192.0.2.1", "2001:db8::1" or "[2001:db8::1]".
    static Result<Ip> parse(std::string_view text);

    [[nodiscard]] bool is_v6() const { return v6_; }
    [[nodiscard]] bool is_loopback() const;
    [[nodiscard]] bool is_any() const;
    [[nodiscard]] bool is_multicast() const;
    // Nobody outside can reach it: RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291 section 2.5.6.
    [[nodiscard]] bool is_private() const;
    // IPv4 only: host order.
    [[nodiscard]] std::uint32_t v4_bits() const;
    // IPv4 uses the first four.
    [[nodiscard]] const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
    // Without brackets.
    [[nodiscard]] std::string text() const;

    bool operator==(const Ip&) const = default;
    // Every IPv4 address is before every IPv6 address.
    std::strong_ordering operator<=>(const Ip& other) const {
        if (v6_ != other.v6_) return v6_ <=> other.v6_;
        return bytes_ <=> other.bytes_;
    }

  private:
    using Bytes = std::array<std::uint8_t, 16>;
    Bytes bytes_{};
    bool v6_ = false;
};

struct Endpoint {
    Ip ip;
    std::uint16_t port = 0;

    // "192.0.2.1:5060", "[2001:db8::1]:5060"; without a port: `fallback`.
    static Result<Endpoint> parse(std::string_view text, std::uint16_t fallback = 0);
    [[nodiscard]] std::string text() const;
    auto operator<=>(const Endpoint&) const = default;
};

enum class Transport { udp, tcp, tls, sctp, ws, wss };

// "udp", "tcp" …: as in a URI's transport parameter, lower-case.
[[nodiscard]] std::string_view name(Transport transport);

}  // namespace trunkbox::net

template <>
struct std::hash<trunkbox::net::Ip> {
    std::size_t operator()(const trunkbox::net::Ip& ip) const noexcept;
};
template <>
struct std::hash<trunkbox::net::Endpoint> {
    std::size_t operator()(const trunkbox::net::Endpoint& endpoint) const noexcept {
        return std::hash<trunkbox::net::Ip>{}(endpoint.ip) * 31 + endpoint.port;
    }
};

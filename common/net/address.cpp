#include "net/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "base/text.h"

namespace trunkbox::net {

Result<Ip> Ip::parse(std::string_view text) {
    std::string literal(text.substr(0, text.find('\0')));  // inet_pton would take a NUL for the end
    if (literal.size() != text.size()) literal.clear();
    if (literal.size() > 2 && literal.front() == '[' && literal.back() == ']')
        literal = literal.substr(1, literal.size() - 2);
    std::array<std::uint8_t, 16> bytes{};
    if (inet_pton(AF_INET6, literal.c_str(), bytes.data()) == 1) return v6(bytes);
    if (text.find('[') == std::string_view::npos && inet_pton(AF_INET, literal.c_str(), bytes.data()) == 1) {
        Ip ip;
        ip.bytes_ = bytes;
        return ip;
    }
    return failure(Fault::input, "", fmt::format("'{}' is not an IP address", printable(text)),
                   "write e.g. '192.0.2.1' or '[2001:db8::1]'");
}

bool Ip::is_loopback() const {
    if (!v6_) return bytes_[0] == 127;
    return std::all_of(bytes_.begin(), bytes_.end() - 1, [](auto b) { return b == 0; }) && bytes_[15] == 1;
}

bool Ip::is_any() const {
    return std::all_of(bytes_.begin(), bytes_.end(), [](auto b) { return b == 0; });
}

bool Ip::is_multicast() const { return v6_ ? bytes_[0] == 0xff : (bytes_[0] & 0xf0) == 0xe0; }

bool Ip::is_private() const {
    const auto& b = bytes_;
    if (v6_) return (b[0] & 0xfeU) == 0xfc || (b[0] == 0xfe && (b[1] & 0xc0U) == 0x80);
    return b[0] == 10 || (b[0] == 172 && (b[1] & 0xf0U) == 16) || (b[0] == 192 && b[1] == 168) ||
           (b[0] == 100 && (b[1] & 0xc0U) == 64) || (b[0] == 169 && b[1] == 254);
}

std::uint32_t Ip::v4_bits() const {
    return std::uint32_t{bytes_[0]} << 24 | std::uint32_t{bytes_[1]} << 16 | std::uint32_t{bytes_[2]} << 8 |
           bytes_[3];
}

std::string Ip::text() const {
    if (!v6_) return fmt::format("{}.{}.{}.{}", bytes_[0], bytes_[1], bytes_[2], bytes_[3]);
    char buffer[INET6_ADDRSTRLEN];
    inet_ntop(AF_INET6, bytes_.data(), buffer, sizeof buffer);
    return buffer;
}

Result<Endpoint> Endpoint::parse(std::string_view text, std::uint16_t fallback) {
    auto host = text;
    std::optional<std::string_view> port_text;
    auto colon = text.rfind(':');
    bool bare_v6 = text.find('[') == std::string_view::npos && text.find(':') != colon;
    if (colon != std::string_view::npos && !bare_v6 &&
        (text.find(']') == std::string_view::npos || colon > text.find(']'))) {
        host = text.substr(0, colon);
        port_text = text.substr(colon + 1);
    }
    auto ip = Ip::parse(host);
    if (!ip) return tl::unexpected(ip.error());
    if (!port_text) return Endpoint{*ip, fallback};
    auto port = parse_integer<std::uint16_t>(*port_text);
    if (!port)
        return failure(Fault::input, "", fmt::format("port '{}' is not a number up to 65535", printable(*port_text)),
                       "write e.g. '127.0.0.1:5060'");
    return Endpoint{*ip, *port};
}

std::string Endpoint::text() const {
    return ip.is_v6() ? fmt::format("[{}]:{}", ip.text(), port) : fmt::format("{}:{}", ip.text(), port);
}

std::string_view name(Transport transport) {
    switch (transport) {
        case Transport::udp: return "udp";
        case Transport::tcp: return "tcp";
        case Transport::tls: return "tls";
        case Transport::sctp: return "sctp";
        case Transport::ws: return "ws";
        case Transport::wss: return "wss";
    }
    return "";
}

}  // namespace trunkbox::net

std::size_t std::hash<trunkbox::net::Ip>::operator()(const trunkbox::net::Ip& ip) const noexcept {
    std::string_view bytes(reinterpret_cast<const char*>(ip.bytes().data()), ip.is_v6() ? 16 : 4);
    return std::hash<std::string_view>{}(bytes);
}

#include "wire/socket_address.h"

#include <arpa/inet.h>
#include <unistd.h>

#include <cstring>
#include <system_error>

#include "base/text.h"

namespace trunkbox::wire {

SocketAddress to_system(const net::Endpoint& endpoint) {
    SocketAddress address;
    if (endpoint.ip.is_v6()) {
        sockaddr_in6 in6{};
        in6.sin6_family = AF_INET6;
        in6.sin6_port = htons(endpoint.port);
        std::memcpy(&in6.sin6_addr, endpoint.ip.bytes().data(), 16);
        std::memcpy(&address.storage, &in6, sizeof in6);
        address.length = sizeof in6;
    } else {
        sockaddr_in in{};
        in.sin_family = AF_INET;
        in.sin_port = htons(endpoint.port);
        in.sin_addr.s_addr = htonl(endpoint.ip.v4_bits());
        std::memcpy(&address.storage, &in, sizeof in);
        address.length = sizeof in;
    }
    return address;
}

net::Endpoint from_system(const sockaddr_storage& storage) {
    if (storage.ss_family == AF_INET6) {
        sockaddr_in6 in6{};
        std::memcpy(&in6, &storage, sizeof in6);
        return {from_system(in6.sin6_addr), ntohs(in6.sin6_port)};
    }
    if (storage.ss_family != AF_INET) return {};
    sockaddr_in in{};
    std::memcpy(&in, &storage, sizeof in);
    return {from_system(in.sin_addr), ntohs(in.sin_port)};
}

net::Ip from_system(const in_addr& address) { return net::Ip::v4(ntohl(address.s_addr)); }

net::Ip from_system(const in6_addr& address) {
    std::array<std::uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), &address, bytes.size());
    return net::Ip::v6(bytes);
}

std::string reason(int code) { return lower(std::generic_category().message(code)); }

Descriptor::~Descriptor() {
    if (number_ >= 0) close(number_);
}

}  // namespace trunkbox::wire

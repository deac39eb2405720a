// net::Endpoint to and from the system's form, and descriptors that close themselves. Private to this folder.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <string>
#include <utility>

#include "base/result.h"
#include "net/address.h"

namespace trunkbox::wire {

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t length = sizeof(sockaddr_storage);

    [[nodiscard]] sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

[[nodiscard]] SocketAddress to_system(const net::Endpoint& endpoint);
// 0.0.0.0:0 for a family that is not IP.
[[nodiscard]] net::Endpoint from_system(const sockaddr_storage& storage);
[[nodiscard]] net::Ip from_system(const in_addr& address);
[[nodiscard]] net::Ip from_system(const in6_addr& address);

// "connection refused": what the system calls an errno, in lower case.
[[nodiscard]] std::string reason(int code);

class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor();
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&&) = delete;
    [[nodiscard]] int get() const { return number_; }

  private:
    int number_;
};

}  // namespace trunkbox::wire

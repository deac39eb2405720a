// Host names to IPv4 addresses, on the loop, without ever blocking: /etc/hosts first, then DNS.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "net/address.h"
#include "sofia/loop.h"

namespace trunkbox::sofia {

// A question under way; destroying it drops the answer.
class Lookup {
  public:
    Lookup() = default;

  private:
    friend class Resolver;
    explicit Lookup(std::shared_ptr<void> state) : state_(std::move(state)) {}
    std::shared_ptr<void> state_;
};

class Resolver {
  public:
    struct Files {
        std::string hosts = "/etc/hosts";
        std::string resolv_conf = "/etc/resolv.conf";
    };
    // The addresses, at least one; or Fault::timeout (no answer, no such host), Fault::input (not a host name),
    // Fault::system (no resolver on this machine).
    using Answer = std::function<void(Result<std::vector<net::Ip>>)>;

    // The loop outlives the resolver.
    explicit Resolver(Loop& loop);
    Resolver(Loop& loop, Files files);
    ~Resolver();
    Resolver(const Resolver&) = delete;
    Resolver& operator=(const Resolver&) = delete;

    // A records of the name; a literal address is its own answer. "localhost" is always 127.0.0.1 (RFC 6761
    // section 6.3). Answers exactly once, from the loop, never from within this call.
    [[nodiscard]] Lookup lookup(std::string_view host, Answer answer, Duration timeout = 5s);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace trunkbox::sofia

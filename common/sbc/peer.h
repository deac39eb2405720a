// Who is on the far side: named groups of addresses, and which way a packet goes.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/address.h"
#include "numbering/range.h"
#include "sbc/verdict.h"

namespace trunkbox::sbc {

// The addresses of one prefix, on every port or on one.
struct Network {
    net::Ip ip{};            // the first address
    std::uint8_t bits = 32;  // length of the prefix: up to 32 for IPv4, up to 128 for IPv6
    std::uint16_t port = 0;  // 0: any

    // "192.0.2.0/24", "192.0.2.1", "192.0.2.1:5060", "2001:db8::/32", "[2001:db8::1]:5060".
    // Error: no address, a prefix that is too long, or bits set behind it.
    [[nodiscard]] static Result<Network> parse(std::string_view text);
    [[nodiscard]] bool contains(const net::Ip& address) const;
    [[nodiscard]] bool contains(const net::Endpoint& endpoint) const;
    [[nodiscard]] bool overlaps(const Network& other) const;
    [[nodiscard]] std::string text() const;
    bool operator==(const Network&) const = default;
};

[[nodiscard]] bool contains(const std::vector<Network>& networks, const net::Ip& address);
[[nodiscard]] bool contains(const std::vector<Network>& networks, const net::Endpoint& endpoint);

// Seen from the SBC. Unknown where the policy does not say which addresses are the SBC's own, or neither end or
// both ends are.
enum class Direction : std::uint8_t { unknown, inbound, outbound };

// "unknown", "inbound", "outbound".
[[nodiscard]] std::string_view name(Direction direction);

// What a policy says of one rule otherwise than its profile does.
struct Change {
    std::optional<Outcome> action{};
    std::map<std::string, std::int64_t, std::less<>> parameters{};  // by name, as the rule's row lists them

    [[nodiscard]] bool empty() const { return !action && parameters.empty(); }
    bool operator==(const Change&) const = default;
};

// A direction's change goes before the one that is made always.
struct RuleChange {
    Change always{}, inbound{}, outbound{};

    [[nodiscard]] bool empty() const { return always.empty() && inbound.empty() && outbound.empty(); }
    bool operator==(const RuleChange&) const = default;
};

using RuleChanges = std::map<std::string, RuleChange, std::less<>>;  // by rule id

// A group of addresses that a policy names: a trunk, a carrier, the phones of a site.
struct Peer {
    std::string name{};
    std::vector<Network> networks{};    // of its signalling
    std::vector<Network> media{};       // where its media may be besides
    bool trusted = false;               // within the trust domain of RFC 3325
    bool rate_exempt = false;           // the rules of scope rate do not apply to it
    std::vector<numbering::NumberRange> numbers{};  // that it may assert; empty: any
    RuleChanges rules{};                // go before the policy's

    bool operator==(const Peer&) const = default;
};

}  // namespace trunkbox::sbc

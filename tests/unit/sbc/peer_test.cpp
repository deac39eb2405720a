#include "sbc/peer.h"

#include <doctest/doctest.h>

#include "sbc/policy.h"

using namespace trunkbox;
using namespace trunkbox::sbc;

namespace {

Network network(std::string_view text) {
    auto parsed = Network::parse(text);
    REQUIRE_MESSAGE(parsed.has_value(), text);
    return *parsed;
}

net::Endpoint endpoint(std::string_view text) { return *net::Endpoint::parse(text, 5060); }

}  // namespace

TEST_CASE("networks are read and written back") {
    for (std::string_view text : {"192.0.2.0/24", "192.0.2.1", "192.0.2.1:5060", "2001:db8::/32", "2001:db8::1",
                                  "[2001:db8::1]:5062", "0.0.0.0/0", "::/0", "198.51.100.128/25"})
        CHECK(network(text).text() == text);
    CHECK(network("[2001:db8::1]").text() == "2001:db8::1");
    for (std::string_view bad : {"", "x", "192.0.2", "192.0.2.0/33", "192.0.2.1/24", "192.0.2.0/", "192.0.2.0/-1",
                                 "2001:db8::1/32", "::/129", "192.0.2.1:99999", "192.0.2.0/24:5060", "192.0.2.0/24 "})
        CHECK_MESSAGE(!Network::parse(bad), bad);
}

TEST_CASE("what a network contains and overlaps") {
    CHECK(network("192.0.2.0/25").contains(endpoint("192.0.2.127")));
    CHECK_FALSE(network("192.0.2.0/25").contains(endpoint("192.0.2.128")));
    CHECK_FALSE(network("0.0.0.0/0").contains(endpoint("[::1]")));
    CHECK(network("::/0").contains(endpoint("[2001:db8::1]")));
    CHECK(network("192.0.2.1:5080").contains(endpoint("192.0.2.1:5080")));
    CHECK_FALSE(network("192.0.2.1:5080").contains(endpoint("192.0.2.1:5060")));
    CHECK(network("192.0.2.0/24").overlaps(network("192.0.2.64/26")));
    CHECK(network("192.0.2.1").overlaps(network("192.0.2.1:5060")));
    CHECK_FALSE(network("192.0.2.1:5080").overlaps(network("192.0.2.1:5060")));
    CHECK_FALSE(network("192.0.2.0/25").overlaps(network("192.0.2.128/25")));
    CHECK_FALSE(network("0.0.0.0/0").overlaps(network("::/0")));
}

TEST_CASE("the narrowest network names the peer, and the SBC's own addresses the direction") {
    Policy policy;
    policy.own = {network("198.51.100.1"), network("127.0.0.1:5060")};
    policy.peers = {{.name = "all", .networks = {network("0.0.0.0/0")}},
                    {.name = "site", .networks = {network("192.0.2.0/24"), network("203.0.113.7")}},
                    {.name = "port", .networks = {network("203.0.113.7:5080")}},
                    {.name = "again", .networks = {network("192.0.2.0/24")}}};
    CHECK(policy.peer(endpoint("192.0.2.9"))->name == "site");
    CHECK(policy.peer(endpoint("203.0.113.7:5060"))->name == "site");
    CHECK(policy.peer(endpoint("203.0.113.7:5080"))->name == "port");
    CHECK(policy.peer(endpoint("203.0.113.8"))->name == "all");
    CHECK(policy.peer(endpoint("[2001:db8::1]")) == nullptr);
    CHECK(policy.direction(endpoint("192.0.2.9"), endpoint("198.51.100.1")) == Direction::inbound);
    CHECK(policy.direction(endpoint("198.51.100.1"), endpoint("192.0.2.9")) == Direction::outbound);
    CHECK(policy.direction(endpoint("127.0.0.1:5070"), endpoint("127.0.0.1:5060")) == Direction::inbound);
    CHECK(policy.direction(endpoint("192.0.2.9"), endpoint("192.0.2.10")) == Direction::unknown);
    CHECK(policy.direction(endpoint("198.51.100.1"), endpoint("127.0.0.1:5060")) == Direction::unknown);
}

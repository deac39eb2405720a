#include <doctest/doctest.h>

#include <unordered_set>

#include "net/address.h"

using namespace trunkbox;
using net::Endpoint;
using net::Ip;

TEST_CASE("addresses are read and written") {
    CHECK(Ip::parse("192.0.2.1")->text() == "192.0.2.1");
    CHECK(Ip::parse("192.0.2.1")->v4_bits() == 0xc0000201);
    CHECK(Ip::v4(0xc0000201) == *Ip::parse("192.0.2.1"));
    CHECK(Ip::parse("2001:DB8:0:0::1")->text() == "2001:db8::1");
    CHECK(Ip::parse("[2001:db8::1]") == Ip::parse("2001:db8::1"));
    CHECK(Ip().text() == "0.0.0.0");
    CHECK(Ip::v6({}).text() == "::");
    CHECK(Ip() != Ip::v6({}));
}

TEST_CASE("what is no address is refused") {
    for (std::string_view bad : {"", "192.0.2", "192.0.2.256", "192.0.2.1.", " 192.0.2.1", "192.0.2.1 ", "[192.0.2.1]",
                                 "2001:db8::1::2", "[2001:db8::1", "2001:db8::1]", "[]", "[[::1]]", "host", "1e3", "-1"}) {
        INFO(bad);
        auto ip = Ip::parse(bad);
        REQUIRE_FALSE(ip);
        CHECK(ip.error().fault == Fault::input);
    }
    CHECK_FALSE(Ip::parse(std::string(100'000, '1')));
}

TEST_CASE("a NUL does not end an address") {
    CHECK_FALSE(Ip::parse(std::string_view("192.0.2.1\0x", 11)));
    CHECK_FALSE(Ip::parse(std::string_view("::1\0", 4)));
}

TEST_CASE("kinds of address") {
    CHECK(Ip::parse("127.8.9.1")->is_loopback());
    CHECK(Ip::parse("::1")->is_loopback());
    CHECK_FALSE(Ip::parse("::2")->is_loopback());
    CHECK_FALSE(Ip::parse("1::1")->is_loopback());
    CHECK(Ip::parse("0.0.0.0")->is_any());
    CHECK(Ip::parse("::")->is_any());
    CHECK_FALSE(Ip::parse("0.0.0.1")->is_any());
    CHECK(Ip::parse("233.252.0.1")->is_multicast());
    CHECK(Ip::parse("ff02::1")->is_multicast());
    CHECK_FALSE(Ip::parse("192.0.2.1")->is_multicast());
}

TEST_CASE("endpoints are read and written") {
    CHECK(Endpoint::parse("192.0.2.1:5060")->text() == "192.0.2.1:5060");
    CHECK(Endpoint::parse("[2001:db8::1]:5061")->text() == "[2001:db8::1]:5061");
    CHECK(Endpoint::parse("192.0.2.1", 5060)->port == 5060);
    CHECK(Endpoint::parse("[2001:db8::1]", 5060)->port == 5060);
    CHECK(Endpoint::parse("2001:db8::1", 5060)->ip == *Ip::parse("2001:db8::1"));
    CHECK(Endpoint::parse("192.0.2.1")->port == 0);
}

TEST_CASE("what is no endpoint is refused") {
    for (std::string_view bad : {"", ":", ":5060", "192.0.2.1:", "192.0.2.1:65536", "192.0.2.1:-1", "192.0.2.1:5060x",
                                 "192.0.2.1:+5", "[2001:db8::1]5060", "[2001:db8::1]:", "host:5060"}) {
        INFO(bad);
        CHECK_FALSE(Endpoint::parse(bad));
    }
}

TEST_CASE("addresses order and hash") {
    CHECK(Ip::v4(1) < Ip::v4(2));
    CHECK(Endpoint{Ip::v4(1), 2} < Endpoint{Ip::v4(1), 3});
    std::unordered_set<Endpoint> set{{Ip::v4(1), 2}, {Ip::v4(1), 2}, {Ip::v4(1), 3}, {Ip::v6({}), 2}};
    CHECK(set.size() == 3);
}

TEST_CASE("transports have their names") {
    CHECK(net::name(net::Transport::udp) == "udp");
    CHECK(net::name(net::Transport::tls) == "tls");
}

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "wire/rtp_port.h"
#include "wire/udp_socket.h"

using namespace trunkbox;
using wire::UdpSocket;

namespace {

constexpr Duration long_enough = 20s;
const net::Ip loopback = net::Ip::v4(0x7f000001);

struct Fixture {
    sofia::Library library;
    sofia::Loop loop{library};

    UdpSocket open(net::Ip ip = loopback) {
        auto socket = UdpSocket::bind(loop, {ip, 0});
        REQUIRE_MESSAGE(socket, (socket ? "" : socket.error().text()));
        return std::move(*socket);
    }
    bool until(const std::function<bool()>& predicate) { return loop.run_until(predicate, long_enough); }
};

struct Kept {
    Time time;
    net::Endpoint from, to;
    std::string bytes;
};

auto keep_in(std::vector<Kept>& all) {
    return [&all](const wire::Datagram& d) { all.push_back({d.time, d.from, d.to, std::string(d.bytes)}); };
}

// A port that was free a moment ago.
net::Endpoint dead_end(Fixture& fixture) { return fixture.open().local(); }

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a datagram arrives with its bytes, addresses and time") {
    auto a = open();
    auto b = open();
    CHECK(a.local().port != 0);
    CHECK(a.local().port != b.local().port);
    std::vector<Kept> got;
    b.on_datagram(keep_in(got));
    auto before = loop.now();
    REQUIRE(a.send(b.local(), "OPTIONS"));
    REQUIRE(until([&] { return got.size() == 1; }));
    CHECK(got[0].bytes == "OPTIONS");
    CHECK(got[0].from == a.local());
    CHECK(got[0].to == b.local());
    // The kernel's clock is read at another moment than ours.
    CHECK(got[0].time >= before - 1ms);
    CHECK(got[0].time <= loop.now());
}

TEST_CASE_FIXTURE(Fixture, "the stamp is that of arrival, not of reading") {
    auto a = open();
    auto b = open();
    std::vector<Kept> got;
    b.on_datagram(keep_in(got));
    // The kernel begins to stamp a moment after the first socket has asked it to.
    bool stamped = false;
    for (int attempt = 0; attempt < 200 && !stamped; ++attempt) {
        got.clear();
        REQUIRE(a.send(b.local(), "x"));
        auto sent = loop.now();
        while (loop.now() < sent + 5ms) {
        }  // the loop is busy elsewhere
        REQUIRE(until([&] { return got.size() == 1; }));
        stamped = got[0].time < sent + 5ms;
    }
    CHECK(stamped);
}

TEST_CASE_FIXTURE(Fixture, "empty, binary and the largest datagrams") {
    auto a = open();
    auto b = open();
    std::vector<Kept> got;
    b.on_datagram(keep_in(got));
    std::string binary("\0\1\xff", 3);
    std::string largest(65507, 'x');
    REQUIRE(a.send(b.local(), ""));
    REQUIRE(a.send(b.local(), binary));
    REQUIRE(a.send(b.local(), largest));
    REQUIRE(until([&] { return got.size() == 3; }));
    CHECK(got[0].bytes.empty());
    CHECK(got[1].bytes == binary);
    CHECK(got[2].bytes == largest);
    auto too_long = a.send(b.local(), std::string(65508, 'x'));
    REQUIRE_FALSE(too_long);
    CHECK(too_long.error().fault == Fault::system);
    CHECK(too_long.error().what.find("message too long") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "a burst is read in order, and leaves timers their turn") {
    auto a = open();
    auto b = open();
    std::vector<Kept> got;
    b.on_datagram(keep_in(got));
    for (int i = 0; i < 100; ++i) REQUIRE(a.send(b.local(), std::to_string(i)));
    std::size_t at_timer = 0;
    auto timer = loop.after(0s, [&] { at_timer = got.size(); });
    REQUIRE(until([&] { return got.size() == 100; }));
    for (int i = 0; i < 100; ++i) CHECK(got[static_cast<std::size_t>(i)].bytes == std::to_string(i));
    CHECK(at_timer < 100);
}

TEST_CASE_FIXTURE(Fixture, "a dead port is told at once, and the socket goes on") {
    auto dead = dead_end(*this);
    auto a = open();
    auto b = open();
    std::vector<wire::Unreachable> told;
    std::vector<Kept> got;
    a.on_unreachable([&](const wire::Unreachable& u) { told.push_back(u); });
    b.on_datagram(keep_in(got));
    REQUIRE(a.send(dead, "INVITE"));
    REQUIRE(a.send(b.local(), "the pending error is not this one's"));
    REQUIRE(until([&] { return told.size() == 1 && got.size() == 1; }));
    CHECK(told[0].to == dead);
    CHECK(told[0].reason == "connection refused");
    REQUIRE(a.send(dead, "again"));
    REQUIRE(until([&] { return told.size() == 2; }));
}

TEST_CASE_FIXTURE(Fixture, "an error nobody listens for does no harm") {
    auto dead = dead_end(*this);
    auto a = open();
    auto b = open();
    std::vector<Kept> got;
    b.on_datagram(keep_in(got));
    for (int i = 0; i < 5; ++i) {
        REQUIRE(a.send(dead, "x"));
        REQUIRE(a.send(b.local(), "y"));
    }
    REQUIRE(until([&] { return got.size() == 5; }));
}

TEST_CASE_FIXTURE(Fixture, "a taken port is an error, and so is a foreign address") {
    auto a = open();
    auto again = UdpSocket::bind(loop, a.local());
    REQUIRE_FALSE(again);
    CHECK(again.error().fault == Fault::system);
    CHECK(again.error().what ==
          fmt::format("cannot listen on '{}': address already in use", a.local().text()));
    auto foreign = UdpSocket::bind(loop, *net::Endpoint::parse("192.0.2.1:0"));
    REQUIRE_FALSE(foreign);
    CHECK(foreign.error().fault == Fault::system);
}

TEST_CASE_FIXTURE(Fixture, "a port is free again after its socket") {
    std::optional<UdpSocket> a = open();
    auto local = a->local();
    a.reset();
    CHECK(UdpSocket::bind(loop, local));
}

TEST_CASE_FIXTURE(Fixture, "a socket on every address tells which one was meant") {
    auto a = open();
    auto b = open(net::Ip());
    std::vector<Kept> got;
    b.on_datagram(keep_in(got));
    REQUIRE(a.send({loopback, b.local().port}, "x"));
    REQUIRE(until([&] { return got.size() == 1; }));
    CHECK(got[0].to == net::Endpoint{loopback, b.local().port});
}

TEST_CASE_FIXTURE(Fixture, "a callback may destroy the socket with datagrams still waiting, or replace itself") {
    auto a = open();
    std::optional<UdpSocket> b = open();
    int heard = 0;
    b->on_datagram([&](const wire::Datagram&) {
        ++heard;
        b->on_datagram([&](const wire::Datagram&) {
            ++heard;
            b.reset();
        });
    });
    for (int i = 0; i < 10; ++i) REQUIRE(a.send(b->local(), "x"));
    CHECK(until([&] { return !b; }));
    CHECK_FALSE(loop.run_until([&] { return heard > 2; }, 5ms));
    CHECK(heard == 2);
}

TEST_CASE_FIXTURE(Fixture, "a callback may answer, and moved sockets keep theirs") {
    auto a = open();
    auto b = open();
    std::vector<Kept> got;
    a.on_datagram(keep_in(got));
    b.on_datagram([&](const wire::Datagram& d) { CHECK(b.send(d.from, std::string(d.bytes) + " back")); });
    auto moved = std::move(a);
    REQUIRE(moved.send(b.local(), "x"));
    REQUIRE(until([&] { return got.size() == 1; }));
    CHECK(got[0].bytes == "x back");
}

TEST_CASE_FIXTURE(Fixture, "IPv6 likewise") {
    auto loopback6 = *net::Ip::parse("::1");
    auto a = UdpSocket::bind(loop, {loopback6, 0});
    if (!a) {
        MESSAGE("not run: IPv6 loopback (", a.error().text(), ")");
        return;
    }
    auto b = open(net::Ip::v6({}));
    net::Endpoint to{loopback6, b.local().port};
    std::vector<Kept> got;
    std::vector<wire::Unreachable> told;
    b.on_datagram(keep_in(got));
    a->on_unreachable([&](const wire::Unreachable& u) { told.push_back(u); });
    REQUIRE(a->send(to, "six"));
    REQUIRE(until([&] { return got.size() == 1; }));
    CHECK(got[0].from == a->local());
    CHECK(got[0].to == to);
    auto dead = open(loopback6).local();
    REQUIRE(a->send(dead, "x"));
    REQUIRE(until([&] { return told.size() == 1; }));
    CHECK(told[0].to == dead);
    CHECK(*wire::source_address(loopback6) == loopback6);
}

TEST_CASE_FIXTURE(Fixture, "a destination of the other family is an error, not a crash") {
    auto a = open();
    CHECK_FALSE(a.send(*net::Endpoint::parse("[::1]:5060"), "x"));
    CHECK_FALSE(a.send({loopback, 0}, "port 0"));
}

TEST_CASE("the way to ourselves begins there") {
    CHECK(*wire::source_address(loopback) == loopback);
}

TEST_CASE_FIXTURE(Fixture, "an RTP port is even and has its RTCP port above") {
    std::vector<wire::RtpPort> ports;
    for (int i = 0; i < 20; ++i) {
        auto port = wire::RtpPort::bind(loop, loopback);
        REQUIRE(port);
        CHECK(port->local().port % 2 == 0);
        CHECK(port->local_rtcp().port == port->local().port + 1);
        ports.push_back(std::move(*port));
    }
    std::vector<Kept> rtp, rtcp;
    ports[1].on_rtp(keep_in(rtp));
    ports[1].on_rtcp(keep_in(rtcp));
    REQUIRE(ports[0].send_rtp(ports[1].local(), "rtp"));
    REQUIRE(ports[0].send_rtcp(ports[1].local_rtcp(), "rtcp"));
    REQUIRE(until([&] { return rtp.size() == 1 && rtcp.size() == 1; }));
    CHECK(rtp[0].from == ports[0].local());
    CHECK(rtcp[0].from == ports[0].local_rtcp());
}

TEST_CASE_FIXTURE(Fixture, "an RTP port from a range, until that is used up") {
    // A pair that was free a moment ago, with an odd port in front.
    auto even = wire::RtpPort::bind(loop, loopback)->local().port;
    wire::PortRange range{static_cast<std::uint16_t>(even - 1), static_cast<std::uint16_t>(even + 1)};
    auto first = wire::RtpPort::bind(loop, loopback, range);
    REQUIRE(first);
    CHECK(first->local().port == even);
    auto second = wire::RtpPort::bind(loop, loopback, range);
    REQUIRE_FALSE(second);
    CHECK(second.error().fault == Fault::system);
    CHECK(second.error().what.find("no free pair of RTP ports from") == 0);
    for (auto bad : {wire::PortRange{20000, 20000}, wire::PortRange{20002, 20000}, wire::PortRange{65535, 65535}})
        CHECK_FALSE(wire::RtpPort::bind(loop, loopback, bad));
}

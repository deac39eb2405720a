#include <doctest/doctest.h>

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>

#include "net/packet.h"
#include "pcap/reader.h"
#include "wire/recorder.h"
#include "wire/rtp_port.h"
#include "wire/udp_socket.h"

using namespace trunkbox;
using wire::Recorder;
using wire::UdpSocket;

namespace {

constexpr Duration long_enough = 20s;
const net::Ip loopback = net::Ip::v4(0x7f000001);

struct Fixture {
    sofia::Library library;
    sofia::Loop loop{library};
    std::string path = "/tmp/trunkbox-recorder-XXXXXX";

    Fixture() { close(mkstemp(path.data())); }
    ~Fixture() { std::remove(path.c_str()); }

    Recorder open(std::size_t keep = 100) {
        auto recorder = Recorder::open({.pcap = path, .keep = keep});
        REQUIRE(recorder);
        return std::move(*recorder);
    }
    UdpSocket bind(Recorder* recorder, net::Ip ip = loopback) {
        auto socket = UdpSocket::bind(loop, {ip, 0}, recorder);
        REQUIRE(socket);
        return std::move(*socket);
    }
    // "from>to payload" of every packet of the capture.
    std::vector<std::string> capture() {
        std::vector<std::string> all;
        auto reader = pcap::Reader::open(path);
        REQUIRE(reader);
        for (;;) {
            auto packet = reader->next();
            REQUIRE(packet);
            if (!*packet) return all;
            auto udp = net::parse_udp_packet((*packet)->bytes);
            REQUIRE(udp);
            all.push_back(
                fmt::format("{}>{} {}", udp->from.text(), udp->to.text(), udp->payload));
        }
    }
};

std::string line(const net::Endpoint& from, const net::Endpoint& to, std::string_view bytes) {
    return fmt::format("{}>{} {}", from.text(), to.text(), bytes);
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "between two of our own sockets a datagram is recorded once, otherwise at either end") {
    auto recorder = open();
    auto ours = bind(&recorder);
    auto also_ours = bind(&recorder);
    auto theirs = bind(nullptr);
    int heard = 0;
    for (auto* socket : {&ours, &also_ours, &theirs}) socket->on_datagram([&](const wire::Datagram&) { ++heard; });
    REQUIRE(ours.send(also_ours.local(), "inside"));
    REQUIRE(loop.run_until([&] { return heard == 1; }, long_enough));
    REQUIRE(ours.send(theirs.local(), "out"));
    REQUIRE(loop.run_until([&] { return heard == 2; }, long_enough));
    REQUIRE(theirs.send(ours.local(), "in"));
    REQUIRE(loop.run_until([&] { return heard == 3; }, long_enough));
    REQUIRE(recorder.close());

    std::vector<std::string> expected{line(ours.local(), also_ours.local(), "inside"),
                                      line(ours.local(), theirs.local(), "out"),
                                      line(theirs.local(), ours.local(), "in")};
    CHECK(capture() == expected);
    std::vector<std::string> kept;
    for (const auto& m : recorder.messages()) kept.push_back(line(m.from, m.to, m.bytes));
    CHECK(kept == expected);
}

TEST_CASE_FIXTURE(Fixture, "a socket on every address is ours under each of this machine's") {
    auto recorder = open();
    auto ours = bind(&recorder);
    auto any = bind(&recorder, net::Ip());
    int heard = 0;
    for (auto* socket : {&ours, &any}) socket->on_datagram([&](const wire::Datagram&) { ++heard; });
    net::Endpoint to{loopback, any.local().port};
    REQUIRE(ours.send(to, "to any"));
    REQUIRE(loop.run_until([&] { return heard == 1; }, long_enough));
    REQUIRE(any.send(ours.local(), "from any"));
    REQUIRE(loop.run_until([&] { return heard == 2; }, long_enough));
    REQUIRE(recorder.close());
    CHECK(capture() == std::vector{line(ours.local(), to, "to any"), line(to, ours.local(), "from any")});
}

TEST_CASE_FIXTURE(Fixture, "the same port of another machine is not ours") {
    auto recorder = open();
    recorder.opened({net::Ip(), 5060});
    auto remote = *net::Endpoint::parse("192.0.2.1:5060");
    recorder.sent({loop.now(), {loopback, 5060}, remote, "x"}, wire::Traffic::sip);
    CHECK(recorder.messages().size() == 1);
    recorder.closed({net::Ip(), 5060});
    recorder.closed({net::Ip(), 5060});  // once too often
}

TEST_CASE_FIXTURE(Fixture, "what goes to a socket that is closed is recorded where it was sent") {
    auto recorder = open();
    auto ours = bind(&recorder);
    auto gone = [&] { return bind(&recorder).local(); }();
    REQUIRE(ours.send(gone, "x"));
    CHECK(recorder.messages().size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "media goes to the capture only") {
    auto recorder = open();
    auto a = wire::RtpPort::bind(loop, loopback, std::nullopt, &recorder);
    auto b = wire::RtpPort::bind(loop, loopback, std::nullopt, &recorder);
    REQUIRE(a);
    REQUIRE(b);
    int heard = 0;
    b->on_rtp([&](const wire::Datagram&) { ++heard; });
    b->on_rtcp([&](const wire::Datagram&) { ++heard; });
    REQUIRE(a->send_rtp(b->local(), "rtp"));
    REQUIRE(loop.run_until([&] { return heard == 1; }, long_enough));
    REQUIRE(a->send_rtcp(b->local_rtcp(), "rtcp"));
    REQUIRE(loop.run_until([&] { return heard == 2; }, long_enough));
    REQUIRE(recorder.close());
    CHECK(recorder.messages().empty());
    CHECK(capture() ==
          std::vector{line(a->local(), b->local(), "rtp"), line(a->local_rtcp(), b->local_rtcp(), "rtcp")});
}

TEST_CASE_FIXTURE(Fixture, "the stamp in the capture is the stamp that was handed up") {
    auto recorder = open();
    auto ours = bind(&recorder);
    auto theirs = bind(nullptr);
    std::optional<Time> handed_up;
    ours.on_datagram([&](const wire::Datagram& d) { handed_up = d.time; });
    REQUIRE(theirs.send(ours.local(), "x"));
    REQUIRE(loop.run_until([&] { return handed_up.has_value(); }, long_enough));
    REQUIRE(recorder.close());
    auto reader = pcap::Reader::open(path);
    REQUIRE(reader);
    auto packet = reader->next();
    REQUIRE(packet);
    CHECK((*packet)->time == handed_up);
    CHECK(recorder.messages()[0].time == *handed_up);
}

TEST_CASE_FIXTURE(Fixture, "messages in memory are bounded, the rest is counted") {
    auto recorder = open(2);
    auto to = *net::Endpoint::parse("192.0.2.1:5060");
    for (int i = 0; i < 5; ++i)
        recorder.received({loop.now(), to, {loopback, 5060}, std::to_string(i)}, wire::Traffic::sip);
    CHECK(recorder.messages().size() == 2);
    CHECK(recorder.messages()[1].bytes == "1");
    CHECK(recorder.not_kept() == 3);
    REQUIRE(recorder.close());
    CHECK(capture().size() == 5);
}

TEST_CASE_FIXTURE(Fixture, "without a path nothing is written; with a bad one it is an error") {
    auto none = Recorder::open({.pcap = "", .keep = 1});
    REQUIRE(none);
    none->received({loop.now(), {loopback, 1}, {loopback, 2}, "x"}, wire::Traffic::sip);
    CHECK(none->messages().size() == 1);
    CHECK(none->close());
    auto bad = Recorder::open({.pcap = "/nonexistent/x.pcap"});
    REQUIRE_FALSE(bad);
    CHECK(bad.error().fault == Fault::system);
}

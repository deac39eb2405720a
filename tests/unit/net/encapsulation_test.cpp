#include "unit/net/dissect.h"

using namespace trunkbox;
using namespace trunkbox::test;
using net::Fate;

namespace {

Part call(const Flow& flow = flow4) { return ip(flow, udp(flow, "hello")); }

void check_call(const Part& part, const Flow& flow = flow4) {
    auto one = only(part);
    CHECK(one.flow.from == flow.from);
    CHECK(one.flow.to == flow.to);
    CHECK(one.bytes == "hello");
    CHECK(one.transport == net::Transport::udp);
    CHECK_FALSE(one.cut);
    CHECK(one.frames == std::vector<std::uint64_t>{1});
}

Fate fate_of(const Part& part) {
    Dissection dissection;
    dissection.feed(part);
    dissection.finish();
    return dissection.fate(1);
}

}  // namespace

TEST_CASE("every link layer, over IPv4 and IPv6") {
    for (const auto& flow : {flow4, flow6}) {
        auto packet = call(flow);
        check_call(ethernet(packet), flow);
        check_call(llc_snap(packet), flow);
        check_call(cooked(packet), flow);
        check_call(cooked(vlan(7, packet)), flow);
        check_call(cooked2(packet), flow);
        check_call(cooked2(vlan(7, packet)), flow);
        for (int link : {12, 14, 101}) check_call(raw(packet, link), flow);
        check_call(raw(packet, flow.from.ip.is_v6() ? 229 : 228), flow);
        check_call(loopback(packet, false), flow);
        check_call(loopback(packet, true), flow);
        check_call(loop(packet), flow);
    }
    CHECK(fate_of(raw(call(flow6), 228)) == Fate::damaged);
    CHECK(fate_of(raw(call(flow4), 229)) == Fate::damaged);
    CHECK(fate_of(raw(call(), 147)) == Fate::unknown_link);
    auto family = loopback(call(), false);
    family.bytes[3] = '\x07';
    CHECK(fate_of(family) == Fate::no_payload);
    auto version = raw(call());
    version.bytes[0] = '\x55';
    CHECK(fate_of(version) == Fate::damaged);
}

TEST_CASE("tags, labels and sessions") {
    for (const auto& flow : {flow4, flow6}) {
        auto packet = call(flow);
        check_call(ethernet(vlan(7, packet)), flow);
        check_call(ethernet(vlan(7, vlan(8, packet), 0x88a8)), flow);
        check_call(ethernet(vlan(7, vlan(8, packet))), flow);
        check_call(ethernet(vlan(7, packet, 0x9100)), flow);
        check_call(ethernet(mpls(1, packet)), flow);
        check_call(ethernet(mpls(5, packet)), flow);
        check_call(ethernet(mpls(2, ethernet(packet))), flow);
        check_call(ethernet(vlan(7, pppoe(packet))), flow);
    }
    auto discovery = ethernet(pppoe(call()));
    discovery.bytes[15] = '\x09';
    CHECK(fate_of(discovery) == Fate::no_payload);
    auto session = ethernet(pppoe(call()));
    session.bytes[18] = '\x7f';
    CHECK(fate_of(session) == Fate::damaged);
    CHECK(fate_of(ethernet({"\xc0\x21 link control", 0x8864})) == Fate::damaged);
    auto channel = ethernet(mpls(1, {n32(0x10000021) + "oam", 0x0800}));
    CHECK(fate_of(channel) == Fate::no_payload);
}

TEST_CASE("tunnels, with every pair of families") {
    for (const auto& inner : {flow4, flow6})
        for (const auto& outer : {tunnel4, tunnel6}) {
            auto packet = call(inner);
            check_call(ethernet(ip(outer, packet)), inner);
            check_call(ethernet(ip(outer, gre(packet))), inner);
            check_call(ethernet(ip(outer, gre(packet, {.key = 5}))), inner);
            check_call(ethernet(ip(outer, gre(packet, {.checksum = true, .key = 5, .sequence = 6}))), inner);
            check_call(ethernet(ip(outer, gre(ethernet(packet)))), inner);
            check_call(ethernet(ip(outer, gre(vlan(3, packet)))), inner);
            check_call(ethernet(ip(outer, mpls(2, packet))), inner);
            for (int type : {1, 2, 3}) check_call(ethernet(ip(outer, erspan(type, ethernet(packet)))), inner);
            auto to = [&](std::uint16_t port) {
                auto changed = outer;
                changed.to.port = port;
                return changed;
            };
            check_call(ethernet(ip(outer, udp(to(4789), vxlan(ethernet(packet))))), inner);
            check_call(ethernet(ip(outer, udp(to(8472), vxlan(ethernet(vlan(4, packet)))))), inner);
            check_call(ethernet(ip(outer, udp(to(6081), geneve(ethernet(packet))))), inner);
            check_call(ethernet(ip(outer, udp(to(6081), geneve(packet, "options!")))), inner);
            check_call(ethernet(ip(outer, udp(to(2152), gtp(packet)))), inner);
            check_call(ethernet(ip(outer, udp(to(2152), gtp(packet, true)))), inner);
        }
}

TEST_CASE("on a tunnel's port, what does not hold as one is a datagram") {
    for (auto port : std::initializer_list<std::uint16_t>{4789, 8472, 6081, 2152}) {
        auto outer = tunnel4;
        outer.to.port = port;
        for (const auto& payload : {message(), std::string(), std::string("\x08"), std::string(64, '\0'),
                                    std::string(64, '\xff'), std::string("\x30\xff\xff\xff\0\0\0\0E", 9)})
            CHECK(only(ethernet(ip(outer, udp(outer, payload)))).bytes == payload);
    }
    // The other way round: the port that it came from is no tunnel's.
    auto back = tunnel4.back();
    back.from.port = 4789;
    CHECK(only(ethernet(ip(back, udp(back, vxlan(ethernet(call())))))).bytes.size() > 50);
}

TEST_CASE("extension headers of IPv6, an authentication header") {
    auto packet = udp(flow6, "hello");
    check_call(ethernet(ip(flow6, extension(0, packet))), flow6);
    check_call(ethernet(ip(flow6, extension(0, extension(60, extension(43, extension(60, packet)))))), flow6);
    check_call(ethernet(ip(flow6, authentication(packet))), flow6);
    check_call(ethernet(ip(flow4, authentication(udp(flow4, "hello")))), flow4);
    auto many = packet;
    for (int i = 0; i < 16; ++i) many = extension(60, many);
    check_call(ethernet(ip(flow6, many)), flow6);
    CHECK(fate_of(ethernet(ip(flow6, extension(60, many)))) == Fate::damaged);
    CHECK(fate_of(ethernet(ip(flow6, {"", 0, 59}))) == Fate::no_payload);
    CHECK(fate_of(ethernet(ip(flow6, {"\x11", 0, 60}))) == Fate::damaged);
}

TEST_CASE("what carries no payload of ours") {
    CHECK(fate_of(ethernet({std::string(28, 'a'), 0x0806})) == Fate::no_payload);             // ARP
    CHECK(fate_of(ethernet({"\x42\x42\x03 spanning tree", 20})) == Fate::no_payload);
    CHECK(fate_of(ethernet(ip(flow4, {"\x08 echo", 0, 1}))) == Fate::no_payload);              // ICMP
    CHECK(fate_of(ethernet(ip(flow6, {"\x80 echo", 0, 58}))) == Fate::no_payload);
    CHECK(fate_of(ethernet(ip(flow4, {"secret", 0, 50}))) == Fate::no_payload);                // ESP
    CHECK(fate_of(ethernet(ip(flow4, tcp(flow4, 1, "")))) == Fate::no_payload);
    CHECK(fate_of(cooked({"x", 1})) == Fate::no_payload);
    CHECK(fate_of(ethernet(ip(flow4, gre({"keepalive", 0})))) == Fate::no_payload);
}

TEST_CASE("padding is no payload, and what is behind a datagram belongs to nobody") {
    auto padded = ethernet(call());
    padded.bytes += std::string(20, '\0');
    check_call(padded);
    auto longer = udp(flow4, "hello");
    longer.bytes += "tail";
    check_call(ethernet(ip(flow4, longer)));
}

TEST_CASE("lengths and versions that cannot be") {
    auto frame = ethernet(call());
    auto with = [&](std::size_t at, char value) {
        auto changed = frame;
        changed.bytes[at] = value;
        return fate_of(changed);
    };
    CHECK(with(14, '\x44') == Fate::damaged);    // a header of four words
    CHECK(with(14, '\x65') == Fate::damaged);    // a version that the type denies
    CHECK(with(17, '\x7f') == Fate::damaged);    // longer than the frame
    CHECK(with(17, '\x13') == Fate::damaged);    // shorter than its header
    CHECK(with(17, '\x00') == Fate::damaged);
    CHECK(with(39, '\x0e') == Fate::damaged);    // UDP: one byte more than there is
    CHECK(with(39, '\x07') == Fate::damaged);    // … less than its header
    CHECK(with(39, '\x0c') == Fate::delivered);  // … one byte less: a shorter datagram
    auto six = ethernet(call(flow6));
    six.bytes[19] = '\x7f';
    CHECK(fate_of(six) == Fate::damaged);
    Dissection dissection;
    dissection.feed(six);
    CHECK(dissection.why(1) == "IPv6 length");
}

TEST_CASE("layers without end") {
    auto tagged = call();
    for (int i = 0; i < 23; ++i) tagged = vlan(1, tagged);
    check_call(ethernet(tagged));
    CHECK(fate_of(ethernet(vlan(1, tagged))) == Fate::damaged);
    auto nested = call();
    for (int i = 0; i < 500; ++i) nested = ip(tunnel4, nested);
    CHECK(fate_of(ethernet(nested)) == Fate::damaged);
    auto stack = ethernet(mpls(3000, call()));
    check_call(stack);
}

TEST_CASE("a short snap length: cut where it can be told, unknown where it cannot") {
    auto frame = ethernet(ip(flow4, udp(flow4, std::string(500, 'x'))));
    for (std::size_t captured = 0; captured < frame.bytes.size(); ++captured) {
        Dissection dissection;
        dissection.feed(frame, captured);
        dissection.finish();
        if (captured < 42) {
            CHECK(dissection.fate(1) == Fate::cut);
            CHECK_FALSE(dissection.why(1).empty());
        } else {
            CHECK(dissection.fate(1) == Fate::delivered);
            CHECK(dissection.all[0].cut);
            CHECK(dissection.all[0].bytes.size() == captured - 42);
        }
    }
    // Where the wire itself held no more it is no cut.
    Dissection dissection;
    dissection.feed(1, std::string_view(frame.bytes).substr(0, 100), 100);
    dissection.finish();
    CHECK(dissection.fate(1) == Fate::damaged);
}

TEST_CASE("HEP3: the addresses, the transport and the time of what it holds") {
    auto time = Time(1'600'000'000s + 123'456us);
    for (const auto& inner : {flow4, flow6}) {
        auto one = only(ethernet(ip(tunnel4, udp(tunnel4, hep(inner, 17, "hello", time)))));
        CHECK(one.flow.from == inner.from);
        CHECK(one.flow.to == inner.to);
        CHECK(one.bytes == "hello");
        CHECK(one.time == time);
        CHECK(one.transport == net::Transport::udp);
    }
    auto hep_of = [&](const std::string& payload) { return only(ethernet(ip(tunnel4, udp(tunnel4, payload)))); };
    CHECK(hep_of(hep(flow4, 6, "x")).transport == net::Transport::tcp);
    CHECK(hep_of(hep(flow4, 132, "x")).transport == net::Transport::sctp);
    CHECK(hep_of(hep(flow4, 17, "x")).time != time);
    // What is no HEP3, though it begins so, is a datagram.
    auto whole = hep(flow4, 17, "hello");
    for (const auto& other : {std::string("HEP3"), std::string("HEP3 is what I call it"), whole + "tail",
                              whole.substr(0, whole.size() - 1), std::string("HEP3") + n16(6)}) {
        auto one = hep_of(other);
        bool is_hep = other == whole + "tail";
        CHECK(one.bytes == (is_hep ? "hello" : other));
        CHECK(one.flow.from == (is_hep ? flow4 : tunnel4).from);
    }
    auto frame = ethernet(ip(tunnel4, udp(tunnel4, whole)));
    Dissection dissection;
    dissection.feed(frame, frame.bytes.size() - 2);
    REQUIRE(dissection.all.size() == 1);
    CHECK(dissection.all[0].cut);
    CHECK(dissection.all[0].bytes == "hel");
    CHECK(dissection.all[0].flow.from == flow4.from);
}

TEST_CASE("time that runs backwards is counted") {
    Dissection dissection;
    dissection.feed(ethernet(call()));
    dissection.now -= 5s;
    dissection.feed(ethernet(call()));
    CHECK(dissection.counts().backwards == 1);
    CHECK(dissection.counts().most_backwards == 5s - 1ms);
}

#include <algorithm>

#include "unit/net/dissect.h"

using namespace trunkbox;
using namespace trunkbox::test;
using net::Anomaly;
using net::Fate;

namespace {

std::string noise(std::size_t size) {
    std::string bytes;
    for (std::uint32_t i = 0, x = 1; i < size; ++i) bytes += static_cast<char>((x = x * 1664525 + 1013904223) >> 24);
    return bytes;
}

// UDP around it, in three fragments.
struct Three {
    Flow flow;
    std::string payload = noise(100);
    std::vector<Part> parts;
    explicit Three(const Flow& of) : flow(of), parts(fragments(of, 9, udp(of, payload), 40)) {}
};

}  // namespace

TEST_CASE("fragments in any order, each once or twice") {
    for (const auto& flow : {flow4, flow6}) {
        Three three(flow);
        REQUIRE(three.parts.size() == 3);
        std::vector<std::size_t> order{0, 1, 2};
        do {
            for (std::size_t twice = 0; twice < 4; ++twice) {
                Dissection dissection;
                for (std::size_t i = 0; i < 3; ++i) {
                    dissection.feed(ethernet(three.parts[order[i]]));
                    if (i == twice) dissection.feed(ethernet(three.parts[order[i]]));
                }
                REQUIRE(dissection.all.size() == 1);
                CHECK(dissection.all[0].bytes == three.payload);
                CHECK(dissection.all[0].flow.to == flow.to);
                CHECK(dissection.all[0].oddities.empty());
                CHECK(dissection.all[0].frames.size() == 3);
                dissection.complete();
                CHECK(std::count_if(dissection.fates.begin(), dissection.fates.end(), [](const auto& one) {
                          return one.second.fate == Fate::surplus;
                      }) == (twice < 3 ? 1 : 0));
                dissection.finish();
            }
        } while (std::next_permutation(order.begin(), order.end()));
    }
}

TEST_CASE("a packet in one fragment, two interleaved, the same identification for another packet") {
    for (const auto& flow : {flow4, flow6}) {
        auto whole = udp(flow, "whole");
        CHECK(only(ethernet(fragment(flow, {5, 0, false}, whole.bytes))).bytes == "whole");
        Dissection dissection;
        auto first = fragments(flow, 1, udp(flow, noise(50)), 32);
        auto second = fragments(flow, 2, udp(flow, noise(60)), 32);
        for (std::size_t i = 0; i < 3; ++i) {
            if (i < first.size()) dissection.feed(ethernet(first[i]));
            dissection.feed(ethernet(second[i]));
        }
        auto again = fragments(flow, 1, udp(flow, noise(48)), 32);
        for (const auto& part : again) dissection.feed(ethernet(part));
        CHECK(dissection.payloads() == std::vector<std::string>{noise(50), noise(60), noise(48)});
        dissection.finish();
    }
    // Behind extension headers, within the fragmented part too.
    Dissection dissection;
    for (const auto& part : fragments(flow6, 1, extension(60, udp(flow6, noise(50))), 32))
        dissection.feed(ethernet(part));
    CHECK(dissection.payloads() == std::vector<std::string>{noise(50)});
}

TEST_CASE("the largest packet, and one that is larger than there can be") {
    for (const auto& flow : {flow4, flow6}) {
        auto most = flow.from.ip.is_v6() ? 65527U : 65507U;
        for (auto size : {most, most + 1, most + 8}) {
            // UDP's own length is no larger than it can say.
            auto packet = udp(flow, noise(std::min<std::size_t>(size, 65527)));
            packet.bytes.resize(size + 8, 'x');
            Dissection dissection;
            for (const auto& part : fragments(flow, 1, packet, 1480)) dissection.feed(ethernet(part));
            REQUIRE(dissection.all.size() == 1);
            const auto& one = dissection.all[0];
            CHECK(one.bytes.size() == (size == most ? size : 0));
            CHECK(one.oddities == (size == most ? Oddities{} : Oddities{Anomaly::datagram_too_long}));
            CHECK(one.flow.to == flow.to);
            CHECK(one.frames.size() == dissection.frames);
            dissection.complete();
        }
    }
}

TEST_CASE("overlaps: of IPv4 those that differ, of IPv6 every one") {
    for (const auto& flow : {flow4, flow6}) {
        bool v6 = flow.from.ip.is_v6();
        auto bytes = udp(flow, noise(72)).bytes;  // 80
        auto piece = [&](std::size_t from, std::size_t to, char change = 0) {
            auto part = bytes.substr(from, to - from);
            if (change != 0) part.back() = change;
            return ethernet(fragment(flow, {3, from, to < bytes.size()}, part));
        };
        auto one = [](const std::vector<Part>& parts) {
            Dissection dissection;
            for (const auto& part : parts) dissection.feed(part);
            REQUIRE(dissection.all.size() == 1);
            dissection.complete();
            return dissection.all[0];
        };
        // Equal bytes that overlap.
        auto same = one({piece(0, 48), piece(32, 56), piece(56, 80)});
        CHECK(same.oddities == (v6 ? Oddities{Anomaly::fragment_overlap} : Oddities{}));
        CHECK(same.bytes == (v6 ? "" : noise(72)));
        // Different ones: the first stay.
        auto other = one({piece(0, 48), piece(32, 56, '!'), piece(56, 80)});  // changed, but not where they overlap
        CHECK(other.oddities == (v6 ? Oddities{Anomaly::fragment_overlap} : Oddities{}));
        auto differs = one({piece(0, 48), piece(24, 48, '!'), piece(48, 80)});
        CHECK(differs.oddities == Oddities{Anomaly::fragment_overlap});
        CHECK(differs.bytes == (v6 ? "" : noise(72)));
        CHECK(differs.frames.size() == 3);
        // The same place and length, other bytes.
        CHECK(one({piece(0, 40), piece(0, 40, '!'), piece(40, 80)}).oddities == Oddities{Anomaly::fragment_overlap});
        // Two ends.
        auto short_end = ethernet(fragment(flow, {3, 40, false}, bytes.substr(40, 8)));
        CHECK(one({piece(40, 80), short_end, piece(0, 40)}).oddities == Oddities{Anomaly::fragment_overlap});
    }
}

TEST_CASE("a first fragment too short for its transport header") {
    auto tiny = [](const Part& packet, std::size_t first) {
        Dissection dissection;
        dissection.feed(ethernet(fragment(flow4, {1, 0, true, packet.protocol}, packet.bytes.substr(0, first))));
        dissection.feed(ethernet(fragment(flow4, {1, first, false, packet.protocol}, packet.bytes.substr(first))));
        dissection.finish();
        REQUIRE(dissection.all.size() == 1);
        return dissection.all[0];
    };
    CHECK(tiny(udp(flow4, "hello, this is"), 8).oddities.empty());
    auto request = message();
    auto sip = tiny(tcp(flow4, 1, request), 8);
    CHECK(sip.oddities == Oddities{Anomaly::fragment_overlap});
    CHECK(sip.bytes == request);
    CHECK(tiny(tcp(flow4, 1, request), 16).oddities.empty());
    // Though it carries nothing, it is told.
    auto syn = tiny(tcp(flow4, 1, "", tcp_syn), 8);
    CHECK(syn.oddities == Oddities{Anomaly::fragment_overlap});
    CHECK(syn.bytes.empty());
    CHECK(syn.flow.to == flow4.to);
}

TEST_CASE("fragments that never come") {
    for (const auto& flow : {flow4, flow6}) {
        Three three(flow);
        auto run = [&](std::vector<std::size_t> which, bool wait) {
            Dissection dissection;
            for (auto i : which) dissection.feed(ethernet(three.parts[i]));
            if (wait) {
                dissection.now += 29s;
                dissection.feed(ethernet({"", 0x0806}));
                CHECK(dissection.all.empty());
                dissection.now += 2s;
                dissection.feed(ethernet({"", 0x0806}));
            } else {
                dissection.finish();
            }
            dissection.complete();
            CHECK(dissection.counts().fragments_expired == 1);
            REQUIRE(dissection.all.size() == 1);
            CHECK(dissection.all[0].oddities == Oddities{Anomaly::fragments_missing});
            CHECK(dissection.all[0].cut);
            CHECK(dissection.all[0].flow.from.ip == flow.from.ip);
            return dissection.all[0];
        };
        for (bool wait : {false, true}) {
            auto first = run({0, 2}, wait);
            CHECK(first.bytes == three.payload.substr(0, 32));
            CHECK(first.flow.to == flow.to);
            CHECK(first.frames == std::vector<std::uint64_t>{1, 2});
            auto last = run({1, 2}, wait);
            CHECK(last.bytes.empty());
            CHECK(last.flow.to.port == 0);
        }
    }
}

TEST_CASE("lengths that no fragment has, and payloads that are none of ours") {
    Dissection dissection;
    dissection.feed(ethernet(fragment(flow4, {1, 0, true}, "not eight")));
    dissection.feed(ethernet(fragment(flow4, {2, 8, false}, "")));
    dissection.feed(ethernet(fragment(flow4, {3, 0, true, 1}, "an echo ")));
    CHECK(dissection.fate(1) == Fate::damaged);
    CHECK(dissection.fate(2) == Fate::damaged);
    CHECK(dissection.fate(3) == Fate::no_payload);
    dissection.feed(ethernet(fragment(flow6, {4, 0, true, 58}, "an echo ")));
    dissection.finish();
    CHECK(dissection.fate(4) == Fate::cut);
    CHECK(dissection.all.empty());
}

TEST_CASE("fragments that the capture cut") {
    Three three(flow4);
    Dissection dissection;
    dissection.feed(ethernet(three.parts[0]));
    dissection.feed(ethernet(three.parts[1]), 14 + 20 + 10);
    dissection.feed(ethernet(three.parts[2]));
    REQUIRE(dissection.all.size() == 1);
    CHECK(dissection.all[0].cut);
    CHECK(dissection.all[0].oddities.empty());
    CHECK(dissection.all[0].bytes == three.payload.substr(0, 42));
}

TEST_CASE("a tunnel in fragments, in which a packet is in fragments") {
    Three three(flow4);
    Dissection dissection;
    std::uint32_t id = 100;
    for (const auto& part : three.parts)
        for (const auto& outer : fragments(tunnel4, ++id, part, 24)) dissection.feed(ethernet(outer));
    REQUIRE(dissection.all.size() == 1);
    CHECK(dissection.all[0].bytes == three.payload);
    CHECK(dissection.all[0].frames.size() == dissection.frames);
    dissection.complete();
    // Fragments of fragments in one packet, which nobody sends.
    Part inner{fragment(flow6, {7, 0, true}, noise(16)).bytes.substr(40), 0, 44};
    for (const auto& outer : fragments(flow6, ++id, inner, 8)) dissection.feed(ethernet(outer));
    dissection.finish();
    CHECK(dissection.fate(dissection.frames) == Fate::damaged);
}

TEST_CASE("bounded, whatever comes: the oldest is given up and counted") {
    net::DissectorLimits limits;
    limits.fragmented_packets = 10;
    Dissection dissection(limits);
    Three three(flow4);
    dissection.feed(ethernet(three.parts[0]));
    for (std::uint32_t id = 100; id < 110; ++id) dissection.feed(ethernet(fragment(flow4, {id, 8, true}, noise(8))));
    CHECK(dissection.counts().fragments_evicted == 1);
    REQUIRE(dissection.all.size() == 1);
    CHECK(dissection.all[0].frames == std::vector<std::uint64_t>{1});
    CHECK(dissection.all[0].oddities == Oddities{Anomaly::fragments_missing});
    dissection.finish();

    limits = {};
    limits.fragment_bytes = 100'000;
    Dissection bytes(limits);
    for (std::uint32_t id = 0; id < 50; ++id) bytes.feed(ethernet(fragment(flow4, {id, 20'000, true}, noise(800))));
    CHECK(bytes.counts().fragments_evicted >= 44);
    bytes.finish();

    // One packet in more pieces than any host makes.
    Dissection pieces;
    for (std::uint32_t i = 0; i < 3000; ++i)
        pieces.feed(ethernet(fragment(flow4, {1, 16 + 16 * i % 60'000, true}, noise(8))));
    CHECK(pieces.counts().fragments_evicted >= 1);
    pieces.finish();
}

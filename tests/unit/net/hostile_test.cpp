// Frames cut anywhere, changed anywhere, in any order: nothing is read beyond its end, every frame is accounted for.
#include <algorithm>

#include "unit/net/dissect.h"

using namespace trunkbox;
using namespace trunkbox::test;

namespace {

void add(std::vector<Part>& all, const std::vector<Part>& more) { all.insert(all.end(), more.begin(), more.end()); }

std::uint16_t to_port(std::size_t i) { return std::array<std::uint16_t, 4>{4789, 8472, 6081, 2152}[i]; }

// One of everything.
std::vector<Part> everything() {
    std::vector<Part> all;
    for (const auto& flow : {flow4, flow6}) {
        auto datagram = ip(flow, udp(flow, message("body")));
        add(all, {ethernet(datagram), llc_snap(datagram), cooked(vlan(7, datagram)), cooked2(datagram), raw(datagram),
                  loopback(datagram, true), loop(datagram), ethernet(vlan(7, vlan(8, datagram), 0x88a8)),
                  ethernet(mpls(3, datagram)), ethernet(mpls(1, ethernet(datagram))), ethernet(pppoe(datagram)),
                  ethernet(ip(tunnel6, datagram)), ethernet(ip(tunnel4, gre(datagram, {true, 5, 6}))),
                  ethernet(ip(flow4, authentication(udp(flow4, "x"))))});
        for (int type : {1, 2, 3}) all.push_back(ethernet(ip(tunnel4, erspan(type, ethernet(datagram)))));
        for (std::size_t i = 0; i < 4; ++i) {
            auto outer = tunnel4;
            outer.to.port = to_port(i);
            auto payload = i < 2 ? vxlan(ethernet(datagram)) : i == 2 ? geneve(datagram, "opti") : gtp(datagram, true);
            all.push_back(ethernet(ip(outer, udp(outer, payload))));
        }
        add(all, {ethernet(ip(flow6, extension(0, extension(60, udp(flow6, "x"))))),
                  ethernet(ip(tunnel4, udp(tunnel4, hep(flow, 17, message(), Time(1'600'000'000s)))))});
        for (const auto& part : fragments(flow, 9, udp(flow, message(std::string(90, 'f'))), 48))
            all.push_back(ethernet(part));
        auto text = message(std::string(50, 's'));
        std::uint32_t at = 100;
        for (const auto& bytes :
             {text, text.substr(0, 60), text.substr(60), text + "junk\r\n", std::string("\r\n\r\n")}) {
            all.push_back(ethernet(ip(flow, tcp(flow, at, bytes))));
            at += static_cast<std::uint32_t>(bytes.size());
        }
        all.push_back(ethernet(ip(flow, tcp(flow, at, "", tcp_fin))));
        auto web = web_socket(text, 7U), half = web_socket(text.substr(0, 30), 7U, false);
        at = 5000;
        for (const auto& bytes :
             {web, half, web_socket("ping", {}, true, 9), web_socket(text.substr(30), {}, true, 0)}) {
            all.push_back(ethernet(ip(flow.back(), tcp(flow.back(), at, bytes))));
            at += static_cast<std::uint32_t>(bytes.size());
        }
        all.push_back(ethernet(ip(flow, sctp(flow, data_chunk(1, text) + data_chunk(2, "a", chunk_begins)))));
        all.push_back(ethernet(ip(flow, sctp(flow, data_chunk(3, "b", chunk_ends)))));
    }
    return all;
}

struct Noise {
    std::uint64_t state;
    std::uint32_t next(std::uint32_t below) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        return static_cast<std::uint32_t>((state >> 33U) % below);
    }
};

void feed_changed(Dissection& dissection, const std::vector<Part>& all, Noise& noise) {
    const auto& part = all[noise.next(static_cast<std::uint32_t>(all.size()))];
    auto bytes = part.bytes;
    for (auto changes = noise.next(4); changes > 0; --changes) {
        // Most of the lengths are near the beginning.
        auto reach = noise.next(2) == 0 ? std::min<std::size_t>(bytes.size(), 60) : bytes.size();
        auto at = noise.next(static_cast<std::uint32_t>(reach));
        if (noise.next(3) == 0) bytes[at] = static_cast<char>(bytes[at] ^ (1 << noise.next(8)));
        else bytes[at] = static_cast<char>(noise.next(256));
    }
    auto length = bytes.size();
    if (noise.next(5) == 0) bytes.resize(noise.next(static_cast<std::uint32_t>(bytes.size() + 1)));
    if (noise.next(2) == 0) length = bytes.size();
    if (noise.next(50) == 0) dissection.now += std::chrono::seconds(noise.next(60));
    dissection.feed(noise.next(50) == 0 ? static_cast<int>(noise.next(300)) : part.link_type, bytes, length);
}

}  // namespace

TEST_CASE("every frame cut at every byte, by the capture and on the wire") {
    auto all = everything();
    for (std::size_t which = 0; which < all.size(); ++which)
        for (std::size_t captured = 0; captured <= all[which].bytes.size(); ++captured) {
            Dissection dissection;
            dissection.feed(all[which], captured);
            dissection.feed(all[which].link_type, std::string_view(all[which].bytes).substr(0, captured), captured);
            dissection.finish();
            CHECK(dissection.fates.size() == 2);
            // A frame that is whole is damaged for nobody.
            if (captured == all[which].bytes.size()) CHECK(dissection.fate(1) <= net::Fate::no_payload);
        }
}

TEST_CASE("every frame whole, in any order") {
    auto all = everything();
    Noise noise{1};
    for (int round = 0; round < 200; ++round) {
        Dissection dissection;
        for (std::size_t i = all.size(); i > 1; --i)
            std::swap(all[i - 1], all[noise.next(static_cast<std::uint32_t>(i))]);
        for (const auto& part : all) dissection.feed(part);
        dissection.finish();
        for (const auto& [frame, settled] : dissection.fates) CHECK(settled.fate <= net::Fate::no_payload);
    }
}

TEST_CASE("frames changed anywhere: 300,000 of them") {
    auto all = everything();
    net::DissectorLimits tight{.fragment_bytes = 20'000, .fragmented_packets = 12, .stream_bytes = 20'000,
                               .streams = 12, .segments_ahead = 6, .message_bytes = 400, .layers = 10};
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        Noise noise{seed};
        Dissection dissection(seed % 2 == 0 ? tight : net::DissectorLimits{});
        for (int i = 0; i < 10'000; ++i) feed_changed(dissection, all, noise);
        dissection.finish();
        CHECK(dissection.fates.size() == 10'000);
        CHECK(dissection.all.size() > 1'000);
        // As if new.
        auto before = dissection.all.size();
        dissection.feed(all[0]);
        dissection.finish();
        CHECK(dissection.all.size() == before + 1);
    }
}

TEST_CASE("the same frames give the same datagrams") {
    auto all = everything();
    auto run = [&] {
        Noise noise{77};
        Dissection dissection;
        for (int i = 0; i < 5'000; ++i) feed_changed(dissection, all, noise);
        dissection.finish();
        return dissection.payloads();
    };
    CHECK(run() == run());
}

#include "sbc/filter.h"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

#include "net/packet.h"
#include "sbc/distinct.h"

using namespace trunkbox;

namespace {

const net::Endpoint phone{net::Ip::v4(0xc0000201), 5060};
const net::Endpoint edge{net::Ip::v4(0xc6336401), 5060};

std::string invite(std::string_view call_id, std::string_view contact = "Contact: <sip:a@192.0.2.1>\r\n") {
    return "INVITE sip:b@198.51.100.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK" + std::string(call_id) +
           "\r\nMax-Forwards: 70\r\nFrom: <sip:a@example.com>;tag=1\r\nTo: <sip:b@example.com>\r\nCall-ID: " +
           std::string(call_id) + "\r\nCSeq: 1 INVITE\r\n" + std::string(contact) + "Content-Length: 0\r\n\r\n";
}

class Seen final : public sbc::FilterSink {
  public:
    std::vector<sbc::Action> actions;
    std::map<std::uint64_t, sbc::FrameClass> frames;

    void judged(const net::Datagram&, const sip::MessageView&, const sbc::Verdict& verdict) override {
        actions.push_back(verdict.action);
    }
    void settled(std::uint64_t frame, sbc::FrameClass frame_class) override {
        CHECK(frames.emplace(frame, frame_class).second);
    }
};

// Frames as they come.
struct Bench {
    Seen seen;
    sbc::Filter filter{sbc::Policy::strict(), seen};
    std::uint64_t number = 0;

    void feed(const std::string& packet, int link_type = net::link_type_raw_ip, std::size_t cut = std::string::npos) {
        auto bytes = std::string_view(packet).substr(0, cut);
        filter.feed({.number = ++number, .time = Time(number * 1s), .link_type = link_type, .bytes = bytes,
                     .original_length = static_cast<std::uint32_t>(packet.size())});
    }
    void feed_udp(const std::string& payload) { feed(net::udp_packet(phone, edge, payload)); }

    // Every frame once, and the sum right.
    sbc::FilterSummary finish() {
        filter.finish();
        auto summary = filter.summary();
        CHECK(summary.frames == number);
        CHECK(seen.frames.size() == number);
        CHECK(summary.frames == summary.accepted + summary.rejected + summary.non_sip + summary.unknown);
        return summary;
    }
};

// An IPv4 packet in two fragments, the first with so many bytes of its payload.
std::pair<std::string, std::string> fragments(const std::string& packet, std::size_t first) {
    auto with_header = [&](std::string payload, unsigned offset, bool more) {
        auto header = packet.substr(0, 20);
        auto length = header.size() + payload.size();
        header[2] = static_cast<char>(length >> 8U);
        header[3] = static_cast<char>(length);
        header[6] = static_cast<char>((more ? 0x20U : 0U) | (offset >> 11U));
        header[7] = static_cast<char>(offset >> 3U);
        header[10] = header[11] = 0;
        unsigned sum = 0;
        for (std::size_t i = 0; i < 20; i += 2)
            sum += static_cast<unsigned>(static_cast<unsigned char>(header[i]) << 8U) + static_cast<unsigned char>(header[i + 1]);
        while (sum >> 16U != 0) sum = (sum & 0xffffU) + (sum >> 16U);
        header[10] = static_cast<char>(~sum >> 8U);
        header[11] = static_cast<char>(~sum);
        return header + payload;
    };
    auto payload = packet.substr(20);
    return {with_header(payload.substr(0, first), 0, true), with_header(payload.substr(first), static_cast<unsigned>(first), false)};
}

}  // namespace

TEST_CASE("every frame is one of four, and they add up") {
    Bench bench;
    bench.feed_udp(invite("a"));
    bench.feed_udp(invite("b", ""));                      // no Contact
    bench.feed_udp("\r\n\r\n");                           // keep-alive
    bench.feed(std::string(60, 'x'), 9999);               // a link type that nobody reads
    bench.feed("", 1);                                    // an empty Ethernet frame
    bench.feed(net::udp_packet(phone, edge, invite("c")), net::link_type_raw_ip, 120);  // cut by the snap length
    const auto& summary = bench.finish();
    CHECK(summary.accepted == 1);
    CHECK(summary.rejected == 1);
    CHECK(summary.unread == 1);
    CHECK(bench.seen.frames[3] == sbc::FrameClass::non_sip);
    CHECK(bench.seen.frames[4] == sbc::FrameClass::unknown);
    CHECK(bench.seen.frames[6] == sbc::FrameClass::unknown);
    CHECK(summary.messages == 3);  // the cut one, too
    CHECK(summary.calls == 3);
    CHECK(summary.rules.at("M-106") == 1);
}

TEST_CASE("all frames of a message share its fate") {
    Bench bench;
    auto [first, second] = fragments(net::udp_packet(phone, edge, invite("a", "")), 160);
    bench.feed(first);
    CHECK(bench.seen.frames.empty());
    bench.feed_udp(invite("b"));
    bench.feed(second);
    const auto& summary = bench.finish();
    CHECK(summary.messages == 2);
    CHECK(bench.seen.frames[1] == sbc::FrameClass::rejected);
    CHECK(bench.seen.frames[2] == sbc::FrameClass::accepted);
    CHECK(bench.seen.frames[3] == sbc::FrameClass::rejected);
}

TEST_CASE("a fragment that nothing completes is settled at the end") {
    Bench bench;
    bench.feed(fragments(net::udp_packet(phone, edge, invite("a")), 160).first);
    const auto& summary = bench.finish();
    CHECK(summary.accepted == 0);
    CHECK(summary.frames == 1);
}

TEST_CASE("calls are Call-IDs, however often their INVITE is sent") {
    Bench bench;
    for (const auto* id : {"a", "b", "a", "a", "c"}) bench.feed_udp(invite(id));
    CHECK(bench.finish().calls == 3);
}

TEST_CASE("different texts are counted in bounded memory") {
    sbc::Distinct distinct(3);
    for (const auto* text : {"a", "b", "c"}) CHECK(distinct.add(text));
    for (const auto* text : {"a", "b", "c"}) CHECK_FALSE(distinct.add(text));
    CHECK(distinct.add("d"));        // in place of "a"
    CHECK_FALSE(distinct.add("b"));
    CHECK(distinct.add("a"));        // in place of "b"
    CHECK(distinct.add("b"));
    CHECK_FALSE(distinct.add("d"));
}

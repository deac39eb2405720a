#include "trace/streams.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "unit/trace/media.h"

using namespace trunkbox;
using namespace trunkbox::trace;
using namespace trunkbox::trace::test;

namespace {

Stream only(Streams& streams) {
    auto all = streams.finish();
    REQUIRE(all.size() == 1);
    return all.front();
}

media::Bytes event(std::uint8_t key, std::uint16_t duration, bool end = false) {
    return {key, static_cast<std::uint8_t>(end ? 0x8a : 0x0a), static_cast<std::uint8_t>(duration >> 8),
            static_cast<std::uint8_t>(duration & 0xff)};
}

// One key as it is sent: three packets while it is pressed, the end three times, all with one timestamp.
void press(Streams& streams, Sender& sender, std::uint8_t key, Duration at) {
    std::uint32_t began = sender.timestamp;
    sender.payload_type = 101;
    for (int i = 0; i < 6; ++i) {
        sender.timestamp = began;
        receive(streams, sender, at + std::min(i, 3) * 20ms,
                sender.next(event(key, static_cast<std::uint16_t>(160 * (std::min(i, 3) + 1)), i >= 3), i == 0));
    }
    sender.payload_type = 8;
    sender.timestamp = began + 960;
}

void put(media::Bytes& out, std::uint64_t value, int bytes) {
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
}

// A receiver report about one source.
std::string report(std::uint32_t about, std::uint32_t lost, std::uint32_t last_report, std::uint32_t delay) {
    media::Bytes out;
    put(out, 0x81c90007, 4);
    put(out, 0xfeed, 4);
    put(out, about, 4);
    put(out, 0x40000000 | lost, 4);
    put(out, 1100, 4);
    put(out, 16, 4);
    put(out, last_report, 4);
    put(out, delay, 4);
    return text(out);
}

std::string sender_report(std::uint32_t ssrc, std::uint64_t ntp) {
    media::Bytes out;
    put(out, 0x80c80006, 4);
    put(out, ssrc, 4);
    put(out, ntp, 8);
    put(out, 0, 4);
    put(out, 0, 4);
    put(out, 0, 4);
    return text(out);
}

}  // namespace

TEST_CASE("streams: announced, undisturbed") {
    Streams streams;
    announce(streams);
    Sender sender;
    talk(streams, sender, 100);
    Stream stream = only(streams);
    CHECK(stream.from == mouth);
    CHECK(stream.to == ear);
    CHECK(stream.ssrc == 0x1234);
    CHECK(stream.call_id == "c1");
    CHECK(stream.packets == 100);
    CHECK(stream.sequence == media::SequenceCount{.received = 100, .expected = 100});
    CHECK(stream.highest_jitter == 0ns);
    CHECK(stream.duration() == Duration(1980ms));
    CHECK(stream.ptime == Duration(20ms));
    CHECK(stream.codec() == "PCMA");
    CHECK(stream.silence == 0ns);
    // 200 bytes of IP a packet, 100 in 1.98 s.
    CHECK(stream.bits_per_second() == doctest::Approx(100 * 200 * 8 / 1.98));
    CHECK(*stream.mos == doctest::Approx(4.41).epsilon(0.001));
}

TEST_CASE("streams: losses, gaps, duplicates and late packets are told apart") {
    Streams streams;
    announce(streams);
    Sender sender;
    talk(streams, sender, 10);
    sender.skip(3);
    talk(streams, sender, 10, 260ms);
    auto late = sender.next();
    talk(streams, sender, 2, 480ms);
    receive(streams, sender, 500ms, late);
    receive(streams, sender, 501ms, late);
    Stream stream = only(streams);
    CHECK(stream.packets == 24);
    CHECK(stream.sequence == media::SequenceCount{.received = 23,
                                                  .expected = 26,
                                                  .duplicates = 1,
                                                  .reordered = 1,
                                                  .gaps = 1,
                                                  .longest_gap = 3});
    CHECK(*stream.mos < 4);
}

TEST_CASE("streams: a sender that begins anew far off is the same stream") {
    Streams streams;
    announce(streams);
    Sender sender;
    talk(streams, sender, 10);
    sender.sequence = 30000;
    talk(streams, sender, 10, 200ms);
    Stream stream = only(streams);
    CHECK(stream.packets == 20);
    CHECK(stream.sequence.restarts == 1);
    CHECK(stream.sequence.lost() == 0);
}

TEST_CASE("streams: nothing announced it: three packets in sequence are RTP, and all three count") {
    Streams streams;
    Sender sender;
    talk(streams, sender, 2);
    CHECK(streams.counters().packets == 0);
    talk(streams, sender, 8, 40ms);
    CHECK(streams.counters().packets == 10);
    Stream stream = only(streams);
    CHECK(stream.packets == 10);
    CHECK(stream.sequence.expected == 10);
    CHECK(stream.first == Time{});
    CHECK(stream.call_id.empty());
    CHECK(stream.codec() == "PCMA");
    CHECK(stream.highest_jitter == 0ns);
}

TEST_CASE("streams: what is no RTP") {
    Streams streams;
    Sender sender;
    // Not in sequence, another source each time, no source, no payload, of a type that RFC 3551 does not assign.
    for (int i = 0; i < 20; ++i) {
        receive(streams, sender, i * 20ms, sender.next());
        sender.skip();
    }
    Sender other{.from = {mouth.ip, 50002}};
    for (int i = 0; i < 20; ++i, ++other.ssrc) receive(streams, other, i * 20ms, other.next());
    Sender none{.from = {mouth.ip, 50004}, .ssrc = 0};
    talk(streams, none, 20);
    Sender empty{.from = {mouth.ip, 50006}};
    for (int i = 0; i < 20; ++i) receive(streams, empty, i * 20ms, empty.next({}));
    Sender odd{.from = {mouth.ip, 50008}, .payload_type = 77};
    talk(streams, odd, 20);
    Sender low{.from = {mouth.ip, 53}};
    talk(streams, low, 20);
    // Cut, of another version, with lengths that lie.
    Sender broken{.from = {mouth.ip, 50010}};
    announce(streams, ear);
    auto whole = broken.next();
    for (std::size_t size : {0U, 1U, 11U}) receive(streams, broken, 0ms, std::string_view(whole).substr(0, size));
    for (char first : {'\x40', '\x90', '\xa0'}) {
        std::string bytes = whole.substr(0, 14);
        bytes[0] = first;
        bytes.back() = '\xff';
        receive(streams, broken, 0ms, bytes);
    }
    CHECK(streams.finish().empty());
}

TEST_CASE("streams: digits, sent six times each, are one each") {
    Streams streams;
    announce(streams);
    Sender sender;
    talk(streams, sender, 5);
    press(streams, sender, 1, 100ms);
    talk(streams, sender, 5, 220ms);
    press(streams, sender, 11, 320ms);
    talk(streams, sender, 5, 440ms);
    Stream stream = only(streams);
    CHECK(stream.keys() == "1#");
    REQUIRE(stream.digits.size() == 2);
    CHECK(stream.digits[0] == Digit{.key = '1', .time = Time{} + 100ms, .duration = 80ms});
    CHECK(stream.codecs() == "PCMA, telephone-event");
    CHECK(stream.formats[1].packets == 12);
    CHECK(stream.formats[0].packets == 15);
    // The events' timestamps stand still, which is no jitter; the time they took is no silence.
    CHECK(stream.highest_jitter == 0ns);
    CHECK(stream.silence == 0ns);
}

TEST_CASE("streams: digits of which no SDP tells") {
    Streams streams;
    Sender sender;
    for (int i = 0; i < 2; ++i) press(streams, sender, static_cast<std::uint8_t>(i + 3), i * 120ms);
    CHECK(only(streams).keys() == "34");
}

TEST_CASE("streams: comfort noise, and silence that is not sent") {
    Streams streams;
    announce(streams);
    Sender sender;
    talk(streams, sender, 10);
    sender.payload_type = 13;
    receive(streams, sender, 200ms, sender.next({40}));
    sender.payload_type = 8;
    sender.timestamp += 160 * 48;
    receive(streams, sender, 1180ms, sender.next(media::Bytes(160), true));
    talk(streams, sender, 5, 1200ms);
    Stream stream = only(streams);
    CHECK(stream.comfort_noise == 1);
    CHECK(stream.silence == Duration(960ms));
    CHECK(stream.sequence.lost() == 0);
    CHECK(stream.highest_jitter == 0ns);
}

TEST_CASE("streams: RTCP tells of loss, jitter and the round trip") {
    Streams streams;
    announce(streams, ear);
    announce(streams, mouth);
    Sender sender, back{.from = ear, .to = mouth, .ssrc = 0xfeed};
    talk(streams, sender, 50);
    talk(streams, back, 50);
    Sender control{.from = {mouth.ip, 50001}, .to = {ear.ip, 40001}};
    receive(streams, control, 1s, sender_report(0x1234, 0xaabb112233445566ULL));
    Sender answer{.from = {ear.ip, 40001}, .to = {mouth.ip, 50001}};
    // 250 ms later, of which it held the report for 150 ms.
    receive(streams, answer, 1250ms, report(0x1234, 7, 0x11223344U, 9830));
    CHECK(streams.counters().reports == 2);
    auto all = streams.finish();
    REQUIRE(all.size() == 2);
    REQUIRE(all[0].reported);
    CHECK(all[0].reported->lost == 7);
    CHECK(all[0].reported->highest_fraction_lost == 0.25);
    CHECK(all[0].reported->jitter == Duration(2ms));
    REQUIRE(all[0].reported->round_trip);
    CHECK(std::chrono::abs(*all[0].reported->round_trip - 100ms) < 1ms);
    // Half of it, a packet, and a jitter buffer of nothing.
    CHECK(std::chrono::abs(all[0].delay - 70ms) < 1ms);
    CHECK(all[1].delay == all[0].delay);
    CHECK_FALSE(all[1].reported);
}

TEST_CASE("streams: RTP on its way before its SDP is known joins the call") {
    Streams streams;
    Sender sender{.payload_type = 96};
    talk(streams, sender, 10);
    std::vector<media::Format> formats = {{.payload_type = 96, .codec = {.name = "opus", .clock_rate = 48000}}};
    streams.announce(ear, formats, "late");
    talk(streams, sender, 10, 200ms);
    auto all = streams.take("late");
    REQUIRE(all.size() == 1);
    CHECK(all.front().packets == 20);
    CHECK(all.front().codec() == "opus");
    CHECK_FALSE(all.front().mos);
}

TEST_CASE("streams: from an announced address to one that nobody announced, as through a NAT") {
    Streams streams;
    announce(streams, mouth);
    Sender sender;
    receive(streams, sender, 0ms, sender.next());
    CHECK(streams.take("c1").size() == 1);
}

TEST_CASE("streams: ports and source used again by the next call are another stream") {
    Streams streams;
    announce(streams, ear, "first");
    Sender sender;
    talk(streams, sender, 10);
    streams.release("first");
    announce(streams, ear, "second");
    Sender again;
    talk(streams, again, 5, 1s);
    auto second = streams.take("second");
    auto first = streams.take("first");
    REQUIRE(first.size() == 1);
    REQUIRE(second.size() == 1);
    CHECK(first.front().packets == 10);
    CHECK(second.front().packets == 5);
    CHECK(streams.finish().empty());
}

TEST_CASE("streams: two calls that share their media both have it") {
    Streams streams;
    announce(streams, ear, "inner");
    announce(streams, ear, "outer");
    Sender sender;
    talk(streams, sender, 10);
    CHECK(streams.take("inner").front().packets == 10);
    talk(streams, sender, 10, 200ms);
    auto outer = streams.take("outer");
    REQUIRE(outer.size() == 1);
    CHECK(outer.front().packets == 20);
    CHECK(outer.front().call_id == "outer");
    CHECK(streams.finish().empty());
}

TEST_CASE("streams: the listener hears every packet, with its codec") {
    Streams streams;
    std::size_t packets = 0, octets = 0;
    streams.listen([&](const MediaPacket& packet) {
        ++packets;
        octets += packet.payload.size();
        CHECK(packet.stream == 1);
    });
    announce(streams);
    Sender sender;
    talk(streams, sender, 10);
    CHECK(packets == 10);
    CHECK(octets == 1600);
}

TEST_CASE("streams: a full table gives up what was silent longest, the same each time") {
    auto evicted = [] {
        Streams streams({.streams = 100, .announced = 50});
        for (std::uint16_t i = 0; i < 1000; ++i) {
            net::Endpoint to{ear.ip, static_cast<std::uint16_t>(10000 + i)};
            announce(streams, to, fmt::format("c{}", i));
            Sender sender{.to = to, .ssrc = i + 1U};
            talk(streams, sender, 3, i * 1ms);
        }
        auto gone = streams.take_evicted();
        CHECK(streams.counters().evicted == gone.size());
        CHECK(gone.size() >= 900);
        CHECK(gone.front().to.port == 10000);
        CHECK(gone.size() + streams.finish().size() == 1000);
        std::vector<std::uint64_t> ids;
        for (const Stream& stream : gone) ids.push_back(stream.id);
        return ids;
    };
    CHECK(evicted() == evicted());
}

TEST_CASE("streams: twenty thousand sources at one address, and as many announcements of one call, stay bounded") {
    Streams streams({.streams = 1000, .announced = 1000});
    announce(streams);
    for (std::uint32_t i = 0; i < 20'000; ++i) {
        Sender sender{.ssrc = i + 1};
        receive(streams, sender, i * 1us, sender.next());
        if (i % 64 == 0) announce(streams);
    }
    for (std::uint32_t i = 0; i < 20'000; ++i) {
        announce(streams, {net::Ip::v4(0xc0000200U + i % 200), static_cast<std::uint16_t>(1024 + i / 200)}, "c2");
        announce(streams, ear, fmt::format("many {}", i));
    }
    CHECK(streams.take_evicted().size() >= 18'000);
    CHECK(streams.finish().size() <= 1000);
}

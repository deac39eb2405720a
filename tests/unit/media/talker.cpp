#include "media/talker.h"

#include "media/g711.h"
#include "media/listener.h"

#include "support.h"
#include <doctest/doctest.h>

using namespace trunkbox;
using namespace trunkbox::media;
using testing::pcma;
using testing::start;

namespace {

const RtpStart rtp{.ssrc = 0xabcdef01, .sequence = 65534, .timestamp = 0xffffff00};

std::vector<Bytes> all_due(Talker& talker, Time now) {
    std::vector<Bytes> packets;
    while (auto packet = talker.next(now)) packets.push_back(*std::move(packet));
    return packets;
}

RtpView view(const Bytes& packet) {
    auto parsed = RtpView::parse(packet);
    REQUIRE(parsed);
    return *parsed;
}

std::shared_ptr<const std::vector<std::int16_t>> recording(std::vector<std::int16_t> samples) {
    return std::make_shared<const std::vector<std::int16_t>>(std::move(samples));
}

}  // namespace

TEST_CASE("a packet every 20 ms from the start on, sequence and timestamp wrap") {
    Talker talker(pcma(), rtp, Silence{}, start);
    CHECK(!talker.next(start - 1ns));
    for (std::uint32_t n = 0; n < 500; ++n) {
        const Time due = start + n * 20ms;
        CHECK(talker.due() == due);
        CHECK(!talker.next(due - 1ns));
        // Asked late each time: the schedule does not move.
        const auto packet = talker.next(due + 7ms);
        REQUIRE(packet);
        const RtpView seen = view(*packet);
        CHECK(seen.header == RtpHeader{.payload_type = 8,
                                       .sequence = static_cast<std::uint16_t>(65534 + n),
                                       .timestamp = 0xffffff00 + n * 160,
                                       .ssrc = 0xabcdef01});
        CHECK(Bytes(seen.payload.begin(), seen.payload.end()) == Bytes(160, 0xd5));
        CHECK(!talker.next(due + 7ms));
    }
    CHECK(talker.packets() == 500);
}

TEST_CASE("after a stall a few packets catch up, the rest of the time is left out") {
    Talker talker(pcma(), rtp, Silence{}, start);
    CHECK(all_due(talker, start).size() == 1);
    CHECK(all_due(talker, start + 60ms).size() == 3);
    const auto late = all_due(talker, start + 10s);
    REQUIRE(late.size() == Talker::most_late);
    // Packet 500 is the one due now; sequence numbers have no gap, timestamps have.
    CHECK(view(late.back()).header.timestamp == 0xffffff00 + 500 * 160);
    CHECK(view(late.front()).header.sequence == static_cast<std::uint16_t>(65534 + 4));
    CHECK(talker.due() == start + 10s + 20ms);
    CHECK(all_due(talker, start + 24h * 365).size() == Talker::most_late);
}

TEST_CASE("the tone goes on without a seam") {
    Talker talker(pcma(), rtp, Tone{}, start);
    Listener listener(pcma(), 8000);
    for (const Bytes& packet : all_due(talker, start)) listener.receive(packet, start);
    for (std::int64_t n = 1; n < 50; ++n) {
        for (const Bytes& packet : all_due(talker, start + n * 20ms))
            listener.receive(packet, start + n * 20ms);
    }
    std::vector<std::int16_t> plain(8000);
    make_tone({}, 0, plain);
    CHECK(std::vector<std::int16_t>(listener.samples().begin(), listener.samples().end()) ==
          decode(Law::a, encode(Law::a, plain)));
}

TEST_CASE("a recording is played once, then silence; or looped") {
    std::vector<std::int16_t> samples(200, 8000);
    const auto sound = encode(Law::a, 8000);
    Talker once(pcma(), rtp, Recording{.samples = recording(samples)}, start);
    const auto first = once.next(start);
    CHECK(!once.finished());
    CHECK(view(*first).payload[159] == sound);
    const auto second = once.next(start + 20ms);
    CHECK(view(*second).payload[39] == sound);
    CHECK(view(*second).payload[40] == 0xd5);
    CHECK(once.finished());
    CHECK(view(*once.next(start + 40ms)).payload[0] == 0xd5);

    samples[0] = -8000;
    Talker looped(pcma(), rtp, Recording{.samples = recording(samples), .loop = true}, start);
    (void)looped.next(start);
    const auto again = looped.next(start + 20ms);
    CHECK(view(*again).payload[40] == encode(Law::a, -8000));
    CHECK(!looped.finished());

    Talker nothing(pcma(), rtp, Recording{.samples = recording({}), .loop = true}, start);
    CHECK(nothing.next(start));
    CHECK(nothing.finished());
    Talker missing(pcma(), rtp, Recording{}, start);
    CHECK(missing.next(start));
    CHECK(missing.finished());
}

TEST_CASE("digits take the place of audio, which goes on where it paused") {
    const auto steps = [] {
        std::vector<std::int16_t> samples(160 * 20);
        for (std::size_t i = 0; i < samples.size(); ++i)
            samples[i] = static_cast<std::int16_t>(1000 * (i / 160));
        return samples;
    }();
    Talker talker(pcma(), rtp, Recording{.samples = recording(steps)}, start);
    (void)talker.next(start);
    REQUIRE(talker.send_digits("1"));
    CHECK(talker.sending_digits());
    for (int n = 1; n <= 7; ++n) {
        const auto packet = talker.next(start + n * 20ms);
        REQUIRE(packet);
        const RtpView seen = view(*packet);
        CHECK(seen.header.payload_type == 101);
        CHECK(seen.header.marker == (n == 1));
        CHECK(seen.header.timestamp == 0xffffff00 + 160);
        CHECK(seen.header.sequence == static_cast<std::uint16_t>(65534 + n));
    }
    const auto audio = talker.next(start + 160ms);
    REQUIRE(audio);
    CHECK(view(*audio).header.payload_type == 8);
    CHECK(view(*audio).header.timestamp == 0xffffff00 + 8 * 160);
    CHECK(view(*audio).payload[0] == encode(Law::a, 1000));
}

TEST_CASE("digits need a far end that takes them") {
    Negotiated none = pcma();
    none.event_send.reset();
    CHECK(Talker(none, rtp, Silence{}, start).send_digits("1").error().text() ==
          "the far end takes no telephone-events; send the digits as tones");
    Negotiated some = pcma();
    some.events = EventSet(0x0fff);
    Talker talker(some, rtp, Silence{}, start);
    CHECK(talker.send_digits("A").error().text() == "the far end does not take the digit 'A'");
    CHECK(!talker.send_digits("1?"));
    CHECK(!talker.sending_digits());
    CHECK(talker.send_digits("12#*"));
}

TEST_CASE("on hold nothing is due; afterwards it goes on in time without a burst") {
    Talker talker(pcma(), rtp, Silence{}, start);
    (void)talker.next(start);
    Negotiated held = pcma();
    held.direction = Direction::recvonly;
    talker.renegotiate(held, start + 15ms);
    CHECK(!talker.due());
    CHECK(!talker.next(start + 10s));
    Negotiated resumed = pcma();
    resumed.payload_type_send = 0;
    resumed.codec = {.name = "PCMU"};
    talker.renegotiate(resumed, start + 10s);
    const auto packets = all_due(talker, start + 10s);
    REQUIRE(packets.size() == 1);
    const RtpView seen = view(packets[0]);
    CHECK(seen.header.payload_type == 0);
    CHECK(seen.payload[0] == 0xff);
    CHECK(seen.header.sequence == 65535);
    CHECK(seen.header.timestamp == 0xffffff00 + 500 * 160);
}

TEST_CASE("another packet interval goes on from the next packet") {
    Talker talker(pcma(), rtp, Silence{}, start);
    (void)talker.next(start);
    (void)talker.next(start + 20ms);
    Negotiated longer = pcma();
    longer.ptime = 30ms;
    talker.renegotiate(longer, start + 25ms);
    CHECK(talker.due() == start + 40ms);
    const auto third = talker.next(start + 40ms);
    CHECK(view(*third).header.timestamp == 0xffffff00 + 320);
    CHECK(view(*third).payload.size() == 240);
    CHECK(talker.due() == start + 70ms);
    CHECK(view(*talker.next(start + 70ms)).header.timestamp == 0xffffff00 + 560);
}

TEST_CASE("a codec that cannot be sent is a bug, not a stream of noise") {
    Negotiated wrong = pcma();
    wrong.codec = {.name = "G729"};
    CHECK_THROWS_AS(Talker(wrong, rtp, Silence{}, start), std::invalid_argument);
}

TEST_CASE("an echo is a stream of its own") {
    Echoer echoer(pcma(), {.ssrc = 7, .sequence = 65535, .timestamp = 100});
    const auto echo = [&](const RtpHeader& header, const Bytes& payload) {
        return echoer.echo(view(write_rtp(header, payload)));
    };
    const auto first = echo({.payload_type = 8, .sequence = 50, .timestamp = 5000, .ssrc = 1}, {1, 2, 3});
    REQUIRE(first);
    CHECK(view(*first).header ==
          RtpHeader{.payload_type = 8, .sequence = 65535, .timestamp = 100, .ssrc = 7});
    CHECK(view(*first).payload[2] == 3);
    // A lost packet: timestamps keep the gap, sequence numbers are our own.
    const auto third = echo({.payload_type = 8, .sequence = 52, .timestamp = 5320, .ssrc = 1}, {1});
    CHECK(view(*third).header.timestamp == 420);
    CHECK(view(*third).header.sequence == 0);
    // µ-law in, A-law out.
    const auto other = echo({.payload_type = 0, .sequence = 53, .timestamp = 5480, .ssrc = 1}, {0xff});
    CHECK(view(*other).header.payload_type == 8);
    CHECK(view(*other).payload[0] == 0xd5);
    // A new source goes on after what was sent.
    const auto fresh = echo({.payload_type = 8, .timestamp = 9, .ssrc = 2}, {1});
    CHECK(view(*fresh).header.timestamp == 580 + 160);
    CHECK(!echo({.payload_type = 18, .ssrc = 2}, {1}));
    CHECK(echoer.packets() == 4);
}

TEST_CASE("echoed digits come back with the payload type of the far end") {
    Negotiated negotiated = pcma();
    negotiated.event_receive = 101;
    negotiated.event_send = 96;
    Echoer echoer(negotiated, {.ssrc = 7});
    const auto back = echoer.echo(view(write_rtp({.marker = true, .payload_type = 101, .ssrc = 1},
                                                 TelephoneEvent{.event = 1, .duration = 160}.bytes())));
    REQUIRE(back);
    CHECK(view(*back).header.payload_type == 96);
    CHECK(view(*back).header.marker);
    negotiated.event_send.reset();
    echoer.renegotiate(negotiated);
    CHECK(!echoer.echo(view(write_rtp({.payload_type = 101, .ssrc = 1}, Bytes{1, 0, 0, 160}))));
    negotiated.direction = Direction::inactive;
    echoer.renegotiate(negotiated);
    CHECK(!echoer.echo(view(write_rtp({.payload_type = 8, .ssrc = 1}, Bytes{1}))));
}

#include "media/telephone_event.h"

#include <algorithm>
#include <string>

#include "support.h"
#include <doctest/doctest.h>

using namespace trunkbox;
using namespace trunkbox::media;

namespace {

struct Sent {
    RtpHeader header;
    TelephoneEvent event;
};

// All event packets for the digits, one interval of 160 after the other, from `timestamp` on.
std::vector<Sent> packets_for(std::string_view digits, const DigitTiming& timing = {},
                              std::uint32_t timestamp = 1000) {
    EventSender sender(160);
    REQUIRE(sender.send(digits, timing));
    std::vector<Sent> packets;
    std::uint16_t sequence = 0;
    while (sender.busy()) {
        if (const auto packet = sender.next(timestamp)) {
            packets.push_back({.header = {.marker = packet->marker,
                                          .payload_type = 101,
                                          .sequence = sequence,
                                          .timestamp = packet->timestamp},
                               .event = packet->event});
        }
        timestamp += 160;
        ++sequence;
        REQUIRE(packets.size() < 100000);
    }
    return packets;
}

std::string heard(const std::vector<Sent>& packets) {
    EventReceiver receiver;
    for (const Sent& packet : packets) receiver.receive(packet.header, packet.event);
    return receiver.digits();
}

}  // namespace

TEST_CASE("the payload is laid out as in RFC 4733 section 2.3") {
    const TelephoneEvent event{.event = 11, .end = true, .volume = 7, .duration = 1120};
    CHECK(event.bytes() == std::array<std::uint8_t, 4>{0x0b, 0x87, 0x04, 0x60});
    CHECK(*TelephoneEvent::parse(event.bytes()) == event);
    // The reserved bit is ignored.
    CHECK(*TelephoneEvent::parse(Bytes{0x0b, 0xc7, 0x04, 0x60}) == event);
    CHECK(!TelephoneEvent::parse({}));
    CHECK(!TelephoneEvent::parse(Bytes{1, 2, 3}));
}

TEST_CASE("digits are the events 0 to 15") {
    const std::string_view all = "0123456789*#ABCD";
    for (std::size_t i = 0; i < all.size(); ++i) {
        CHECK(event_of(all[i]) == std::optional<std::uint8_t>(i));
        CHECK(digit_of(static_cast<std::uint8_t>(i)) == all[i]);
    }
    CHECK(event_of('d') == std::optional<std::uint8_t>(15));
    CHECK(!event_of('E'));
    CHECK(!event_of('\0'));
    CHECK(!digit_of(16));
}

TEST_CASE("one digit of 100 ms, packet by packet") {
    const auto packets = packets_for("5");
    const int durations[] = {160, 320, 480, 640, 800, 800, 800};
    REQUIRE(packets.size() == 7);
    for (std::size_t i = 0; i < 7; ++i) {
        CHECK(packets[i].header.timestamp == 1000);
        CHECK(packets[i].header.marker == (i == 0));
        CHECK(packets[i].event.event == 5);
        CHECK(packets[i].event.duration == durations[i]);
        CHECK(packets[i].event.end == (i >= 4));
        CHECK(packets[i].event.volume == 10);
    }
}

TEST_CASE("the next digit begins after the gap") {
    const auto packets = packets_for("55", {.duration = 100ms, .gap = 60ms});
    REQUIRE(packets.size() == 14);
    CHECK(packets[7].header.timestamp == 1000 + 800 + 480);
    CHECK(packets[7].header.marker);
    CHECK(packets[7].event.duration == 160);
}

TEST_CASE("a duration that is no whole number of packets is reported exactly") {
    const auto packets = packets_for("1", {.duration = 105ms});
    REQUIRE(packets.size() == 8);
    CHECK(packets[5].event.duration == 840);
    CHECK(packets[5].event.end);
}

TEST_CASE("after a stall the sender reports no more than was asked for") {
    EventSender sender(160);
    REQUIRE(sender.send("1"));
    CHECK(sender.next(0xffffff00)->event.duration == 160);
    const auto late = sender.next(5000);
    REQUIRE(late);
    CHECK(late->timestamp == 0xffffff00);
    CHECK(late->event.duration == 800);
    CHECK(late->event.end);
}

TEST_CASE("what cannot be sent is an error and sends nothing") {
    EventSender sender(160);
    CHECK(sender.send("12x").error().text() == "'x' is no digit; digits are 0-9, *, # and A-D");
    CHECK(!sender.busy());
    CHECK(!sender.send("1", {.duration = 39ms}));
    CHECK(!sender.send("1", {.duration = 9s}));
    CHECK(!sender.send("1", {.gap = 0ms}));
    CHECK(!sender.send("1", {.volume = 64}));
    CHECK(!sender.send(std::string(257, '1')));
    CHECK(sender.send(std::string(256, '1')));
    CHECK(!sender.send("1"));
    CHECK(EventSender(160).send(""));
}

TEST_CASE("all digits, repeated ones and the wrap of the timestamp") {
    CHECK(heard(packets_for("0123456789*#ABCD")) == "0123456789*#ABCD");
    CHECK(heard(packets_for("1111")) == "1111");
    CHECK(heard(packets_for("1122331", {}, 0xfffffc00)) == "1122331");
    CHECK(heard(packets_for("77", {.duration = 40ms, .gap = 40ms})) == "77");
    CHECK(heard(packets_for("7", {.duration = 8s})) == "7");
}

TEST_CASE("one packet of each digit is enough, whichever it is") {
    const auto packets = packets_for("1183");
    for (std::size_t kept = 0; kept < 7; ++kept) {
        std::vector<Sent> some;
        for (std::size_t i = 0; i < packets.size(); ++i) {
            if (i % 7 == kept) some.push_back(packets[i]);
        }
        CHECK(heard(some) == "1183");
    }
}

TEST_CASE("packets in any order, each of them twice") {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        testing::Dice dice(seed);
        auto packets = packets_for("4400#4");
        auto twice = packets;
        twice.insert(twice.end(), packets.begin(), packets.end());
        for (std::size_t i = 1; i < twice.size(); ++i) std::swap(twice[i], twice[dice.below(i + 1)]);
        CHECK(heard(twice) == "4400#4");
    }
}

TEST_CASE("20 % loss costs no digit that had a packet left") {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        testing::Dice dice(seed);
        const std::string digits = "1122*0099##55AA77";
        const auto packets = packets_for(digits);
        std::vector<Sent> arrived;
        std::string expected;
        for (std::size_t i = 0; i < packets.size(); ++i) {
            if (dice.below(100) < 20) continue;
            if (arrived.empty() || arrived.back().header.timestamp != packets[i].header.timestamp) {
                expected.push_back(digits[i / 7]);
            }
            arrived.push_back(packets[i]);
        }
        CHECK(heard(arrived) == expected);
    }
}

TEST_CASE("the duration is the longest reported") {
    EventReceiver receiver;
    for (const Sent& packet : packets_for("9")) receiver.receive(packet.header, packet.event);
    REQUIRE(receiver.events().size() == 1);
    CHECK(receiver.events()[0].duration == 800);
    CHECK(receiver.events()[0].ended);
}

TEST_CASE("segments of a long event are one event") {
    // RFC 4733 section 2.5.2.3: 0xFFFF without the E bit, then on from there without the marker.
    EventReceiver receiver;
    CHECK(receiver.receive({.marker = true, .timestamp = 500}, {.event = 3, .duration = 160}));
    CHECK(!receiver.receive({.timestamp = 500}, {.event = 3, .duration = 0xffff}));
    CHECK(!receiver.receive({.timestamp = 500 + 0xffff}, {.event = 3, .duration = 160}));
    CHECK(!receiver.receive({.timestamp = 500 + 0xffff}, {.event = 3, .end = true, .duration = 4000}));
    CHECK(receiver.digits() == "3");
    CHECK(receiver.events()[0].duration == 0xffff + 4000);
    // The full report of the first segment lost.
    EventReceiver lossy;
    lossy.receive({.marker = true, .timestamp = 500}, {.event = 3, .duration = 0xffff - 200});
    lossy.receive({.timestamp = 500 + 0xffff}, {.event = 3, .end = true, .duration = 160});
    CHECK(lossy.digits() == "3");
}

TEST_CASE("a sender that moves the timestamp within an event is heard once") {
    EventReceiver receiver;
    for (std::uint32_t n = 0; n < 5; ++n) {
        receiver.receive({.marker = n == 0, .timestamp = n * 160},
                         {.event = 6, .end = n == 4, .duration = 160});
    }
    CHECK(receiver.digits() == "6");
}

TEST_CASE("events of no duration and events that are no digits") {
    EventReceiver receiver;
    CHECK(!receiver.receive({.timestamp = 1}, {.event = 1, .duration = 0}));
    CHECK(receiver.receive({.timestamp = 2000}, {.event = 16, .duration = 160}));
    CHECK(receiver.digits().empty());
    CHECK(receiver.events().size() == 1);
}

TEST_CASE("a flood of events is bounded") {
    EventReceiver receiver;
    testing::Dice dice(2);
    for (int i = 0; i < 20000; ++i) {
        receiver.receive({.marker = true, .timestamp = static_cast<std::uint32_t>(dice.below(1ULL << 32))},
                         {.event = static_cast<std::uint8_t>(dice.below(256)),
                          .duration = static_cast<std::uint16_t>(dice.below(65536))});
    }
    CHECK(receiver.events().size() == EventReceiver::most_events);
    CHECK(receiver.dropped() > 10000);
}

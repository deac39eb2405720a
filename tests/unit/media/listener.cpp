#include "media/listener.h"

#include "media/talker.h"

#include <algorithm>

#include "support.h"
#include <doctest/doctest.h>

using namespace trunkbox;
using namespace trunkbox::media;
using testing::pcma;
using testing::start;

namespace {

Bytes audio(std::uint16_t sequence, std::uint32_t timestamp, std::int16_t sample, std::uint32_t ssrc = 1,
            std::uint8_t payload_type = 8) {
    const Law law = payload_type == 8 ? Law::a : Law::mu;
    return write_rtp(
        {.payload_type = payload_type, .sequence = sequence, .timestamp = timestamp, .ssrc = ssrc},
        Bytes(160, encode(law, sample)));
}

// The first sample of each packet's worth.
std::vector<int> steps(const Listener& listener) {
    std::vector<int> out;
    for (std::size_t i = 0; i < listener.samples().size(); i += 160) {
        // G.711 steps are at most 1024 wide: the nearest thousand of what was said.
        out.push_back((listener.samples()[i] + (listener.samples()[i] < 0 ? -500 : 500)) / 1000);
    }
    return out;
}

}  // namespace

TEST_CASE("audio is placed by timestamp, gaps are zero") {
    Listener listener(pcma(), 8000);
    listener.receive(audio(10, 5000, 1000), start);
    listener.receive(audio(13, 5480, 4000), start);
    listener.receive(audio(12, 5320, 3000), start);
    listener.receive(audio(12, 5320, 9000), start);  // a duplicate changes nothing
    CHECK(steps(listener) == std::vector<int>{1, 0, 3, 4});
    CHECK(listener.reception().lost == 1);
    CHECK(listener.reception().duplicates == 1);
}

TEST_CASE("both laws of one negotiation are heard") {
    Listener listener(pcma(), 8000);
    listener.receive(audio(1, 0, 2000, 1, 8), start);
    listener.receive(audio(2, 160, 3000, 1, 0), start);
    CHECK(steps(listener) == std::vector<int>{2, 3});
}

TEST_CASE("a new source goes on where the audio ended") {
    Listener listener(pcma(), 8000);
    listener.receive(audio(1, 1000, 1000, 1), start);
    listener.receive(audio(700, 99000, 2000, 2), start);  // not confirmed yet
    listener.receive(audio(701, 99160, 3000, 2), start);
    listener.receive(audio(702, 99320, 4000, 2), start);
    CHECK(steps(listener) == std::vector<int>{1, 3, 4});
    CHECK(listener.reception().sources == 2);
}

TEST_CASE("a jump of the timestamp does not stretch the recording") {
    Listener listener(pcma(), 80000);
    listener.receive(audio(1, 0, 1000), start);
    listener.receive(audio(2, 3000000000U, 2000), start);
    listener.receive(audio(3, 3000000160U, 3000), start);
    listener.receive(audio(4, 480, 4000), start);
    CHECK(steps(listener) == std::vector<int>{1, 2, 3, 4});
}

TEST_CASE("what is kept is bounded, what is measured is not") {
    Listener listener(pcma(), 400);
    Listener keeps_none(pcma());
    for (std::uint16_t n = 0; n < 100; ++n) {
        listener.receive(audio(n, n * 160U, 8000), start + n * 20ms);
        keeps_none.receive(audio(n, n * 160U, 8000), start + n * 20ms);
    }
    CHECK(listener.samples().size() == 400);
    CHECK(listener.reception().packets == 100);
    CHECK(listener.sound() == 2s);
    CHECK(keeps_none.samples().empty());
    CHECK(keeps_none.sound() == 2s);
}

TEST_CASE("heard is sound for a tenth of a second, not packets") {
    Listener listener(pcma());
    CHECK(!listener.heard());
    CHECK(listener.level() == no_level_dbm0);
    for (std::uint16_t n = 0; n < 100; ++n) listener.receive(audio(n, n * 160U, 0), start);
    CHECK(!listener.heard());
    CHECK(listener.level() < -60);
    for (std::uint16_t n = 100; n < 104; ++n) listener.receive(audio(n, n * 160U, 5000), start);
    CHECK(!listener.heard());
    listener.receive(audio(104, 104 * 160U, 5000), start);
    CHECK(listener.heard());
}

TEST_CASE("what is not RTP, and payload types not agreed on, are counted and left alone") {
    Listener listener(pcma(), 8000);
    listener.receive({}, start);
    listener.receive(Bytes{0x80}, start);
    listener.receive(Bytes(200, 'x'), start);
    listener.receive(Bytes{0x8f, 8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1}, start);
    CHECK(listener.malformed() == 4);
    listener.receive(audio(1, 0, 1000, 1, 18), start);
    CHECK(listener.unknown_payload_types() == 1);
    listener.receive(Bytes{0x80, 200, 0, 6, 0, 0, 0, 0, 0, 0, 0, 1}, start);  // RTCP
    CHECK(listener.malformed() == 4);
    CHECK(listener.reception() == Reception{});
    listener.receive(write_rtp({.payload_type = 101}, Bytes{1, 2, 3}), start);
    CHECK(listener.malformed() == 5);
    CHECK(listener.digits().empty());
    listener.receive(write_rtp({.payload_type = 8, .sequence = 1}, {}), start);
    CHECK(listener.reception().packets == 2);
}

TEST_CASE("several events in one packet follow one another") {
    Listener listener(pcma());
    const Bytes payload{1, 0x80, 3, 32, 1, 0x80, 3, 32, 2, 0, 0, 160};
    listener.receive(write_rtp({.marker = true, .payload_type = 101, .timestamp = 100}, payload), start);
    CHECK(listener.digits() == "112");
}

TEST_CASE("digits of a new source are new digits, whatever their timestamps") {
    Listener listener(pcma());
    const auto event = [](std::uint16_t sequence, std::uint32_t ssrc) {
        return write_rtp({.payload_type = 101, .sequence = sequence, .timestamp = 100, .ssrc = ssrc},
                         TelephoneEvent{.event = 4, .duration = 160}.bytes());
    };
    listener.receive(event(1, 1), start);
    listener.receive(event(2, 1), start);
    listener.receive(event(900, 2), start);
    listener.receive(event(901, 2), start);
    CHECK(listener.digits() == "44");
}

TEST_CASE("random datagrams leave counts that add up") {
    Listener listener(pcma(), 16000);
    testing::Dice dice(11);
    std::uint64_t rtcp = 0;
    constexpr std::uint64_t count = 20000;
    for (std::uint64_t i = 0; i < count; ++i) {
        Bytes bytes(dice.below(64));
        for (auto& byte : bytes) byte = static_cast<std::uint8_t>(dice.below(256));
        if (bytes.size() >= 2 && dice.below(4) > 0) {
            bytes[0] = static_cast<std::uint8_t>(0x80 | (bytes[0] & 0x3f));
            constexpr std::uint8_t types[] = {8, 0, 101};
            bytes[1] = types[dice.below(3)];
        }
        if (is_rtcp(bytes)) ++rtcp;
        listener.receive(bytes, start + static_cast<std::int64_t>(i) * 1ms);
    }
    const Reception seen = listener.reception();
    CHECK(listener.samples().size() <= 16000);
    CHECK(seen.packets + seen.duplicates + seen.strays + listener.unknown_payload_types() + rtcp <= count);
    CHECK(seen.strays > 1000);
}

TEST_CASE("talker to listener over a network that loses a fifth and reorders: digits and tone arrive") {
    int complete = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        testing::Dice dice(seed);
        Talker talker(pcma(), {.ssrc = 5, .sequence = 65500, .timestamp = 0xfffff000}, Tone{}, start);
        REQUIRE(talker.send_digits("1122#00"));
        std::vector<std::pair<Time, Bytes>> arrivals;
        for (std::int64_t n = 0; n < 150; ++n) {
            const auto packet = talker.next(start + n * 20ms);
            REQUIRE(packet);
            if (n > 0 && dice.below(100) < 20) continue;
            arrivals.emplace_back(start + n * 20ms + static_cast<std::int64_t>(dice.below(50)) * 1ms,
                                  *packet);
        }
        std::ranges::stable_sort(arrivals, {}, &std::pair<Time, Bytes>::first);
        Listener listener(pcma(), 8000 * 5);
        for (const auto& [at, packet] : arrivals) listener.receive(packet, at);
        // All seven packets of a digit are lost once in 0.2 ^ -7 = 78125 digits.
        if (listener.digits() == "1122#00") ++complete;
        const Reception seen = listener.reception();
        CHECK(seen.packets == arrivals.size());
        CHECK(seen.duplicates == 0);
        CHECK(seen.sources == 1);
        CHECK(seen.jitter > 1ms);
        CHECK(listener.heard());
        CHECK(level_dbm0(listener.samples(), 440) > -30);
    }
    CHECK(complete == 40);
}

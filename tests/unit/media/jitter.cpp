#include "media/jitter.h"

#include <doctest/doctest.h>

using namespace trunkbox;
using namespace trunkbox::media;

namespace {

constexpr Time start{};

}  // namespace

TEST_CASE("jitter: RFC 3550 A.8 by hand") {
    InterarrivalJitter jitter;
    jitter.receive(0, 8000, start);
    jitter.receive(160, 8000, start + 20ms);
    CHECK(jitter.current() == 0ns);
    jitter.receive(320, 8000, start + 56ms);  // 16 ms late: D = 16 ms, J = 1 ms
    CHECK(jitter.current() == 1ms);
    jitter.receive(480, 8000, start + 60ms);  // D = -16 ms, J = 1 + (16 - 1) / 16
    CHECK(jitter.current() == 1937500ns);
    CHECK(jitter.highest() == 1937500ns);
    CHECK(jitter.mean() == 979167ns);
    // Four differences; the one apart counts as the mean of those before it.
    jitter.receive(640, 8000, start + 90ms, InterarrivalJitter::Kind::apart);
    CHECK(jitter.mean() == 979167ns);
    CHECK(jitter.highest() == 1937500ns);
}

TEST_CASE("jitter: in seconds whatever the clock; packets of different clocks are not compared") {
    InterarrivalJitter slow, fast, both;
    for (int i = 0; i < 50; ++i) {
        auto at = start + i * 20ms + (i % 3) * 1ms;
        slow.receive(static_cast<std::uint32_t>(i * 160), 8000, at);
        fast.receive(static_cast<std::uint32_t>(i * 960), 48000, at);
        both.receive(static_cast<std::uint32_t>(i % 2 ? i * 160 : i * 960), i % 2 ? 8000 : 48000, at);
    }
    CHECK(slow.current() > 500us);
    CHECK(std::chrono::abs(slow.current() - fast.current()) < 5ns);
    CHECK(both.current() == 0ns);
}

TEST_CASE("jitter: the timestamp wraps") {
    InterarrivalJitter jitter;
    jitter.receive(0xffffffb0, 8000, start);
    jitter.receive(0x00000050, 8000, start + 20ms);
    CHECK(jitter.current() == 0ns);
}

TEST_CASE("jitter: the first packet of a spurt stays out of the highest; a restart compares with nothing") {
    InterarrivalJitter jitter;
    jitter.receive(0, 8000, start);
    jitter.receive(160, 8000, start + 36ms, InterarrivalJitter::Kind::apart);
    CHECK(jitter.current() == 1ms);
    CHECK(jitter.mean() == 0ns);
    CHECK(jitter.highest() == 0ns);
    jitter.restart();
    jitter.receive(90000, 8000, start + 10s);
    CHECK(jitter.current() == 0ns);
}

TEST_CASE("jitter: any time of arrival, any timestamp") {
    InterarrivalJitter jitter;
    jitter.receive(0, 1, start);
    jitter.receive(0x7fffffff, 1, start + 24h * 365 * 200);
    jitter.receive(0x80000000, 1'000'000'000, start);
    CHECK(jitter.current() >= 0ns);
}

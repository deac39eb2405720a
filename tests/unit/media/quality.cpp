#include "media/quality.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "support.h"
#include <doctest/doctest.h>

using namespace trunkbox;
using namespace trunkbox::media;
using testing::start;
using Verdict = ReceiverStatistics::Verdict;

namespace {

// The n-th packet of a stream of 20 ms packets, late by `late`.
Verdict feed(ReceiverStatistics& statistics, std::uint64_t n, Duration late = {}, std::uint32_t ssrc = 1,
             std::uint16_t first = 0) {
    return statistics.receive({.payload_type = 8,
                               .sequence = static_cast<std::uint16_t>(first + n),
                               .timestamp = static_cast<std::uint32_t>(n * 160),
                               .ssrc = ssrc},
                              start + static_cast<std::int64_t>(n) * 20ms + late);
}

}  // namespace

TEST_CASE("a clean stream") {
    ReceiverStatistics statistics;
    CHECK(statistics.reception() == Reception{});
    CHECK(statistics.reception().loss() == 0);
    for (std::uint64_t n = 0; n < 100; ++n) CHECK(feed(statistics, n) == Verdict::fresh);
    const Reception seen = statistics.reception();
    CHECK(seen == Reception{.packets = 100, .expected = 100, .sources = 1});
    CHECK(statistics.ssrc() == std::optional<std::uint32_t>(1));
}

TEST_CASE("loss, duplicates and late packets are counted apart") {
    ReceiverStatistics statistics;
    for (std::uint64_t n : {0U, 1U, 3U, 2U, 3U, 6U, 7U, 7U, 9U}) feed(statistics, n);
    const Reception seen = statistics.reception();
    CHECK(seen.packets == 7);
    CHECK(seen.expected == 10);
    CHECK(seen.lost == 3);  // 4, 5, 8
    CHECK(seen.duplicates == 2);
    CHECK(seen.reordered == 1);
    CHECK(seen.loss() == doctest::Approx(0.3));
}

TEST_CASE("packets before the first one that arrived belong to the stream") {
    ReceiverStatistics statistics;
    for (std::uint64_t n : {2U, 0U, 1U, 3U}) feed(statistics, n);
    const Reception seen = statistics.reception();
    CHECK(seen.expected == 4);
    CHECK(seen.packets == 4);
    CHECK(seen.lost == 0);
    CHECK(seen.reordered == 2);
}

TEST_CASE("sequence numbers wrap, more than once") {
    ReceiverStatistics statistics;
    constexpr std::uint64_t count = 200000;
    for (std::uint64_t n = 0; n < count; ++n) {
        if (n % 10 != 5) feed(statistics, n, {}, 1, 65500);
    }
    const Reception seen = statistics.reception();
    CHECK(seen.expected == count);
    CHECK(seen.lost == count / 10);
    CHECK(seen.duplicates == 0);
    CHECK(seen.sources == 1);
}

TEST_CASE("reordering across the wrap is no loss") {
    ReceiverStatistics statistics;
    for (int sequence : {65533, 65535, 65534, 1, 0, 65534}) {
        statistics.receive({.sequence = static_cast<std::uint16_t>(sequence)}, start);
    }
    const Reception seen = statistics.reception();
    CHECK(seen.expected == 5);
    CHECK(seen.packets == 5);
    CHECK(seen.reordered == 2);
    CHECK(seen.duplicates == 1);
}

TEST_CASE("jitter follows RFC 3550 A.8") {
    // Every second packet 10 ms late: |D| is 80 units each time, and J += (|D| - J) / 16.
    ReceiverStatistics statistics;
    double expected = 0;
    for (std::uint64_t n = 0; n < 5; ++n) {
        feed(statistics, n, n % 2 == 0 ? 0ms : 10ms);
        if (n > 0) expected += (80 - expected) / 16;
    }
    CHECK(seconds(statistics.reception().jitter) == doctest::Approx(expected / 8000));
    for (std::uint64_t n = 5; n < 500; ++n) feed(statistics, n, n % 2 == 0 ? 0ms : 10ms);
    CHECK(seconds(statistics.reception().jitter) == doctest::Approx(0.010));
    // Steady again: it decays, the highest stays.
    for (std::uint64_t n = 500; n < 1000; ++n) feed(statistics, n);
    CHECK(statistics.reception().jitter < 1us);
    CHECK(seconds(statistics.reception().highest_jitter) == doctest::Approx(0.010));
}

TEST_CASE("telephone-events stay out of the jitter") {
    ReceiverStatistics statistics;
    for (std::uint16_t n = 0; n < 50; ++n) {
        const bool event = n >= 10 && n < 20;
        statistics.receive({.sequence = n, .timestamp = event ? 1600U : n * 160U}, start + n * 20ms, !event);
    }
    CHECK(statistics.reception().jitter == 0ns);
    CHECK(statistics.reception().packets == 50);
}

TEST_CASE("a new SSRC is followed from its second packet on, a stray is not") {
    ReceiverStatistics statistics;
    for (std::uint64_t n = 0; n < 10; ++n) feed(statistics, n);
    CHECK(feed(statistics, 500, {}, 2) == Verdict::stray);
    CHECK(feed(statistics, 10) == Verdict::fresh);
    CHECK(statistics.reception().strays == 1);
    CHECK(statistics.ssrc() == std::optional<std::uint32_t>(1));
    CHECK(feed(statistics, 12) == Verdict::fresh);

    CHECK(feed(statistics, 900, {}, 3) == Verdict::stray);
    CHECK(feed(statistics, 901, {}, 3) == Verdict::fresh);
    CHECK(feed(statistics, 903, {}, 3) == Verdict::fresh);
    const Reception seen = statistics.reception();
    CHECK(statistics.ssrc() == std::optional<std::uint32_t>(3));
    CHECK(seen.sources == 2);
    CHECK(seen.strays == 1);
    CHECK(seen.expected == 13 + 4);
    CHECK(seen.packets == 12 + 3);
    CHECK(seen.lost == 2);
}

TEST_CASE("a restart far off in sequence is a new source of the same SSRC") {
    ReceiverStatistics statistics;
    for (std::uint64_t n = 0; n < 10; ++n) feed(statistics, n);
    for (std::uint64_t n = 30000; n < 30010; ++n) feed(statistics, n);
    const Reception seen = statistics.reception();
    CHECK(seen.packets == 20);
    CHECK(seen.lost == 0);
    CHECK(seen.sources == 2);
}

TEST_CASE("a dropout of a minute is loss, not a restart") {
    ReceiverStatistics statistics;
    for (std::uint64_t n = 0; n < 10; ++n) feed(statistics, n);
    for (std::uint64_t n = 2900; n < 2910; ++n) feed(statistics, n);
    CHECK(statistics.reception().lost == 2890);
    CHECK(statistics.reception().duplicates == 0);
}

TEST_CASE("random loss, duplication and reordering: the counts are those of a plain recount") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        testing::Dice dice(seed);
        std::vector<std::uint64_t> arrivals;
        std::uint64_t sent = 0;
        std::uint64_t doubled = 0;
        for (std::uint64_t n = 0; n < 3000; ++n) {
            if (n > 0 && n < 2999 && dice.below(100) < 20) continue;
            ++sent;
            arrivals.push_back(n);
            if (dice.below(100) < 5) {
                ++doubled;
                arrivals.push_back(n);
            }
        }
        for (std::size_t i = 1; i < arrivals.size(); ++i) {
            const std::size_t other = i - dice.below(std::min<std::size_t>(i, 5) + 1);
            std::swap(arrivals[i], arrivals[other]);
        }
        ReceiverStatistics statistics;
        for (std::uint64_t n : arrivals) feed(statistics, n, {}, 9, 64000);
        const Reception seen = statistics.reception();
        CHECK(seen.packets == sent);
        CHECK(seen.expected == 3000);
        CHECK(seen.lost == 3000 - sent);
        CHECK(seen.duplicates == doubled);
        CHECK(seen.reordered > 0);
    }
}

TEST_CASE("hostile headers only ever add strays") {
    ReceiverStatistics statistics;
    testing::Dice dice(5);
    for (int i = 0; i < 50000; ++i) {
        statistics.receive({.sequence = static_cast<std::uint16_t>(dice.below(65536)),
                            .timestamp = static_cast<std::uint32_t>(dice.below(1ULL << 32)),
                            .ssrc = static_cast<std::uint32_t>(dice.below(3))},
                           start + static_cast<std::int64_t>(dice.below(1000)) * 1s);
    }
    const Reception seen = statistics.reception();
    CHECK(seen.packets + seen.duplicates + seen.strays == 50000);
    CHECK(seen.lost <= seen.expected);
}

TEST_CASE("E-model: loss and delay cost what the formulas say") {
    // 1 % loss: 95 * 1 / (1 + 4.3); with concealment 95 * 1 / (1 + 25.1).
    CHECK(rating(0.01, 0ms) == doctest::Approx(93.2 - 17.9245).epsilon(0.0001));
    CHECK(rating(0.01, 0ms, g711_concealed) == doctest::Approx(93.2 - 3.6398).epsilon(0.0001));
    CHECK(mos(rating(1, 0ms)) < 1.1);
    // Idd at 200 ms, X = 1: 25 (2^(1/6) - 3 (1 + 3^-6)^(1/6) + 2).
    CHECK(rating(0, 200ms) == doctest::Approx(93.2 - 3.044).epsilon(0.001));
    CHECK(rating(0, 400ms) < rating(0, 300ms));
    CHECK(mos(Reception{.packets = 100, .expected = 100}, 20ms) == doctest::Approx(4.409).epsilon(0.001));
    CHECK(mos(Reception{.packets = 90, .expected = 100, .lost = 10}, 20ms) <
          mos(Reception{.packets = 99, .expected = 100, .lost = 1}, 20ms));
}

#include "media/tone.h"

#include "media/g711.h"

#include <algorithm>

#include <doctest/doctest.h>

using namespace trunkbox;
using namespace trunkbox::media;

namespace {

std::vector<std::int16_t> samples_of(const Tone& tone, std::size_t count, std::uint64_t first = 0) {
    std::vector<std::int16_t> samples(count);
    make_tone(tone, first, samples);
    return samples;
}

doctest::Approx about(double level) {
    return doctest::Approx(level).epsilon(0.05).scale(1);
}

}  // namespace

TEST_CASE("440 Hz has its level, alone at its frequency") {
    for (double level : {0.0, -10.0, -30.0}) {
        const auto samples = samples_of({.level = level}, 8000);
        CHECK(level_dbm0(samples) == about(level));
        CHECK(level_dbm0(samples, 440) == about(level));
        CHECK(level_dbm0(samples, 880) < level - 40);
    }
}

TEST_CASE("two frequencies add their powers") {
    const auto samples = samples_of({.frequencies = {350, 440}, .level = -13}, 8000);
    CHECK(level_dbm0(samples, 350) == about(-13));
    CHECK(level_dbm0(samples, 440) == about(-13));
    CHECK(level_dbm0(samples) == about(-13 + 3.01));
}

TEST_CASE("a tone is the same in pieces, after hours too") {
    const Tone tone{.frequencies = {440, 480}};
    const auto whole = samples_of(tone, 480, 8000ULL * 3600 * 50 + 77);
    std::vector<std::int16_t> pieces;
    for (std::uint64_t i = 0; i < 3; ++i) {
        const auto piece = samples_of(tone, 160, 8000ULL * 3600 * 50 + 77 + 160 * i);
        pieces.insert(pieces.end(), piece.begin(), piece.end());
    }
    CHECK(whole == pieces);
    CHECK(level_dbm0(samples_of(tone, 8000, 8000ULL * 3600 * 50), 440) == about(-10));
}

TEST_CASE("cadence: on, off, on") {
    const auto samples = samples_of({.frequencies = {425}, .on = 1s, .off = 4s}, 8000 * 6);
    const std::span<const std::int16_t> all(samples);
    CHECK(level_dbm0(all.first(8000)) == about(-10));
    CHECK(level_dbm0(all.subspan(8000, 32000)) == no_level_dbm0);
    CHECK(level_dbm0(all.subspan(40000, 8000)) == about(-10));
}

TEST_CASE("a tone too loud is clipped, not wrapped") {
    const auto samples = samples_of({.frequencies = {440, 450, 460}, .level = 3}, 8000);
    CHECK(*std::ranges::max_element(samples) == 32767);
    CHECK(*std::ranges::min_element(samples) == -32768);
}

TEST_CASE("silence is not heard, an A-law idle line neither") {
    CHECK(level_dbm0({}) == no_level_dbm0);
    CHECK(level_dbm0({}, 440) == no_level_dbm0);
    CHECK(level_dbm0(samples_of({.frequencies = {}}, 800)) == no_level_dbm0);
    const double idle = level_dbm0(decode(Law::a, Bytes(160, 0xd5)));
    CHECK(idle < -60);
    CHECK(idle < heard_threshold_dbm0);
    CHECK(level_dbm0(samples_of({}, 160)) > heard_threshold_dbm0);
}

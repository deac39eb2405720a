#include "media/wav.h"

#include "media/tone.h"

#include <string_view>

#include "support.h"
#include <doctest/doctest.h>

using namespace trunkbox::media;

namespace {

std::vector<std::int16_t> tone_samples(std::size_t count) {
    std::vector<std::int16_t> samples(count);
    make_tone({}, 0, samples);
    return samples;
}

void put(Bytes& out, std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i) & 0xff));
}

void put(Bytes& out, std::string_view text) {
    out.insert(out.end(), text.begin(), text.end());
}

// A 16-bit PCM WAV by the book, independent of the library.
Bytes wav(std::uint16_t channels, std::uint32_t rate, const std::vector<std::int16_t>& interleaved) {
    const auto data = static_cast<std::uint32_t>(interleaved.size() * 2);
    Bytes out;
    put(out, "RIFF");
    put(out, 36 + data, 4);
    put(out, "WAVEfmt ");
    put(out, 16, 4);
    put(out, 1, 2);
    put(out, channels, 2);
    put(out, rate, 4);
    put(out, rate * channels * 2, 4);
    put(out, channels * 2U, 2);
    put(out, 16, 2);
    put(out, "data");
    put(out, data, 4);
    for (std::int16_t sample : interleaved) put(out, static_cast<std::uint16_t>(sample), 2);
    return out;
}

}  // namespace

TEST_CASE("8 kHz mono is read as it stands and written as it was") {
    const auto samples = tone_samples(1234);
    const auto read = read_wav(wav(1, 8000, samples));
    REQUIRE(read);
    CHECK(*read == samples);
    const auto written = write_wav(samples);
    REQUIRE(written);
    CHECK(*written == wav(1, 8000, samples));
}

TEST_CASE("stereo is averaged") {
    const auto read = read_wav(wav(2, 8000, {100, 300, -100, -300, 32767, 32767}));
    REQUIRE(read);
    CHECK(*read == std::vector<std::int16_t>{200, -200, 32767});
}

TEST_CASE("other rates keep the tone and the length") {
    for (std::uint32_t rate : {16000U, 44100U, 48000U, 11025U}) {
        std::vector<std::int16_t> samples(rate);
        // The same pitch at another rate: the frequency is stated relative to 8 kHz.
        make_tone({.frequencies = {440.0 * 8000 / rate}}, 0, samples);
        const auto read = read_wav(wav(1, rate, samples));
        REQUIRE(read);
        CHECK(read->size() == 8000);
        CHECK(level_dbm0(*read, 440) == doctest::Approx(-10).epsilon(0.3).scale(1));
    }
    const auto up = resample(tone_samples(4000), 4000, 8000);
    CHECK(up.size() == 8000);
    CHECK(level_dbm0(up, 220) == doctest::Approx(-10).epsilon(0.3).scale(1));
    CHECK(resample({}, 16000, 8000).empty());
}

TEST_CASE("what is no sound file is an error that says what is wanted") {
    CHECK(!read_wav({}));
    CHECK(!read_wav(Bytes{'R'}));
    const Bytes text{'h', 'e', 'l', 'l', 'o', ' ', 'w', 'o', 'r', 'l', 'd', '\n'};
    REQUIRE(!read_wav(text));
    CHECK(read_wav(text).error().text() ==
          "these 12 bytes are no sound file; give a WAV file, best 8 kHz mono");
    const auto empty = read_wav(wav(1, 8000, {}));
    CHECK(!empty);
}

TEST_CASE("a cut or damaged WAV is read as far as it goes or refused, never worse") {
    const Bytes whole = wav(1, 8000, tone_samples(500));
    for (std::size_t size = 0; size < whole.size(); size += 7) {
        const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        const auto read = read_wav(cut);
        if (read) CHECK(read->size() <= 500);
    }
    testing::Dice dice(3);
    for (int i = 0; i < 500; ++i) {
        Bytes damaged = whole;
        for (int hits = 0; hits < 4; ++hits)
            damaged[dice.below(44)] = static_cast<std::uint8_t>(dice.below(256));
        const auto read = read_wav(damaged);
        if (read) CHECK(read->size() <= 8000 * 3600);
    }
    Bytes lying = whole;
    lying[40] = lying[41] = lying[42] = 0xff;
    lying[43] = 0x7f;
    const auto read = read_wav(lying);
    REQUIRE(read);
    CHECK(read->size() == 500);
}

TEST_CASE("no samples make an empty WAV") {
    const auto written = write_wav({});
    REQUIRE(written);
    CHECK(*written == wav(1, 8000, {}));
}

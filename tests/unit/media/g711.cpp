#include "media/g711.h"

#include "media/tone.h"

#include <cstdlib>

#include <doctest/doctest.h>

using namespace trunkbox::media;

TEST_CASE("G.711 code words of silence, the extremes and the sign") {
    // G.711 tables 1 and 2: the least positive value, and the largest of each sign.
    CHECK(encode(Law::a, 0) == 0xd5);
    CHECK(encode(Law::mu, 0) == 0xff);
    CHECK(decode(Law::a, 0xd5) == 8);
    CHECK(decode(Law::a, 0x55) == -8);
    CHECK(decode(Law::mu, 0xff) == 0);
    CHECK(decode(Law::mu, 0x7f) == 0);
    CHECK(decode(Law::a, 0xaa) == 32256);
    CHECK(decode(Law::a, 0x2a) == -32256);
    CHECK(decode(Law::mu, 0x80) == 32124);
    CHECK(decode(Law::mu, 0x00) == -32124);
    CHECK(encode(Law::a, 32767) == 0xaa);
    CHECK(encode(Law::a, -32768) == 0x2a);
    CHECK(encode(Law::mu, 32767) == 0x80);
    CHECK(encode(Law::mu, -32768) == 0x00);
}

TEST_CASE("every G.711 code word survives decoding and encoding") {
    for (int octet = 0; octet < 256; ++octet) {
        const auto word = static_cast<std::uint8_t>(octet);
        CHECK(encode(Law::a, decode(Law::a, word)) == word);
        // µ-law has two words for zero.
        if (word != 0x7f) CHECK(encode(Law::mu, decode(Law::mu, word)) == word);
    }
}

TEST_CASE("the digital milliwatt of G.711 is 0 dBm0 at 1000 Hz") {
    // G.711 tables 5 and 6.
    const Bytes a{0x34, 0x21, 0x21, 0x34, 0xb4, 0xa1, 0xa1, 0xb4};
    const Bytes mu{0x1e, 0x0b, 0x0b, 0x1e, 0x9e, 0x8b, 0x8b, 0x9e};
    CHECK(level_dbm0(decode(Law::a, a)) == doctest::Approx(0).epsilon(0.1).scale(1));
    CHECK(level_dbm0(decode(Law::mu, mu)) == doctest::Approx(0).epsilon(0.1).scale(1));
    CHECK(level_dbm0(decode(Law::a, a), 1000) == doctest::Approx(0).epsilon(0.1).scale(1));
}

TEST_CASE("spans are coded sample by sample, empty ones too") {
    CHECK(encode(Law::a, std::span<const std::int16_t>{}).empty());
    CHECK(decode(Law::mu, ByteView{}).empty());
    const std::vector<std::int16_t> samples{0, 1000, -1000};
    const auto back = decode(Law::a, encode(Law::a, samples));
    REQUIRE(back.size() == 3);
    CHECK(std::abs(back[1] - 1000) <= 32);
    CHECK(back[1] == -back[2]);
}

TEST_CASE("only 8 kHz mono is G.711") {
    CHECK(law_of({.name = "PCMA"}) == Law::a);
    CHECK(law_of({.name = "pcmu"}) == Law::mu);
    CHECK(!law_of({.name = "PCMA", .clock_rate = 16000}));
    CHECK(!law_of({.name = "PCMU", .channels = 2}));
    CHECK(!law_of({.name = "G729"}));
    CHECK(!law_of({}));
}

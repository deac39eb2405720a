#include "media/decoder.h"

#include "media/g711.h"

#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>

using namespace trunkbox;
using namespace trunkbox::media;

TEST_CASE("decoder: G.711 as g711.h decodes it") {
    auto decoder = Decoder::of({.name = "pcma"});
    REQUIRE(decoder);
    CHECK(decoder->sample_rate() == 8000);
    Bytes payload(160);
    for (std::size_t i = 0; i < payload.size(); ++i) payload[i] = static_cast<std::uint8_t>(i);
    CHECK(decoder->decode(payload) == decode(Law::a, payload));
    CHECK(Decoder::of({.name = "PCMU"})->decode(payload) == decode(Law::mu, payload));
}

TEST_CASE("decoder: G.722 gives two samples an octet, at 16 kHz") {
    auto decoder = Decoder::of({.name = "G722"});
    REQUIRE(decoder);
    CHECK(decoder->sample_rate() == 16000);
    CHECK(decoder->decode(Bytes(160, 0xfa)).size() == 320);
    CHECK(decoder->decode({}).empty());
}

TEST_CASE("decoder: G.722 of changing octets stays in step with a second decoder") {
    Bytes payload(1600);
    for (std::size_t i = 0; i < payload.size(); ++i) payload[i] = static_cast<std::uint8_t>(i * 37 + i / 7);
    auto whole = Decoder::of({.name = "G722"});
    auto parts = Decoder::of({.name = "G722"});
    REQUIRE(whole);
    REQUIRE(parts);
    auto expected = whole->decode(payload);
    std::vector<std::int16_t> samples;
    for (std::size_t i = 0; i < payload.size(); i += 160)
        for (auto sample : parts->decode(ByteView(payload).subspan(i, 160))) samples.push_back(sample);
    CHECK(samples == expected);
    CHECK(std::ranges::count_if(samples, [](int sample) { return std::abs(sample) > 1000; }) > 100);
}

TEST_CASE("decoder: nothing for what it does not know") {
    CHECK_FALSE(Decoder::of({.name = "opus", .clock_rate = 48000, .channels = 2}));
    CHECK_FALSE(Decoder::of({.name = "PCMA", .clock_rate = 16000}));
    CHECK_FALSE(Decoder::of({.name = "telephone-event"}));
    CHECK_FALSE(Decoder::of({}));
}

#include "media/playout.h"

#include <algorithm>

#include "media/g711.h"

#include <doctest/doctest.h>

using namespace trunkbox;
using namespace trunkbox::media;

namespace {

const Codec pcma{.name = "PCMA"};
constexpr std::size_t packet = 160;  // samples

// A packet whose samples all have one value that A-law keeps.
void say(Playout& playout, std::uint32_t number, std::int16_t value, Duration at, const Codec& codec = pcma) {
    playout.receive(codec, {.timestamp = number * 160}, Bytes(packet, encode(Law::a, value)), Time{} + at);
}

// The value of each packet of what was played.
std::vector<std::int16_t> heard(const std::vector<std::int16_t>& samples) {
    std::vector<std::int16_t> made;
    for (std::size_t i = 0; i + packet <= samples.size(); i += packet) {
        CHECK(std::ranges::count(std::span(samples).subspan(i, packet), samples[i]) == packet);
        made.push_back(samples[i]);
    }
    return made;
}

std::int16_t kept(std::int16_t value) { return decode(Law::a, encode(Law::a, value)); }

}  // namespace

TEST_CASE("playout: in the order of timestamps, silence where a packet is missing, the same one twice once") {
    Playout playout;
    say(playout, 0, 1000, 0ms);
    say(playout, 2, 3000, 20ms);
    say(playout, 1, 2000, 40ms);
    say(playout, 1, 9000, 45ms);
    say(playout, 4, 5000, 60ms);
    CHECK(playout.sample_rate() == 8000);
    CHECK(heard(playout.finish()) == std::vector<std::int16_t>{kept(1000), kept(2000), kept(3000), 0, kept(5000)});
}

TEST_CASE("playout: what is settled comes while packets come, in memory of a second") {
    Playout playout;
    std::size_t played = 0;
    for (std::uint32_t i = 0; i < 1000; ++i) {
        say(playout, i, 1000, i * 20ms);
        played += playout.take().size();
        CHECK(played + 52 * packet >= (i + 1) * packet);
    }
    played += playout.finish().size();
    CHECK(played == 1000 * packet);
}

TEST_CASE("playout: later than a second is too late") {
    Playout playout;
    for (std::uint32_t i = 0; i < 100; ++i)
        if (i != 10) say(playout, i, 1000, i * 20ms);
    auto settled = playout.take();
    say(playout, 10, 7000, 2010ms);
    auto all = heard(settled);
    auto rest = heard(playout.finish());
    all.insert(all.end(), rest.begin(), rest.end());
    CHECK(all.size() == 100);
    CHECK(all[10] == 0);
    CHECK(std::ranges::count(all, kept(7000)) == 0);
}

TEST_CASE("playout: timestamps wrap; those that jump are another clock, and time is the capture's") {
    Playout playout;
    playout.receive(pcma, {.timestamp = 0xffffff60}, Bytes(packet, 0xd5), Time{});
    playout.receive(pcma, {.timestamp = 0}, Bytes(packet, 0xd5), Time{} + 20ms);
    CHECK(playout.finish().size() == 2 * packet);
    playout.receive(pcma, {.timestamp = 0x70000000}, Bytes(packet, 0xd5), Time{} + 520ms);
    // Half a second later by the capture, days later by the timestamps.
    auto after = playout.finish();
    CHECK(after.size() > 4000);
    CHECK(after.size() < 4500);
    // A year later: no more than ten minutes of silence.
    playout.receive(pcma, {.timestamp = 5}, Bytes(packet, 0xd5), Time{} + 24h * 365);
    CHECK(playout.finish().size() <= 601 * 8000);
}

TEST_CASE("playout: codecs that change, that cannot be decoded, and none") {
    Playout playout;
    CHECK(playout.sample_rate() == 0);
    say(playout, 0, 1000, 0ms, {.name = "opus", .clock_rate = 48000, .channels = 2});
    say(playout, 0, 1000, 0ms, {});
    CHECK(playout.sample_rate() == 0);
    playout.receive({.name = "G722"}, {.timestamp = 0}, Bytes(packet, 0xfa), Time{});
    CHECK(playout.sample_rate() == 16000);
    say(playout, 1, 1000, 20ms);
    say(playout, 2, 1000, 40ms, {.name = "telephone-event"});
    playout.receive(pcma, {.timestamp = 480}, {}, Time{} + 60ms);
    CHECK(playout.finish().size() == 640);
}

TEST_CASE("playout: a thousand packets of one second do not wait all") {
    Playout playout;
    for (std::uint32_t i = 0; i < 5000; ++i)
        playout.receive(pcma, {.timestamp = i}, Bytes(1, 0xd5), Time{});
    CHECK(playout.take().size() >= 3999);
}

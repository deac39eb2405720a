#include "output/ladder.h"

#include <algorithm>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/text.h"

using namespace trunkbox;
using output::LadderStyle;
using trace::Arrow;
using trace::Ladder;

namespace {

Ladder stations(std::initializer_list<std::string_view> names) {
    Ladder ladder;
    std::uint16_t port = 5060;
    for (std::string_view name : names) {
        net::Endpoint address{net::Ip::v4(0x7f000001), port++};
        ladder.participants.push_back({.name = std::string(name), .addresses = {address}});
    }
    return ladder;
}

void add(Ladder& ladder, Duration at, std::size_t from, std::size_t to, std::string_view head, std::string_view tail,
         std::string_view note = {}) {
    Arrow arrow;
    arrow.time = Time{} + at;
    arrow.from = from;
    arrow.to = to;
    arrow.head = head;
    arrow.tail = tail;
    arrow.note = note;
    arrow.status = parse_integer<int>(head).value_or(0);
    arrow.kind = arrow.status ? Arrow::Kind::response : Arrow::Kind::request;
    ladder.arrows.push_back(arrow);
}

// A call over the whole way, as the demonstration shows it.
Ladder whole_way() {
    Ladder l = stations({"phone", "edge SBC", "proxy", "SBC A", "carrier A", "SBC B", "carrier B", "called"});
    add(l, 0us, 0, 1, "INVITE", "+442079460123", "PCMA 127.0.0.1:40000");
    add(l, 300us, 1, 0, "100", "Trying");
    add(l, 900us, 1, 2, "INVITE", "+442079460123", "PCMA 127.0.0.1:40010");
    add(l, 1800us, 2, 3, "INVITE", "+442079460123", "PCMA 127.0.0.1:40010");
    add(l, 2500us, 3, 4, "INVITE", "442079460123", "PCMA 127.0.0.1:40020");
    add(l, 3100us, 4, 3, "503", "Service Unavailable");
    add(l, 3300us, 3, 4, "ACK", "");
    add(l, 3600us, 3, 2, "503", "Service Unavailable");
    add(l, 5200us, 2, 5, "INVITE", "+442079460123", "PCMA 127.0.0.1:40010");
    add(l, 6200us, 5, 6, "INVITE", "00442079460123", "PCMA 127.0.0.1:40030");
    add(l, 7200us, 6, 7, "INVITE", "+442079460123", "PCMA 127.0.0.1:40030");
    add(l, 109ms, 7, 6, "180", "Ringing");
    add(l, 510ms, 7, 6, "200", "OK", "PCMA 127.0.0.1:40040");
    Arrow band;
    band.kind = Arrow::Kind::media;
    band.time = Time{} + 530ms;
    band.end = Time{} + 2500ms;
    band.from = 0;
    band.to = 7;
    band.head = "RTP";
    band.tail = "PCMA 100 packets, digits 1234#";
    l.arrows.push_back(band);
    add(l, 4000ms, 0, 1, "BYE", "");
    l.arrows.back().retransmission = true;
    return l;
}

std::size_t longest(std::string_view text) {
    std::size_t most = 0;
    for (std::string_view line : split(text, '\n')) {
        std::size_t columns = 0;
        for (char c : line) columns += (static_cast<unsigned char>(c) & 0xc0U) != 0x80U ? 1 : 0;
        most = std::max(most, columns);
    }
    return most;
}

}  // namespace

TEST_CASE("ladder: two stations, labels in the arrows") {
    Ladder l = stations({"phone", "edge"});
    add(l, 0ms, 0, 1, "INVITE", "+442079460123");
    add(l, 12ms, 1, 0, "180", "Ringing");
    add(l, 13ms, 0, 1, "ACK", "");
    CHECK_EQ(output::text(l, {.width = 60}),
             "             phone                           edge\n"
             "        127.0.0.1:5060                  127.0.0.1:5061\n"
             "               │                               │\n"
             "     0.0 ms    ├──── INVITE +442079460123 ────▶│\n"
             "    12.0 ms    │◀──────── 180 Ringing ─────────┤\n"
             "    13.0 ms    ├───────────── ACK ────────────▶│\n");
}

TEST_CASE("ladder: eight stations fit and keep every word that matters") {
    for (std::size_t width : {110U, 118U, 120U}) {
        std::string drawn = output::text(whole_way(), {.width = width});
        CAPTURE(drawn);
        CHECK(longest(drawn) <= width);
        for (std::string_view word : {"carrier A", "INVITE", "+442079460123", "00442079460123", "PCMA 127.0.0.1:40030",
                                      "Service Unavailable", "180 Ringing", "digits 1234#", "BYE ↻", "┊", "4000.0 ms"})
            CHECK_MESSAGE(drawn.find(word) != std::string::npos, "lacks ", word);
    }
}

TEST_CASE("ladder: what does not fit its arrow stands beside it, on the side that has room") {
    auto lines = output::text(whole_way(), {.width = 118});
    CHECK(lines.find("├── INVITE ──▶│ +442079460123 · PCMA 127.0.0.1:40000 ") != std::string::npos);
    CHECK(lines.find("00442079460123 · PCMA 127.0.0.1:40030 ├── INVITE ──▶│") != std::string::npos);
}

TEST_CASE("ladder: the ASCII form has no other byte") {
    Ladder l = whole_way();
    l.participants[0].name = "téléphone";
    for (char c : output::text(l, {.width = 110, .ascii = true}))
        CHECK((c == '\n' || (c >= ' ' && c <= '~')));
}

TEST_CASE("ladder: colours end on every line and go when not asked for") {
    std::string drawn = output::text(whole_way(), {.width = 118, .color = true});
    CHECK(drawn.find("\x1b[31m") != std::string::npos);
    for (std::string_view line : split(drawn, '\n'))
        if (line.find('\x1b') != std::string_view::npos) CHECK(line.ends_with("\x1b[0m"));
    CHECK(output::text(whole_way(), {.width = 118}).find('\x1b') == std::string::npos);
}

TEST_CASE("ladder: hostile text cannot move the cursor, colour the screen or break a line") {
    Ladder l = stations({"\x1b[2Jphone\n", "ed\rge"});
    add(l, 0ms, 0, 1, "IN\x1b]0;owned\x07VITE", std::string("a\nb\0c\xff", 6), "\x1b[31m");
    add(l, 1ms, 1, 0, "200", std::string(100'000, 'x'));
    std::string drawn = output::text(l, {.width = 80});
    CHECK(longest(drawn) <= 80);
    CHECK(std::ranges::count(drawn, '\n') == 5);
    for (char c : drawn) CHECK((c == '\n' || static_cast<unsigned char>(c) >= 0x20));
    CHECK(drawn.find("…") != std::string::npos);
}

TEST_CASE("ladder: nothing, one station, a message to itself, too many columns") {
    CHECK(output::text(Ladder{}) == "");

    Ladder alone = stations({"proxy"});
    add(alone, 0ms, 0, 0, "OPTIONS", "proxy");
    CHECK(output::text(alone, {.width = 60}).find("↺ OPTIONS proxy") != std::string::npos);

    Ladder many;
    for (int i = 0; i < 40; ++i) many.participants.push_back({.name = fmt::format("station {}", i)});
    add(many, 0ms, 39, 0, "INVITE", "+442079460123");
    add(many, 1ms, 0, 1, "INVITE", "+442079460123");
    std::string drawn = output::text(many, {.width = 20});
    CHECK(drawn.find("INVITE +442079460123") != std::string::npos);
    CHECK(drawn.find("├INVITE▶│") != std::string::npos);
}

#include "output/ladder_svg.h"

#include <cstdio>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace trunkbox;
using trace::Arrow;
using trace::Ladder;

namespace {

Ladder call() {
    Ladder ladder;
    ladder.participants = {{.name = "phone", .addresses = {{net::Ip::v4(0xc0000201), 5060}}},
                           {.name = "edge", .addresses = {{net::Ip::v4(0xc0000202), 5060}}},
                           {.name = "carrier", .addresses = {}}};
    ladder.arrows = {
        {.time = Time{}, .from = 0, .to = 1, .head = "INVITE", .tail = "+442079460123", .note = "PCMA 192.0.2.1:40000"},
        {.time = Time{} + 500ms, .from = 0, .to = 1, .head = "INVITE", .tail = "+442079460123", .retransmission = true},
        {.time = Time{} + 510ms, .from = 1, .to = 1, .head = "OPTIONS"},
        {.time = Time{} + 600ms,
         .from = 1,
         .to = 0,
         .kind = Arrow::Kind::response,
         .status = 200,
         .head = "200",
         .tail = "OK"},
        {.time = Time{} + 620ms,
         .from = 0,
         .to = 2,
         .kind = Arrow::Kind::media,
         .head = "RTP",
         .tail = "PCMA 100 packets",
         .end = Time{} + 2s}};
    return ladder;
}

// What xmllint says of the document: 0 is well-formed.
int checked(const std::string& document) {
    auto path = std::filesystem::temp_directory_path() /
                fmt::format("trunkbox-ladder-{}.svg", static_cast<const void*>(&document));
    std::ofstream(path) << document;
    int status = std::system(fmt::format("xmllint --nonet --noout '{}'", path.string()).c_str());
    std::filesystem::remove(path);
    return status;
}

std::size_t count(std::string_view text, std::string_view what) {
    std::size_t made = 0;
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string_view::npos; at += what.size()) ++made;
    return made;
}

}  // namespace

TEST_CASE("ladder svg: every station, every arrow, times, a dashed retransmission, a band") {
    std::string drawn = output::svg(call());
    for (std::string_view word : {">phone<", ">192.0.2.1:5060<", ">carrier<", "INVITE +442079460123", "200 OK",
                                  "0.0 ms", "510.0 ms", "RTP PCMA 100 packets", "#ffffff", "PCMA 192.0.2.1:40000"})
        CHECK_MESSAGE(drawn.find(word) != std::string::npos, "lacks ", word);
    CHECK(count(drawn, "stroke-dasharray") == 1);
    CHECK(count(drawn, "<g>") == 5);
    CHECK(drawn.find("url(") == std::string::npos);
    CHECK(drawn.find("href") == std::string::npos);
    CHECK(checked(drawn) == 0);
}

TEST_CASE("ladder svg: text from the wire cannot leave its place") {
    Ladder ladder = call();
    ladder.participants[0].name = "<script>alert(1)</script>&\"'";
    ladder.participants[1].name = std::string("\x1b\0\xff]]>", 6);
    ladder.arrows[0].head = "</text></svg><!--";
    ladder.arrows[0].tail = std::string(100'000, '&');
    ladder.arrows[1].tail = "\xef\xbf\xbf\xef\xbf\xbe\xed\xa0\x80 \xc3\xa9 \xf0\x9f\x93\x9e";
    ladder.arrows[3].call_id = "\"><image href='x'/>";
    std::string drawn = output::svg(ladder);
    CHECK(drawn.find("<script") == std::string::npos);
    CHECK(drawn.find("<image") == std::string::npos);
    CHECK(drawn.find("<!--") == std::string::npos);
    CHECK(drawn.size() < 40'000);
    CHECK(checked(drawn) == 0);
}

TEST_CASE("ladder svg: nothing, one station, forty") {
    CHECK(checked(output::svg(Ladder{})) == 0);
    Ladder many;
    for (int i = 0; i < 40; ++i) many.participants.push_back({.name = fmt::format("station {}", i)});
    many.arrows = {{.time = Time{}, .from = 39, .to = 0, .head = "INVITE"}};
    CHECK(checked(output::svg(many)) == 0);
}

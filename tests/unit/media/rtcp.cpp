#include "media/rtcp.h"

#include <doctest/doctest.h>

using namespace trunkbox;
using namespace trunkbox::media;

namespace {

void put(Bytes& out, std::uint64_t value, int bytes) {
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
        out.push_back(static_cast<std::uint8_t>(value >> shift & 0xff));
}

Bytes block() {
    Bytes out;
    put(out, 0x11223344, 4);
    put(out, 64, 1);           // a quarter
    put(out, 0xfffffe, 3);     // two less than none: duplicates
    put(out, 0x00010005, 4);
    put(out, 80, 4);
    put(out, 0xaabbccdd, 4);
    put(out, 0x00018000, 4);   // 1.5 s
    return out;
}

Bytes packet(std::uint8_t type, std::uint8_t count, const Bytes& body) {
    Bytes out;
    put(out, 0x80U | count, 1);
    put(out, type, 1);
    put(out, body.size() / 4, 2);
    out.insert(out.end(), body.begin(), body.end());
    return out;
}

Bytes sender_report(std::uint8_t blocks = 1) {
    Bytes body;
    put(body, 0xcafe, 4);
    put(body, 0x0102030405060708, 8);
    put(body, 160000, 4);
    put(body, 1000, 4);
    put(body, 160000, 4);
    for (int i = 0; i < blocks; ++i) {
        auto one = block();
        body.insert(body.end(), one.begin(), one.end());
    }
    return packet(200, blocks, body);
}

}  // namespace

TEST_CASE("rtcp: a sender report with a block, SDES and BYE in one compound") {
    Bytes compound = sender_report();
    for (auto& part : {packet(202, 1, {0, 0, 0xca, 0xfe, 1, 0, 0, 0}), packet(203, 1, {0, 0, 0xca, 0xfe})})
        compound.insert(compound.end(), part.begin(), part.end());
    auto reports = parse_rtcp(compound);
    REQUIRE(reports);
    REQUIRE(reports->size() == 1);
    const auto& report = reports->front();
    CHECK(report.sender == 0xcafe);
    CHECK(report.bye);
    REQUIRE(report.info);
    CHECK(report.info->middle() == 0x03040506);
    CHECK(report.info->packets == 1000);
    REQUIRE(report.blocks.size() == 1);
    CHECK(report.blocks.front() == ReportBlock{.ssrc = 0x11223344,
                                               .fraction_lost = 0.25,
                                               .lost = -2,
                                               .highest = 65541,
                                               .jitter = 80,
                                               .last_report = 0xaabbccdd,
                                               .since_last_report = 1500ms});
}

TEST_CASE("rtcp: a receiver report without blocks, and 31 of them") {
    auto empty = parse_rtcp(packet(201, 0, {0, 0, 0, 9}));
    REQUIRE(empty);
    CHECK(empty->front().sender == 9);
    CHECK(empty->front().blocks.empty());
    CHECK_FALSE(empty->front().info);
    auto full = parse_rtcp(sender_report(31));
    REQUIRE(full);
    CHECK(full->front().blocks.size() == 31);
}

TEST_CASE("rtcp: what is cut, of another version, of another type, or claims more blocks than it has") {
    Bytes whole = sender_report();
    for (std::size_t size = 1; size < whole.size(); ++size) {
        CAPTURE(size);
        CHECK_FALSE(parse_rtcp(ByteView(whole).first(size)));
    }
    Bytes other = whole;
    other[0] = 0x41;
    CHECK_FALSE(parse_rtcp(other));
    other = whole;
    other[0] = 0x82;
    CHECK_FALSE(parse_rtcp(other));
    other = whole;
    other[1] = 72;
    CHECK_FALSE(parse_rtcp(other));
    CHECK(parse_rtcp({})->empty());
}

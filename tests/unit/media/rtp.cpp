#include "media/rtp.h"

#include "support.h"
#include <doctest/doctest.h>

using namespace trunkbox::media;

namespace {

// V=2 PT=8 seq 0x1234, timestamp 0x01020304, SSRC 0xdeadbeef.
Bytes header(std::uint8_t first = 0x80, std::uint8_t second = 0x08) {
    return {first, second, 0x12, 0x34, 1, 2, 3, 4, 0xde, 0xad, 0xbe, 0xef};
}

Bytes with(Bytes head, std::initializer_list<std::uint8_t> tail) {
    head.insert(head.end(), tail);
    return head;
}

}  // namespace

TEST_CASE("an RTP header is read field by field") {
    const Bytes packet = with(header(0x80, 0x88), {0xd5, 0x55});
    const auto view = RtpView::parse(packet);
    REQUIRE(view);
    CHECK(view->header == RtpHeader{.marker = true,
                                    .payload_type = 8,
                                    .sequence = 0x1234,
                                    .timestamp = 0x01020304,
                                    .ssrc = 0xdeadbeef});
    CHECK(view->payload.size() == 2);
    CHECK(view->payload[0] == 0xd5);
    CHECK(view->csrcs.empty());
    CHECK(!view->extension);
}

TEST_CASE("what is written is read back") {
    const RtpHeader wrote{
        .marker = true, .payload_type = 127, .sequence = 65535, .timestamp = 0xffffffff, .ssrc = 0x80000001};
    const Bytes packet = write_rtp(wrote, Bytes{1, 2, 3});
    CHECK(packet.size() == 15);
    const auto view = RtpView::parse(packet);
    REQUIRE(view);
    CHECK(view->header == wrote);
    CHECK(Bytes(view->payload.begin(), view->payload.end()) == Bytes{1, 2, 3});
}

TEST_CASE("CSRCs, extension and padding are taken off the payload") {
    // One CSRC, an extension of one word, two bytes of padding.
    const Bytes packet = with(header(0xb1), {0, 0, 0, 7, 0xbe, 0xde, 0, 1, 9, 9, 9, 9, 42, 0, 2});
    const auto view = RtpView::parse(packet);
    REQUIRE(view);
    CHECK(view->csrcs.size() == 4);
    REQUIRE(view->extension);
    CHECK(view->extension->profile == 0xbede);
    CHECK(view->extension->data.size() == 4);
    CHECK(view->padding == 2);
    REQUIRE(view->payload.size() == 1);
    CHECK(view->payload[0] == 42);
}

TEST_CASE("a cut or lying RTP packet is an error") {
    CHECK(!RtpView::parse({}));
    CHECK(!RtpView::parse(Bytes{0x80}));
    Bytes short_header = header();
    short_header.pop_back();
    CHECK(!RtpView::parse(short_header));
    CHECK(RtpView::parse(header()));                                 // an empty payload is allowed
    CHECK(!RtpView::parse(header(0x8f)));                            // 15 CSRCs that are not there
    CHECK(!RtpView::parse(with(header(0x81), {1, 2, 3})));           // three quarters of a CSRC
    CHECK(!RtpView::parse(header(0x90)));                            // extension bit, no extension
    CHECK(!RtpView::parse(with(header(0x90), {0, 0, 0xff, 0xff})));  // 262140 bytes of extension
    CHECK(!RtpView::parse(with(header(0x90), {0, 0, 0, 1, 1, 2, 3})));
    CHECK(!RtpView::parse(with(header(0xa0), {1, 2, 0})));  // padding of 0
    CHECK(!RtpView::parse(with(header(0xa0), {1, 2, 4})));  // padding over the header
    CHECK(RtpView::parse(with(header(0xa0), {1, 2, 3})));   // nothing but padding
    CHECK(!RtpView::parse(header(0xa0)));                   // the header's last byte is no padding
    CHECK(!RtpView::parse(header(0x00)));                   // version 0
    CHECK(!RtpView::parse(header(0xc0)));                   // version 3
    CHECK(RtpView::parse(header(0x40)).error().text() == "rtp version is 1, not 2");
}

TEST_CASE("random bytes never read past the end") {
    testing::Dice dice(7);
    std::size_t good = 0;
    for (int i = 0; i < 20000; ++i) {
        Bytes bytes(dice.below(40));
        for (auto& byte : bytes) byte = static_cast<std::uint8_t>(dice.below(256));
        if (!bytes.empty()) bytes[0] = static_cast<std::uint8_t>((bytes[0] & 0x3f) | 0x80);
        // Exactly as long as it is, so that the address sanitizer sees an overrun.
        const Bytes exact(bytes.begin(), bytes.end());
        const auto view = RtpView::parse(exact);
        if (!view) continue;
        ++good;
        const std::size_t extension = view->extension ? view->extension->data.size() + 4 : 0;
        CHECK(12 + view->csrcs.size() + extension + view->payload.size() + view->padding == exact.size());
    }
    CHECK(good > 100);
}

TEST_CASE("RTCP is told from RTP by its packet type") {
    CHECK(is_rtcp(Bytes{0x80, 200, 0, 6}));
    CHECK(is_rtcp(Bytes{0x81, 201, 0, 7}));
    CHECK(!is_rtcp(header(0x80, 0x88)));
    CHECK(!is_rtcp(Bytes{0x80}));
}

TEST_CASE("distances are taken across the wrap") {
    CHECK(distance(std::uint16_t{65535}, std::uint16_t{0}) == 1);
    CHECK(distance(std::uint16_t{0}, std::uint16_t{65535}) == -1);
    CHECK(distance(std::uint32_t{0xffffff60}, std::uint32_t{0}) == 160);
    CHECK(distance(std::uint32_t{0}, std::uint32_t{0xffffff60}) == -160);
}

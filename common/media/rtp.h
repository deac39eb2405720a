// RTP packets (RFC 3550 section 5). RTCP is only told apart, not read.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace trunkbox::media {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

// Network byte order; the bytes must be there.
[[nodiscard]] constexpr std::uint16_t read_16(ByteView bytes, std::size_t at) {
    return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}
[[nodiscard]] constexpr std::uint32_t read_32(ByteView bytes, std::size_t at) {
    return static_cast<std::uint32_t>(read_16(bytes, at)) << 16 | read_16(bytes, at + 2);
}

// The fields that a sender sets; version is always 2.
struct RtpHeader {
    bool marker = false;
    std::uint8_t payload_type = 0;  // 7 bits
    std::uint16_t sequence = 0;
    std::uint32_t timestamp = 0;
    std::uint32_t ssrc = 0;
    bool operator==(const RtpHeader&) const = default;
};

// Borrows the datagram.
struct RtpView {
    struct Extension {
        std::uint16_t profile = 0;
        ByteView data{};
    };

    RtpHeader header;
    ByteView csrcs;  // 4 bytes each, at most 15
    std::optional<Extension> extension;
    ByteView payload;          // without padding; may be empty
    std::uint8_t padding = 0;  // bytes taken off the end

    // Errors: shorter than its fixed header, CSRC list, extension or padding claims; version other than 2.
    [[nodiscard]] static Result<RtpView> parse(ByteView datagram);
};

[[nodiscard]] Bytes write_rtp(const RtpHeader& header, ByteView payload);

// RFC 5761 section 4: on a shared port the second byte of RTCP is 192 to 223.
[[nodiscard]] bool is_rtcp(ByteView datagram);

// Serial arithmetic on timestamps and sequence numbers: how far `later` is after `earlier`, negative if
// before.
[[nodiscard]] constexpr std::int32_t distance(std::uint32_t earlier, std::uint32_t later) {
    return static_cast<std::int32_t>(later - earlier);
}
[[nodiscard]] constexpr std::int16_t distance(std::uint16_t earlier, std::uint16_t later) {
    return static_cast<std::int16_t>(static_cast<std::uint16_t>(later - earlier));
}

}  // namespace trunkbox::media

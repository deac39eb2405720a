// RTCP sender and receiver reports (RFC 3550 section 6.4) as they stand in a compound packet.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "media/rtp.h"

namespace trunkbox::media {

// What a receiver says of one source.
struct ReportBlock {
    std::uint32_t ssrc = 0;
    double fraction_lost = 0;       // 0 to 1, since the report before
    std::int32_t lost = 0;          // since the start; less than 0 when duplicates came
    std::uint32_t highest = 0;      // extended sequence number
    std::uint32_t jitter = 0;       // timestamp units
    std::uint32_t last_report = 0;  // LSR: the middle 32 bits of the sender report's NTP time; 0: none came
    Duration since_last_report{};   // DLSR
    bool operator==(const ReportBlock&) const = default;
};

struct SenderInfo {
    std::uint64_t ntp = 0;  // 32 bits of seconds since 1900, 32 of their fraction
    std::uint32_t rtp_timestamp = 0;
    std::uint32_t packets = 0;
    std::uint32_t octets = 0;

    // What a receiver gives back as ReportBlock::last_report.
    [[nodiscard]] std::uint32_t middle() const { return static_cast<std::uint32_t>(ntp >> 16); }
    bool operator==(const SenderInfo&) const = default;
};

struct RtcpReport {
    std::uint32_t sender = 0;            // SSRC of who reports
    std::optional<SenderInfo> info{};    // of a sender report
    std::vector<ReportBlock> blocks{};   // at most 31
    bool bye = false;                    // the compound ends this source (section 6.6)
};

// The reports of a compound packet, in order; other packets in it are passed over. Error: not RTCP, or it ends within
// a packet (encrypted ones do).
[[nodiscard]] Result<std::vector<RtcpReport>> parse_rtcp(ByteView datagram);

}  // namespace trunkbox::media

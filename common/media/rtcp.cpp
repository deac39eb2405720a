#include "media/rtcp.h"

#include <fmt/format.h>

namespace trunkbox::media {
namespace {

constexpr std::size_t header_bytes = 4;
constexpr std::size_t block_bytes = 24;
constexpr std::uint8_t type_sr = 200;
constexpr std::uint8_t type_rr = 201;
constexpr std::uint8_t type_bye = 203;

ReportBlock read_block(ByteView bytes) {
    // 24 bits with a sign.
    const std::uint32_t lost = read_32(bytes, 4) & 0xffffff;
    // In units of 1/65536 s.
    const auto delay = static_cast<std::int64_t>(read_32(bytes, 20));
    return {.ssrc = read_32(bytes, 0),
            .fraction_lost = bytes[4] / 256.0,
            .lost = static_cast<std::int32_t>(lost ^ 0x800000) - 0x800000,
            .highest = read_32(bytes, 8),
            .jitter = read_32(bytes, 12),
            .last_report = read_32(bytes, 16),
            .since_last_report = Duration(delay * 1'000'000'000 / 65536)};
}

RtcpReport read_report(ByteView packet, bool by_sender, std::size_t blocks) {
    RtcpReport report{.sender = read_32(packet, 4)};
    std::size_t at = 8;
    if (by_sender) {
        report.info = SenderInfo{.ntp = static_cast<std::uint64_t>(read_32(packet, 8)) << 32 | read_32(packet, 12),
                                 .rtp_timestamp = read_32(packet, 16),
                                 .packets = read_32(packet, 20),
                                 .octets = read_32(packet, 24)};
        at += 20;
    }
    for (std::size_t i = 0; i < blocks; ++i) report.blocks.push_back(read_block(packet.subspan(at + i * block_bytes)));
    return report;
}

tl::unexpected<Error> bad(std::string what) { return failure(Fault::input, "", "rtcp packet " + std::move(what)); }

}  // namespace

Result<std::vector<RtcpReport>> parse_rtcp(ByteView datagram) {
    std::vector<RtcpReport> reports;
    while (!datagram.empty()) {
        if (datagram.size() < header_bytes) return bad("ends in its header");
        if (datagram[0] >> 6 != 2) return bad(fmt::format("of version {}, not 2", datagram[0] >> 6));
        const std::size_t count = datagram[0] & 0x1fU;
        const std::uint8_t type = datagram[1];
        const std::size_t size = header_bytes + (static_cast<std::size_t>(datagram[2]) << 8 | datagram[3]) * 4;
        if (type < 192 || type > 223) return bad(fmt::format("of type {}", type));
        if (size > datagram.size())
            return bad(fmt::format("of {} bytes, of which {} are there", size, datagram.size()));
        const ByteView packet = datagram.first(size);
        datagram = datagram.subspan(size);
        if (type == type_sr || type == type_rr) {
            const std::size_t fixed = type == type_sr ? 28 : 8;
            if (size < fixed + count * block_bytes) return bad(fmt::format("too short for its {} blocks", count));
            reports.push_back(read_report(packet, type == type_sr, count));
        } else if (type == type_bye && count > 0 && size >= 8) {
            for (RtcpReport& report : reports)
                if (report.sender == read_32(packet, 4)) report.bye = true;
        }
    }
    return reports;
}

}  // namespace trunkbox::media

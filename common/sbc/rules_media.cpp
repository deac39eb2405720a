// RTP and RTCP as they are seen beside the session descriptions before them.
#include <fmt/format.h>

#include "base/time.h"
#include "sbc/memory.h"
#include "sbc/rules.h"
#include "sbc/state_media.h"

namespace trunkbox::sbc {
namespace {

constexpr std::uint32_t payload_type_at = 1, sequence_at = 2, timestamp_at = 4, ssrc_at = 8, payload_at = 12;

std::int64_t whole_seconds(Duration duration) { return std::chrono::duration_cast<std::chrono::seconds>(duration).count(); }

}  // namespace

Hits media_unasked(const Subject& s) {
    return {{.reason = fmt::format("RTP from {} to {}, which no session description names", s.packet.from.text(),
                                   s.packet.to.text())}};
}

Hits media_of_stranger(const Subject& s) {
    return {{.reason = fmt::format("RTP to {} from {}, where its sender's media are not", s.packet.to.text(),
                                   s.packet.from.text())}};
}

Hits source_changes(const Subject& s) {
    const MediaPresent& media = s.memory->media();
    std::string reason = fmt::format("SSRC {:08x} beside {:08x}", media.ssrc, media.ssrc_before);
    reason += media.interleaved ? ", by turns" : ", and no session description before";
    return {{.offset = ssrc_at, .reason = std::move(reason)}};
}

Hits media_jumps(const Subject& s) {
    const MediaPresent& media = s.memory->media();
    if (media.timestamp)
        return {{.offset = timestamp_at, .reason = fmt::format("the timestamp jumps by {} without a marker", media.jump)}};
    return {{.offset = sequence_at, .reason = fmt::format("the sequence number jumps by {}", media.jump)}};
}

Hits payload_type_foreign(const Subject& s) {
    return {{.offset = payload_type_at,
             .reason = fmt::format("payload type {}, which neither end described", s.memory->media().payload_type)}};
}

Hits media_and_call_differ(const Subject& s) {
    const MediaPresent& media = s.memory->media();
    std::int64_t silent = whole_seconds(media.silent);
    Hit hit{};
    if (s.message.kind() == sip::MessageView::Kind::not_sip) {
        hit.reason = fmt::format("RTP {} seconds after the call was over", silent);
    } else {
        hit.offset = s.message.start_offset();
        hit.reason = media.one_way ? fmt::format("one side sent no RTP for {} seconds of the call", silent)
                                   : fmt::format("no RTP in the last {} seconds of the call", silent);
    }
    return {hit};
}

Hits media_in_clear(const Subject& s) {
    return {{.offset = payload_at, .reason = fmt::format("RTP where both ends described SRTP: {}", s.memory->media().plain)}};
}

Hits media_rate(const Subject& s) {
    const MediaPresent& media = s.memory->media();
    if (media.nominal != 0)
        return {{.reason = fmt::format("{} bytes a second, where the codec makes {}", media.rate, media.nominal)}};
    return {{.offset = payload_at,
             .reason = fmt::format("{} ms a packet, where {} ms were asked for", media.packet_ms, media.described_ms)}};
}

Hits rtcp_forged(const Subject& s) {
    const MediaPresent& media = s.memory->media();
    if (media.bye)
        return {{.offset = ssrc_at, .reason = fmt::format("SSRC {:08x} goes on after an RTCP BYE of it", media.ssrc)}};
    return {{.reason = fmt::format("RTCP to {} from {}, where its sender's media are not", s.packet.to.text(),
                                   s.packet.from.text())}};
}

Hits digits_odd(const Subject& s) { return {{.offset = payload_at, .reason = std::string(s.memory->media().event_fault)}}; }

}  // namespace trunkbox::sbc

// Session descriptions in bodies (RFC 8866, RFC 3264). Where the fault is in a response, its call hangs if that is
// dropped: there the rules only note.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "media/sdp.h"
#include "sbc/reading.h"
#include "sbc/rules.h"

namespace trunkbox::sbc {
namespace {

Hit hit(const Subject& s, std::string reason, std::optional<Defaults> instead = {}) {
    if (s.message.is_response()) instead = both(note);
    return {.offset = s.message.body_offset(), .reason = std::move(reason), .instead = instead};
}

bool is_rtp(std::string_view protocol) { return protocol.find("RTP/") != std::string_view::npos; }
bool is_secure(std::string_view protocol) { return protocol.find("RTP/SAVP") != std::string_view::npos; }

// The encoding name of a payload type: of its a=rtpmap, else what RFC 3551 assigns; "" when there is none.
std::string encoding(const SdpReading::Media& media, std::string_view payload_type) {
    std::string map = fmt::format("a=rtpmap:{} ", payload_type);
    std::size_t at = media.section.find(map);
    if (at != std::string_view::npos) {
        std::string_view name = media.section.substr(at + map.size());
        return std::string(name.substr(0, name.find_first_of("/ \r\n")));
    }
    auto number = parse_integer<std::uint8_t>(payload_type);
    auto codec = number ? media::static_codec(*number) : std::nullopt;
    return codec ? codec->name : std::string();
}

bool offers_any(const SdpReading::Media& media, const std::vector<std::string>& codecs) {
    for (std::string_view payload_type : split(media.formats, ' ')) {
        std::string name = encoding(media, payload_type);
        if (iequals(name, "telephone-event") || iequals(name, "CN")) continue;  // beside a codec, never alone
        if (std::ranges::any_of(codecs, [&](const std::string& codec) { return iequals(codec, name); })) return true;
    }
    return false;
}

}  // namespace

Hits sdp_form(const Subject& s) {
    if (!s.reading.has_sdp || s.reading.sdp.breach.empty()) return {};
    return {hit(s, fmt::format("an SDP with {}", s.reading.sdp.breach))};
}

Hits sdp_address(const Subject& s) {
    if (!s.reading.has_sdp) return {};
    Hits hits;
    std::string_view before;
    for (const SdpReading::Media& media : s.reading.sdp.media) {
        if (media.address == before || media.port == std::uint16_t{0}) continue;
        before = media.address;
        auto ip = host_ip(media.address);
        // 0.0.0.0 is hold as RFC 2543 has it, and a name under .invalid its form of IPv6.
        if (!ip || ip->is_any() || *ip == s.packet.from.ip) continue;
        if (ip->is_loopback() || contains(s.policy.own, *ip))
            hits.push_back(hit(s, fmt::format("media would go to ourselves: {}", shown(media.address)),
                               both(reject(488))));
        else if (ip->is_multicast())
            hits.push_back(hit(s, fmt::format("media would go to a group: {}", shown(media.address))));
        else if (s.peer == nullptr || !contains(s.peer->media, *ip))
            hits.push_back(hit(s, fmt::format("media at {}, signalling from {}", shown(media.address),
                                              s.packet.from.ip.text())));
        if (hits.size() >= most_hits) break;
    }
    return hits;
}

Hits sdp_port(const Subject& s) {
    if (!s.reading.has_sdp) return {};
    constexpr std::array<std::uint16_t, 2> lawful{0, 9};           // refused; where ICE or the source will tell
    constexpr std::array<std::uint16_t, 2> signalling{5060, 5061};
    auto [least] = s.values<1>();
    for (const SdpReading::Media& media : s.reading.sdp.media) {
        auto port = media.port;
        if (!port || std::ranges::find(lawful, *port) != lawful.end()) continue;
        if (*port < least || std::ranges::find(signalling, *port) != signalling.end())
            return {hit(s, fmt::format("media at port {}, which is a service's", *port))};
    }
    return {};
}

Hits sdp_codec(const Subject& s) {
    if (!s.reading.has_sdp) return {};
    auto [srtp] = s.values<1>();
    const auto& codecs = s.policy.lists.codecs;
    if (srtp == 0 && codecs.empty()) return {};
    for (const SdpReading::Media& media : s.reading.sdp.media) {
        if (!is_rtp(media.protocol) || media.port == std::uint16_t{0}) continue;
        if (srtp != 0 && !is_secure(media.protocol))
            return {hit(s, fmt::format("{} where SRTP is asked for", shown(media.protocol)))};
        if (!codecs.empty() && !offers_any(media, codecs))
            return {hit(s, fmt::format("no codec of {} is allowed: {}", shown(media.type), shown(media.formats)))};
    }
    return {};
}

}  // namespace trunkbox::sbc

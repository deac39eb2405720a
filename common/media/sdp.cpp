#include "media/sdp.h"

#include "base/text.h"

#include <fmt/format.h>

namespace trunkbox::media {

std::string_view name(Direction direction) {
    switch (direction) {
        case Direction::sendrecv: return "sendrecv";
        case Direction::sendonly: return "sendonly";
        case Direction::recvonly: return "recvonly";
        case Direction::inactive: return "inactive";
    }
    return "";
}

Address Address::of(const net::Ip& ip) {
    return {.text = ip.text(), .ip6 = ip.is_v6()};
}

std::optional<net::Ip> Address::ip() const {
    auto parsed = net::Ip::parse(text);
    if (!parsed) return std::nullopt;
    return *parsed;
}

bool Codec::matches(const Codec& other) const {
    return iequals(name, other.name) && clock_rate == other.clock_rate && channels == other.channels;
}

bool Stream::is_rtp() const {
    return istarts_with(protocol, "RTP/") || istarts_with(protocol, "UDP/TLS/RTP/");
}
bool Stream::is_audio() const {
    return iequals(type, "audio") && is_rtp();
}

std::optional<Codec> static_codec(std::uint8_t payload_type) {
    // RFC 3551 tables 4 and 5; G722's clock is 8000 by an old mistake that section 4.5.2 keeps.
    switch (payload_type) {
        case 0: return Codec{.name = "PCMU"};
        case 3: return Codec{.name = "GSM"};
        case 4: return Codec{.name = "G723"};
        case 5: return Codec{.name = "DVI4"};
        case 6: return Codec{.name = "DVI4", .clock_rate = 16000};
        case 7: return Codec{.name = "LPC"};
        case 8: return Codec{.name = "PCMA"};
        case 9: return Codec{.name = "G722"};
        case 10: return Codec{.name = "L16", .clock_rate = 44100, .channels = 2};
        case 11: return Codec{.name = "L16", .clock_rate = 44100};
        case 12: return Codec{.name = "QCELP"};
        case 13: return Codec{.name = "CN"};
        case 14: return Codec{.name = "MPA", .clock_rate = 90000};
        case 15: return Codec{.name = "G728"};
        case 16: return Codec{.name = "DVI4", .clock_rate = 11025};
        case 17: return Codec{.name = "DVI4", .clock_rate = 22050};
        case 18: return Codec{.name = "G729"};
        case 25: return Codec{.name = "CelB", .clock_rate = 90000};
        case 26: return Codec{.name = "JPEG", .clock_rate = 90000};
        case 28: return Codec{.name = "nv", .clock_rate = 90000};
        case 31: return Codec{.name = "H261", .clock_rate = 90000};
        case 32: return Codec{.name = "MPV", .clock_rate = 90000};
        case 33: return Codec{.name = "MP2T", .clock_rate = 90000};
        case 34: return Codec{.name = "H263", .clock_rate = 90000};
        default: return std::nullopt;
    }
}

Result<net::Endpoint> rtp_endpoint(const Session& session, const Stream& stream) {
    const auto& connection = stream.connection ? stream.connection : session.connection;
    if (!connection) {
        return failure(Fault::input, "",
                       fmt::format("the '{}' stream has no c= line", printable(stream.type)),
                       "every stream needs one, its own or the session's");
    }
    auto ip = connection->ip();
    if (!ip) {
        return failure(Fault::input, "", fmt::format("c= names '{}'", printable(connection->text)),
                       "write a literal address");
    }
    return net::Endpoint{.ip = *ip, .port = stream.port};
}

const Stream* first_audio(const Session& session) {
    for (const auto& stream : session.streams) {
        if (stream.is_audio() && stream.port != 0) return &stream;
    }
    return nullptr;
}

}  // namespace trunkbox::media

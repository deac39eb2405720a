#include "media/sdp_reader.h"

#include "base/text.h"

namespace trunkbox::media {
namespace {

constexpr std::size_t most_streams = 32;
constexpr std::size_t most_formats = 128;
constexpr std::size_t most_attributes = 64;

// "IN IP4 192.0.2.1/127"
std::optional<Address> read_connection(std::string_view value) {
    auto fields = split(value, ' ');
    if (fields.size() != 3) return std::nullopt;
    auto text = split_once(fields[2], '/').first;
    if (text.empty()) return std::nullopt;
    return Address{.text = std::string(text), .ip6 = iequals(fields[1], "IP6")};
}

// "audio 40000/2 RTP/AVP 8 0 101"
std::optional<Stream> read_media(std::string_view value) {
    auto fields = split(value, ' ');
    std::erase(fields, std::string_view());
    if (fields.size() < 3) return std::nullopt;
    auto port = parse_integer<std::uint16_t>(split_once(fields[1], '/').first);
    if (!port) return std::nullopt;
    Stream stream{.type = std::string(fields[0]), .port = *port, .protocol = std::string(fields[2])};
    for (std::size_t i = 3; i < fields.size() && stream.formats.size() < most_formats; ++i) {
        auto number = parse_integer<std::uint8_t>(fields[i]);
        if (!stream.is_rtp() || !number || *number > 127) continue;
        stream.formats.push_back({.payload_type = *number, .codec = static_codec(*number).value_or(Codec{})});
    }
    return stream;
}

// The format that "8 PCMA/8000" or "101 0-15" is about, and what it says of it.
std::pair<Format*, std::string_view> about(Stream& stream, std::string_view value) {
    auto [number, rest] = split_once(value, ' ');
    auto payload_type = parse_integer<std::uint8_t>(number);
    for (Format& format : stream.formats)
        if (payload_type && rest && format.payload_type == *payload_type) return {&format, trim(*rest)};
    return {nullptr, {}};
}

void read_rtpmap(Stream& stream, std::string_view value) {
    auto [format, says] = about(stream, value);
    if (format == nullptr) return;
    auto parts = split(says, '/');
    if (parts.empty() || parts[0].empty()) return;
    Codec codec{.name = std::string(parts[0]), .fmtp = format->codec.fmtp};
    if (parts.size() > 1) codec.clock_rate = parse_integer<std::uint32_t>(parts[1]).value_or(0);
    // One of 1 GHz and more is a lie, and 0 none at all.
    if (codec.clock_rate == 0 || codec.clock_rate > 1'000'000'000) return;
    if (parts.size() > 2) codec.channels = parse_integer<std::uint8_t>(parts[2]).value_or(1);
    format->codec = std::move(codec);
}

std::optional<Direction> read_direction(std::string_view name) {
    for (Direction each : {Direction::sendrecv, Direction::sendonly, Direction::recvonly, Direction::inactive})
        if (name == media::name(each)) return each;
    return std::nullopt;
}

// One a= line of a stream, or of the session, whose direction its streams begin with.
void read_attribute(Session& session, Direction& session_direction, std::string_view line) {
    auto [name, value] = split_once(line, ':');
    Stream* stream = session.streams.empty() ? nullptr : &session.streams.back();
    if (auto direction = read_direction(name)) {
        (stream ? stream->direction : session_direction) = *direction;
    } else if (stream && name == "rtpmap" && value) {
        read_rtpmap(*stream, *value);
    } else if (stream && name == "fmtp" && value) {
        auto [format, says] = about(*stream, *value);
        if (format) format->codec.fmtp = says;
    } else if (stream && name == "ptime" && value) {
        auto milliseconds = parse_integer<std::uint16_t>(trim(*value));
        if (milliseconds && *milliseconds > 0) stream->ptime = std::chrono::milliseconds(*milliseconds);
    } else {
        auto& attributes = stream ? stream->attributes : session.attributes;
        if (attributes.size() < most_attributes)
            attributes.push_back({.name = std::string(name), .value = std::string(value.value_or(""))});
    }
}

const Attribute* find(const Stream& stream, std::string_view name) {
    for (const Attribute& each : stream.attributes)
        if (each.name == name) return &each;
    return nullptr;
}

}  // namespace

Session read_sdp(std::string_view body) {
    Session session;
    Direction session_direction = Direction::sendrecv;
    bool skipping = false;  // the section of an m= line that cannot be read
    while (!body.empty()) {
        auto [line, rest] = split_once(body, '\n');
        body = rest.value_or("");
        line = trim(line);
        if (line.size() < 2 || line[1] != '=') continue;
        auto value = line.substr(2);
        if (line[0] == 'm') {
            auto stream = session.streams.size() < most_streams ? read_media(value) : std::nullopt;
            skipping = !stream;
            if (!stream) continue;
            stream->direction = session_direction;
            session.streams.push_back(std::move(*stream));
        } else if (line[0] == 'c' && !skipping) {
            auto& where = session.streams.empty() ? session.connection : session.streams.back().connection;
            if (auto connection = read_connection(value)) where = std::move(connection);
        } else if (line[0] == 'a' && !skipping) {
            read_attribute(session, session_direction, value);
        }
    }
    return session;
}

net::Endpoint rtcp_endpoint(const Stream& stream, const net::Endpoint& rtp) {
    if (find(stream, "rtcp-mux")) return rtp;
    net::Endpoint made{.ip = rtp.ip, .port = static_cast<std::uint16_t>(rtp.port + 1)};
    const Attribute* rtcp = find(stream, "rtcp");
    if (rtcp == nullptr) return made;
    // "53020" or "53020 IN IP4 192.0.2.1"
    auto [port, address] = split_once(trim(rtcp->value), ' ');
    auto number = parse_integer<std::uint16_t>(port);
    if (!number || *number == 0) return made;
    made.port = *number;
    if (!address) return made;
    if (auto connection = read_connection(*address))
        if (auto ip = connection->ip()) made.ip = *ip;
    return made;
}

}  // namespace trunkbox::media

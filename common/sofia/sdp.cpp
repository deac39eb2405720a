#include "sofia/sdp.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "base/text.h"
#include "sofia/sofia_headers.h"

namespace trunkbox::sofia {

namespace {

// The largest body that a UDP datagram could have brought.
constexpr std::size_t most_text = 65535;

struct Home {
    su_home_t home[1] = {};
    Home() { su_home_init(home); }
    ~Home() { su_home_deinit(home); }
    Home(const Home&) = delete;
    Home& operator=(const Home&) = delete;
};

struct ParserCloser {
    void operator()(sdp_parser_t* parser) const { sdp_parser_free(parser); }
};

std::string text_of(const char* text) { return text ? text : ""; }

media::Address address_of(const sdp_connection_t& connection) {
    return {.text = text_of(connection.c_address), .ip6 = connection.c_addrtype == sdp_addr_ip6};
}

std::vector<media::Attribute> attributes_of(const sdp_attribute_t* list) {
    std::vector<media::Attribute> found;
    for (; list; list = list->a_next) found.push_back({text_of(list->a_name), text_of(list->a_value)});
    return found;
}

// Takes the direction out of the attributes; the last one counts.
std::optional<media::Direction> take_direction(std::vector<media::Attribute>& attributes) {
    std::optional<media::Direction> found;
    std::erase_if(attributes, [&](const media::Attribute& attribute) {
        using enum media::Direction;
        for (auto direction : {sendrecv, sendonly, recvonly, inactive})
            if (attribute.value.empty() && iequals(attribute.name, name(direction))) {
                found = direction;
                return true;
            }
        return false;
    });
    return found;
}

std::optional<Duration> take_ptime(std::vector<media::Attribute>& attributes) {
    std::optional<Duration> found;
    std::erase_if(attributes, [&](const media::Attribute& attribute) {
        if (found || attribute.name != "ptime") return false;
        auto milliseconds = parse_number(trim(attribute.value));
        if (!milliseconds || !(*milliseconds > 0 && *milliseconds <= 1000)) return false;
        found = from_seconds(*milliseconds / 1000);
        return true;
    });
    return found;
}

// "101 telephone-event/8000": the rest after the payload type, when it is this one.
std::optional<std::string_view> of_payload_type(std::string_view value, std::uint8_t payload_type) {
    auto [number, rest] = split_once(trim(value), ' ');
    if (!rest || parse_integer<std::uint8_t>(number) != payload_type) return std::nullopt;
    return trim(*rest);
}

std::optional<media::Codec> parse_codec(std::string_view text) {
    auto parts = split(text, '/');
    if (parts.size() < 2 || parts.size() > 3 || parts[0].empty()) return std::nullopt;
    auto rate = parse_integer<std::uint32_t>(parts[1]);
    auto channels = parts.size() == 3 ? parse_integer<std::uint8_t>(parts[2]).value_or(1) : std::uint8_t{1};
    if (!rate) return std::nullopt;
    return media::Codec{.name = std::string(parts[0]), .clock_rate = *rate, .channels = channels, .fmtp = {}};
}

media::Format format_of(const sdp_rtpmap_t& map) {
    media::Format format{.payload_type = static_cast<std::uint8_t>(map.rm_pt), .codec = {}};
    if (map.rm_predef) {
        // Our own table: sofia-sip's has names that RFC 3551 does not.
        format.codec = media::static_codec(format.payload_type).value_or(media::Codec{});
    } else {
        format.codec.name = text_of(map.rm_encoding);
        format.codec.clock_rate =
            static_cast<std::uint32_t>(std::min<unsigned long>(map.rm_rate, std::numeric_limits<std::uint32_t>::max()));
        format.codec.channels = parse_integer<std::uint8_t>(text_of(map.rm_params)).value_or(1);
    }
    format.codec.fmtp = text_of(map.rm_fmtp);
    return format;
}

// sofia-sip knows RTP/AVP and RTP/SAVP; the formats of the other profiles of RTP are still plain tokens, and their
// a=rtpmap and a=fmtp plain attributes.
Result<void> read_other_profile(media::Stream& stream) {
    for (const auto& token : stream.raw_formats) {
        auto payload_type = parse_integer<std::uint8_t>(token);
        if (!payload_type || *payload_type > 127)
            return failure(Fault::input, "sdp", fmt::format("'{}' is not an RTP payload type", printable(token)));
        media::Format format{.payload_type = *payload_type,
                             .codec = media::static_codec(*payload_type).value_or(media::Codec{})};
        for (const auto& attribute : stream.attributes)
            if (auto rest = of_payload_type(attribute.value, *payload_type); rest && attribute.name == "rtpmap")
                format.codec = parse_codec(*rest).value_or(format.codec);
        for (const auto& attribute : stream.attributes)
            if (auto rest = of_payload_type(attribute.value, *payload_type); rest && attribute.name == "fmtp")
                format.codec.fmtp = std::string(*rest);
        stream.formats.push_back(std::move(format));
    }
    stream.raw_formats.clear();
    std::erase_if(stream.attributes, [](const auto& a) { return a.name == "rtpmap" || a.name == "fmtp"; });
    return {};
}

Result<media::Stream> stream_of(const sdp_media_t& section, media::Direction session_direction) {
    media::Stream stream;
    stream.type = text_of(section.m_type_name);
    stream.protocol = text_of(section.m_proto_name);
    if (section.m_port > 65535)
        return failure(Fault::input, "sdp", fmt::format("port '{}' of m={} is over 65535", section.m_port, stream.type));
    stream.port = static_cast<std::uint16_t>(section.m_port);
    if (section.m_connections) stream.connection = address_of(*section.m_connections);
    stream.attributes = attributes_of(section.m_attributes);
    stream.direction = take_direction(stream.attributes).value_or(session_direction);
    stream.ptime = take_ptime(stream.attributes);
    for (const auto* map = section.m_rtpmaps; map; map = map->rm_next) stream.formats.push_back(format_of(*map));
    for (const auto* token = section.m_format; token; token = token->l_next)
        stream.raw_formats.push_back(text_of(token->l_text));
    if (stream.is_rtp() && stream.formats.empty())
        if (auto read = read_other_profile(stream); !read) return tl::unexpected(read.error());
    return stream;
}

Result<media::Session> session_of(const sdp_session_t& parsed) {
    media::Session session;
    if (const auto* origin = parsed.sdp_origin) {
        session.origin = {.user = text_of(origin->o_username),
                          .session_id = origin->o_id,
                          .version = origin->o_version,
                          .address = origin->o_address ? address_of(*origin->o_address) : media::Address{}};
    }
    session.name = text_of(parsed.sdp_subject);
    if (parsed.sdp_connection) session.connection = address_of(*parsed.sdp_connection);
    session.attributes = attributes_of(parsed.sdp_attributes);
    auto direction = take_direction(session.attributes).value_or(media::Direction::sendrecv);
    for (const auto* section = parsed.sdp_media; section; section = section->m_next) {
        auto stream = stream_of(*section, direction);
        if (!stream) return tl::unexpected(stream.error());
        session.streams.push_back(std::move(*stream));
    }
    return session;
}

}  // namespace

namespace {

// sofia-sip never comes back from an m= line with another character where it looks for a format
// ("m=audio 9 X /"): it reads no token there and tries again.
bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return is_alpha(c) || is_digit(c) || std::string_view("-.!%*_+`'~").find(c) != std::string_view::npos;
    });
}

bool are_tokens(std::string_view text) {
    auto parts = split(text, '/');
    return std::all_of(parts.begin(), parts.end(), is_token);
}

Result<void> check_media_lines(std::string_view text) {
    while (!text.empty()) {
        auto line = text.substr(0, text.find_first_of("\r\n"));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        // It overlooks blanks before a line's letter, but not a tab at its end.
        line.remove_prefix(std::min(line.size(), line.find_first_not_of(" \t")));
        if (!istarts_with(line, "m=")) continue;
        std::size_t number = 0;
        for (auto part : split(line.substr(2), ' ')) {
            if (part.empty()) continue;  // more than one blank is forgiven
            bool port_or_protocol = number == 1 || number == 2;
            ++number;
            if (port_or_protocol ? are_tokens(part) : is_token(part)) continue;
            return failure(Fault::input, "sdp", fmt::format("'{}' does not belong in m=", printable(part)));
        }
    }
    return {};
}

}  // namespace

Result<media::Session> parse_sdp(std::string_view text) {
    if (text.empty()) return failure(Fault::input, "sdp", "the description is empty");
    if (text.size() > most_text)
        return failure(Fault::input, "sdp", fmt::format("{} bytes are more than the {} we read", text.size(), most_text));
    if (auto place = text.find('\0'); place != std::string_view::npos)
        return failure(Fault::input, "sdp", fmt::format("a NUL stands at byte {}", place));
    if (auto sound = check_media_lines(text); !sound) return tl::unexpected(sound.error());
    // Directions are left as attributes: sofia-sip's own reading forgets that of a refused stream.
    constexpr int flags = sdp_f_c_missing | sdp_f_mode_manual;
    Home home;
    std::unique_ptr<sdp_parser_t, ParserCloser> parser(
        sdp_parse(home.home, text.data(), static_cast<issize_t>(text.size()), flags));
    const auto* parsed = parser ? sdp_session(parser.get()) : nullptr;
    if (!parsed) {
        const auto* reason = parser ? sdp_parsing_error(parser.get()) : nullptr;
        return failure(Fault::input, "sdp", printable(reason ? reason : "not a session description", 120));
    }
    return session_of(*parsed);
}

namespace {

// No text of ours may begin another line.
std::string one_line(std::string_view text) {
    std::string line(text);
    for (char& c : line)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    return line;
}

std::string print_address(const media::Address& address) {
    return fmt::format("IN {} {}", address.ip6 ? "IP6" : "IP4", one_line(address.text));
}

void print_attributes(std::string& out, const std::vector<media::Attribute>& attributes) {
    for (const auto& attribute : attributes)
        out += fmt::format("a={}{}{}\r\n", one_line(attribute.name), attribute.value.empty() ? "" : ":",
                           one_line(attribute.value));
}

void print_stream(std::string& out, const media::Stream& stream) {
    out += fmt::format("m={} {} {}", one_line(stream.type), stream.port, one_line(stream.protocol));
    for (const auto& format : stream.formats) out += fmt::format(" {}", format.payload_type);
    for (const auto& token : stream.raw_formats) out += " " + one_line(token);
    out += "\r\n";
    if (stream.connection) out += fmt::format("c={}\r\n", print_address(*stream.connection));
    for (const auto& [payload_type, codec] : stream.formats) {
        if (!codec.name.empty())
            out += fmt::format("a=rtpmap:{} {}/{}{}\r\n", payload_type, one_line(codec.name), codec.clock_rate,
                               codec.channels > 1 ? fmt::format("/{}", codec.channels) : "");
        if (!codec.fmtp.empty()) out += fmt::format("a=fmtp:{} {}\r\n", payload_type, one_line(codec.fmtp));
    }
    if (stream.ptime) out += fmt::format("a=ptime:{:g}\r\n", seconds(*stream.ptime) * 1000);
    out += fmt::format("a={}\r\n", name(stream.direction));
    print_attributes(out, stream.attributes);
}

}  // namespace

std::string print_sdp(const media::Session& session) {
    const auto& origin = session.origin;
    std::string out = fmt::format("v=0\r\no={} {} {} {}\r\ns={}\r\n", one_line(origin.user.empty() ? "-" : origin.user),
                                  origin.session_id, origin.version, print_address(origin.address),
                                  one_line(session.name.empty() ? "-" : session.name));
    if (session.connection) out += fmt::format("c={}\r\n", print_address(*session.connection));
    out += "t=0 0\r\n";
    print_attributes(out, session.attributes);
    for (const auto& stream : session.streams) print_stream(out, stream);
    return out;
}

}  // namespace trunkbox::sofia

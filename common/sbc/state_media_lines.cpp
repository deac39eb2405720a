// Where session descriptions say that media go, and when that is over.
#include <algorithm>

#include "base/text.h"
#include "sbc/catalogue.h"
#include "sbc/state.h"

namespace trunkbox::sbc {
namespace {

constexpr std::size_t at_the_end = row_of("R-906");

std::uint8_t small_number(std::string_view text) { return parse_integer<std::uint8_t>(text).value_or(0); }

// "101 telephone-event/8000"
void read_mapping(std::string_view value, MediaLine& into) {
    auto [type, codec] = split_once(value, ' ');
    auto [name, clock] = split_once(trim(codec.value_or("")), '/');
    if (!iequals(name, "telephone-event")) return;
    into.events = small_number(type);
    auto hertz = parse_integer<std::uint32_t>(split_once(clock.value_or(""), '/').first).value_or(8000);
    into.event_clock = static_cast<std::uint8_t>(std::clamp<std::uint32_t>(hertz / 1000, 1, 90));
}

void read_attribute(std::string_view line, MediaLine& into) {
    if (line.size() < 8 || !line.starts_with("a=")) return;
    // Most attributes are none of these, which their first letter tells.
    switch (line[2]) {
        case 'i': if (line == "a=inactive") into.both_ways = false; break;
        case 's': if (line == "a=sendonly") into.both_ways = false; break;
        case 'c': if (line.starts_with("a=candidate:")) into.anywhere = true; break;
        case 'p': if (line.starts_with("a=ptime:")) into.ptime = small_number(trim(line.substr(8))); break;
        case 'r':
            if (line.starts_with("a=rtpmap:")) read_mapping(line.substr(9), into);
            else if (line == "a=recvonly") into.both_ways = false;
            break;
        default: break;
    }
}

MediaLine read_line(const Moment& m, const SdpReading::Media& media) {
    MediaLine line;
    auto ip = literal_address(media.address);
    std::uint16_t port = media.port.value_or(0);
    if (!ip || ip->is_any() || ip->is_multicast() || port == 0) return line;
    line.address = m.state.hash(*ip);
    line.place = combine(line.address, port);
    line.both_ways = !ip->is_private() || m.s.packet.from.ip.is_private();
    line.secure = media.protocol.find("SAVP") != std::string_view::npos;
    line.anywhere = !media.protocol.starts_with("RTP/") && media.protocol.find("/RTP/") == std::string_view::npos;
    for (std::string_view rest = media.formats; !rest.empty();) {
        auto [word, others] = split_once(rest, ' ');
        if (auto type = parse_integer<std::uint8_t>(word); type && *type < 128) line.types.add(*type);
        rest = trim(others.value_or(""));
    }
    for (std::string_view rest = media.section; !rest.empty();) {
        std::size_t end = rest.find('\n');
        read_attribute(trim(rest.substr(0, end)), line);
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    return line;
}

std::uint64_t session_key(const Present& p, std::uint64_t dialog) {
    auto [low, high] = std::minmax(p.source, p.destination);
    return combine(dialog, combine(low, high));
}
std::uint64_t session_key(const Moment& m) { return session_key(m.present, m.present.dialog->key); }

void open_pinhole(Moment& m, std::uint64_t place, Pinhole::Use use) {
    Pinhole& pinhole = m.state.pinholes.at(place, m.now());
    auto& [latest, before] = pinhole.uses;
    if (latest.session != use.session) before = latest;
    latest = use;
    // What was described anew may come from elsewhere.
    pinhole.latched = pinhole.candidate = 0;
    pinhole.expected = pinhole.relied = Time::min();
}

void learn_lines(Moment& m) {
    const Present& p = m.present;
    std::uint64_t key = session_key(m);
    MediaSession& session = m.state.media_sessions.at(key, m.now());
    session.dialog = p.dialog->key;
    session.described = m.now();
    session.ended = Time::max();
    Party party = p.request ? p.party : other(p.party);
    auto& lines = session.lines[static_cast<std::size_t>(party)];
    lines = {};
    std::uint8_t number = 0;
    for (const SdpReading::Media& media : m.s.reading.sdp.media) {
        MediaLine line = read_line(m, media);
        if (line.place != 0) {
            open_pinhole(m, line.place, {.session = key, .line = number, .party = party});
            m.state.pinholes.at(line.address, m.now());
        }
        if (number < lines.size()) lines[number] = line;
        else session.many = true;
        ++number;
    }
}

}  // namespace

void expect_media(Moment& m, const net::Ip& ip, std::uint16_t port) {
    const Present& p = m.present;
    std::uint64_t address = m.state.hash(ip);
    m.state.pinholes.expect(address);
    m.state.pinholes.expect(combine(address, port));
    m.state.media_sessions.expect(session_key(p, p.dialog == nullptr ? p.dialog_key : p.dialog->key));
}

void learn_media(Moment& m) {
    const Present& p = m.present;
    if (p.dialog == nullptr || p.again) return;
    if (p.sdp.there) learn_lines(m);
    bool over = p.dialog->state == DialogState::over || p.dialog->state == DialogState::failed;
    if (!over || m.state.media_sessions.size() == 0) return;
    MediaSession* session = m.state.media_sessions.find(session_key(m));
    if (session != nullptr) session->ended = std::min(session->ended, m.now());
}

// A call in which one side was not heard, or nobody any more, is known by its end.
void see_end_of_media(Moment& m) {
    const Present& p = m.present;
    if (p.dialog == nullptr || p.again || p.dialog->answered == Time{} || m.state.media_sessions.size() == 0) return;
    MediaSession* session = m.state.media_sessions.find(session_key(m));
    if (session == nullptr || session->many || session->ended != Time::max()) return;
    Duration silence = m.seconds(at_the_end, 1);
    Time since = std::max(p.dialog->answered, session->described);
    if (m.now() - since < silence) return;
    const MediaLine &caller = session->lines[0][0], &callee = session->lines[1][0];
    if (!caller.both_ways || !callee.both_ways || caller.anywhere || callee.anywhere) return;
    const Pinhole* ends[] = {m.state.pinholes.find(caller.place), m.state.pinholes.find(callee.place)};
    if (ends[0] == nullptr || ends[1] == nullptr) return;
    Time last = std::max(ends[0]->last, ends[1]->last);
    if (last == Time::min()) return;  // of no media of this call anything was captured
    MediaPresent& media = m.state.media;
    media.one_way = std::min(ends[0]->last, ends[1]->last) < since;
    media.silent = media.one_way ? Duration(m.now() - since) : Duration(m.now() - last);
    if (media.one_way || media.silent >= silence) m.wake(at_the_end);
}

}  // namespace trunkbox::sbc

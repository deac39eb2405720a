// One packet of RTP or RTCP against the stream that it is of, and the session description that stream follows.
#include <algorithm>
#include <cstdlib>

#include "sbc/catalogue.h"
#include "sbc/state.h"

namespace trunkbox::sbc {
namespace {

constexpr std::size_t orphan = row_of("R-901"), stranger = row_of("R-902"), another_ssrc = row_of("R-903"),
                      jump = row_of("R-904"), type = row_of("R-905"), zombie = row_of("R-906"), plain = row_of("R-907"),
                      rate = row_of("R-908"), spoofed = row_of("R-909"), typed = row_of("R-910");

// What is said once of a stream.
enum Said : std::uint8_t { said_orphan = 1, said_interleaved = 2, said_zombie = 4, said_plain = 8, said_rate = 16, said_ptime = 32 };

constexpr Duration next_look = 1s;
constexpr std::uint8_t comfort_noise = 13;

std::uint16_t two_bytes(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint16_t>(static_cast<unsigned char>(bytes[at]) << 8U | static_cast<unsigned char>(bytes[at + 1]));
}
std::uint32_t four_bytes(std::string_view bytes, std::size_t at) {
    return std::uint32_t{two_bytes(bytes, at)} << 16U | two_bytes(bytes, at + 2);
}

// The fixed header (RFC 3550 section 5.1).
struct Rtp {
    // `whole`: nothing was cut off its end.
    Rtp(std::string_view bytes, bool whole)
        : payload_type(static_cast<unsigned char>(bytes[1]) & 0x7fU), marker((static_cast<unsigned char>(bytes[1]) & 0x80U) != 0),
          plain(whole && (static_cast<unsigned char>(bytes[0]) & 0x3fU) == 0), sequence(two_bytes(bytes, 2)),
          timestamp(four_bytes(bytes, 4)), ssrc(four_bytes(bytes, 8)) {
        if (plain) payload = bytes.substr(12);
    }
    std::uint8_t payload_type;
    bool marker;
    bool plain;  // neither padding, extension nor sources that contribute
    std::uint16_t sequence;
    std::uint32_t timestamp, ssrc;
    std::string_view payload{};  // where it is plain
};

// RFC 5761 section 4.
bool is_rtcp(std::string_view bytes) {
    auto second = static_cast<unsigned char>(bytes[1]);
    return second >= 192 && second <= 223;
}

std::uint64_t place_of(const Moment& m, const net::Endpoint& endpoint, std::uint16_t lower = 0) {
    return combine(m.state.hash(endpoint.ip), endpoint.port - lower);
}

// A pinhole with the session that it lives by now.
struct Standing {
    Pinhole* pinhole = nullptr;
    const MediaSession* session = nullptr;  // nullptr: none lives
    const MediaLine* own = nullptr;         // of who receives; nullptr: not kept
    const MediaLine* far = nullptr;         // of who sends
    Time ended = Time::min();               // where none lives
    Time moved = Time::min();               // … because it was described elsewhere
};

// When the call that it is of was over; max() while it lasts.
Time end_of(Moment& m, MediaSession& session) {
    const Dialog* dialog = m.state.dialogs.find(session.dialog);
    if (dialog != nullptr && dialog->state == DialogState::over) session.ended = std::min(session.ended, dialog->ended);
    return session.ended;
}

Standing standing_of(Moment& m, std::uint64_t place) {
    Standing standing{.pinhole = m.state.pinholes.find(place)};
    if (standing.pinhole == nullptr) return standing;
    for (const Pinhole::Use& use : standing.pinhole->uses) {
        MediaSession* session = use.session == 0 ? nullptr : m.state.media_sessions.find(use.session);
        if (session == nullptr) continue;
        if (Time ended = end_of(m, *session); ended != Time::max()) {
            standing.ended = std::max(standing.ended, ended);
            continue;
        }
        auto party = static_cast<std::size_t>(use.party);
        if (use.line < MediaSession::most_lines) {
            const MediaLine& own = session->lines[party][use.line];
            if (own.place != place) {
                standing.moved = std::max(standing.moved, session->described);
                continue;
            }
            standing.own = &own;
            standing.far = &session->lines[1 - party][use.line];
        }
        standing.session = session;
        return standing;
    }
    return standing;
}

bool is_peers_media(const Moment& m) {
    auto sends = [&](const Peer& peer) { return contains(peer.media, m.s.packet.from); };
    return std::ranges::any_of(m.s.policy.peers, sends);
}

// The four packets that make an unexpected source the right one, because nothing comes from the described one.
bool latches(Moment& m, Pinhole& pinhole, std::uint64_t source, std::uint16_t sequence) {
    bool next = pinhole.candidate == source && static_cast<std::uint16_t>(pinhole.candidate_sequence + 1) == sequence;
    pinhole.candidate_count = next ? static_cast<std::uint8_t>(std::min(pinhole.candidate_count + 1, 255)) : std::uint8_t{1};
    pinhole.candidate = source;
    pinhole.candidate_sequence = sequence;
    if (pinhole.candidate_count < m.value(stranger, 0)) return false;
    pinhole.latched = source;
    pinhole.relied = m.now();
    return true;
}

// True when the packet may go on. `usual`: it came from where it should, and every later one of its stream will.
bool source_is_right(Moment& m, const Standing& standing, std::uint16_t sequence, bool& usual) {
    Pinhole& pinhole = *standing.pinhole;
    usual = standing.own == nullptr || standing.far == nullptr || standing.own->anywhere || standing.far->anywhere;
    if (usual || standing.far->address == 0) return true;
    std::uint64_t source = m.state.hash(m.s.packet.from.ip);
    if (source == standing.far->address) {
        pinhole.expected = m.now();
        usual = true;
        return true;
    }
    if (is_peers_media(m)) return usual = true;
    Duration grace = m.seconds(orphan, 0);
    if (m.now() - standing.session->described < grace) return true;
    if (source == pinhole.latched) {
        pinhole.relied = m.now();
        return true;
    }
    bool heard = pinhole.expected != Time::min() && m.now() - pinhole.expected < grace;
    bool relied = pinhole.relied != Time::min() && m.now() - pinhole.relied < grace;
    if (heard || relied) return false;
    latches(m, pinhole, source, sequence);
    return true;
}

void say_once(Moment& m, MediaStream& stream, Said what, std::size_t row) {
    if ((stream.said & what) != 0) return;
    stream.said |= what;
    m.wake(row);
}

// Nothing says where the stream goes, or not any more.
void see_without_session(Moment& m, MediaStream& stream, const Standing& standing) {
    stream.types = {};
    stream.secure = stream.watched_source = false;
    MediaPresent& media = m.state.media;
    if (standing.ended != Time::min()) {
        media.silent = m.now() - standing.ended;
        if (media.silent > m.seconds(zombie, 0)) say_once(m, stream, said_zombie, zombie);
        return;
    }
    // Of a host of which no session description was seen nothing can be said.
    if (standing.pinhole == nullptr && m.state.pinholes.find(m.state.hash(m.s.packet.to.ip)) == nullptr) return;
    if (m.now() - std::max(stream.first, standing.moved) >= m.seconds(orphan, 0)) say_once(m, stream, said_orphan, orphan);
}

void look_up(Moment& m, MediaStream& stream, const Rtp& rtp, std::uint64_t to) {
    stream.next_look = m.now() + next_look;
    Standing standing = standing_of(m, to);
    if (standing.session == nullptr) return see_without_session(m, stream, standing);
    Pinhole& pinhole = *standing.pinhole;
    bool usual = true, right = source_is_right(m, standing, rtp.sequence, usual);
    stream.watched_source = !usual;
    if (right) {
        pinhole.last = m.now();
        m.state.pinholes.touch(pinhole, m.now());
    } else {
        m.wake(stranger);
    }
    stream.types = {};
    stream.secure = false;
    stream.ptime = stream.events = 0;
    if (standing.own == nullptr || standing.own->anywhere) return;
    stream.types = standing.own->types;
    stream.types |= standing.far->types;
    stream.types.add(comfort_noise);
    stream.secure = standing.own->secure && standing.far->secure;
    stream.ptime = standing.own->ptime;
    stream.events = standing.own->events;
    stream.event_clock = standing.own->event_clock;
}

void see_ssrc(Moment& m, MediaStream& stream, const Rtp& rtp, std::uint64_t to) {
    MediaPresent& media = m.state.media;
    if (stream.bye != Time::min() && rtp.ssrc == stream.bye_ssrc && m.now() - stream.bye > 1s) {
        stream.bye = Time::min();
        media.bye = true;
        media.ssrc = rtp.ssrc;
        m.wake(spoofed);
    }
    if (rtp.ssrc == stream.ssrc) return;
    media.ssrc = rtp.ssrc;
    media.ssrc_before = stream.ssrc;
    bool back = rtp.ssrc == stream.other_ssrc && stream.other_last != Time::min() && m.now() - stream.other_last < 2s;
    if (back) {
        media.interleaved = true;
        say_once(m, stream, said_interleaved, another_ssrc);
    } else {
        Standing standing = standing_of(m, to);
        bool described = standing.session == nullptr || m.now() - standing.session->described < 5s;
        if (!described) m.wake(another_ssrc);
    }
    stream.other_ssrc = stream.ssrc;
    stream.other_last = stream.last;
    stream.ssrc = rtp.ssrc;
    stream.sequence = static_cast<std::uint16_t>(rtp.sequence - 1);
    stream.timestamp = rtp.timestamp;
    stream.payload_type = rtp.payload_type;
}

// RFC 3550 appendix A.1.
void see_order(Moment& m, MediaStream& stream, const Rtp& rtp) {
    auto step = static_cast<std::int16_t>(static_cast<std::uint16_t>(rtp.sequence - stream.sequence));
    MediaPresent& media = m.state.media;
    if (std::abs(step) > m.value(jump, 0)) {
        media.jump = step;
        m.wake(jump);
    } else if (step == 1 && !rtp.marker && rtp.payload_type == stream.payload_type && rtp.payload_type != comfort_noise) {
        auto later = static_cast<std::int32_t>(rtp.timestamp - stream.timestamp);
        constexpr std::int32_t most = 3 * 90'000;  // three seconds of the fastest usual clock
        if (later < 0 || later > most) {
            media.jump = later;
            media.timestamp = true;
            m.wake(jump);
        }
    }
}

// Bytes a second of the payload types whose rate is fixed (RFC 3551 table 4); 0: not fixed.
std::uint32_t nominal_rate(std::uint8_t payload_type) {
    switch (payload_type) {
        case 0:
        case 8:
        case 9: return 8'000;
        case 3: return 1'650;
        case 4: return 800;
        case 15: return 2'000;
        case 18: return 1'000;
        default: return 0;
    }
}
bool is_eight_a_millisecond(std::uint8_t payload_type) { return nominal_rate(payload_type) == 8'000; }

void see_rate(Moment& m, MediaStream& stream, const Rtp& rtp) {
    Duration passed = m.now() - stream.window;
    MediaPresent& media = m.state.media;
    if (passed >= 1s) {
        std::uint32_t nominal = nominal_rate(rtp.payload_type);
        auto percent = static_cast<std::uint64_t>(m.value(rate, 0));
        auto bytes = static_cast<std::uint64_t>(static_cast<double>(stream.window_bytes) / seconds(passed));
        if (nominal != 0 && passed < 2s && bytes * 100 > nominal * percent) {
            media.rate = static_cast<std::uint32_t>(std::min<std::uint64_t>(bytes, UINT32_MAX));
            media.nominal = nominal;
            say_once(m, stream, said_rate, rate);
        }
        stream.window = m.now();
        stream.window_bytes = 0;
    }
    stream.window_bytes += static_cast<std::uint32_t>(rtp.payload.size());
    bool comparable = stream.ptime != 0 && is_eight_a_millisecond(rtp.payload_type) && !rtp.payload.empty();
    if (comparable && !stream.secure && rtp.payload.size() != std::size_t{stream.ptime} * 8) {
        media.packet_ms = static_cast<std::uint32_t>(rtp.payload.size() / 8);
        media.described_ms = stream.ptime;
        say_once(m, stream, said_ptime, rate);
    }
}

// SRTP adds a tag of 4, 10 or 16 bytes (RFC 3711 section 5.2, RFC 7714 section 13.2), and no two bytes in a row are alike for long.
void see_secure(Moment& m, MediaStream& stream, const Rtp& rtp) {
    if (!stream.secure || !is_eight_a_millisecond(rtp.payload_type) || rtp.payload.size() < 80) return;
    MediaPresent& media = m.state.media;
    std::string_view head = rtp.payload.substr(0, 32);
    if (head.find_first_not_of(head.front()) == std::string_view::npos) media.plain = "its audio can be read";
    else if (rtp.payload.size() % 40 == 0) media.plain = "it has no authentication tag";
    else return;
    say_once(m, stream, said_plain, plain);
}

void begin_event(Moment& m, MediaStream& stream, const Rtp& rtp) {
    if (m.now() - stream.digits_since >= 1s) {
        stream.digits_since = m.now();
        stream.digits = 0;
    }
    stream.digits = static_cast<std::uint8_t>(std::min(stream.digits + 1, 255));
    if (stream.digits == m.value(typed, 0) + 1) {
        m.state.media.event_fault = "more digits in a second than fingers press";
        m.wake(typed);
    }
    stream.event_timestamp = rtp.timestamp;
    stream.event_duration = 0;
    stream.event_began = m.now();
}

// RFC 4733 section 2.3.
void see_event(Moment& m, MediaStream& stream, const Rtp& rtp) {
    if (stream.events == 0 || rtp.payload_type != stream.events || rtp.payload.size() < 4) return;
    if (stream.event_timestamp != rtp.timestamp || stream.event_began == Time{}) begin_event(m, stream, rtp);
    std::uint16_t duration = two_bytes(rtp.payload, 2);
    bool ends = (static_cast<unsigned char>(rtp.payload[1]) & 0x80U) != 0;
    bool next = static_cast<std::int16_t>(static_cast<std::uint16_t>(rtp.sequence - stream.sequence)) > 0;
    Duration said = std::chrono::milliseconds(duration / stream.event_clock);
    std::string_view fault;
    if (ends && duration == 0) fault = "a digit that ends before it began";
    else if (next && duration < stream.event_duration) fault = "a digit that grows shorter";
    else if (said > Duration(m.now() - stream.event_began) + 2s) fault = "a digit longer than it can have lasted";
    if (!fault.empty()) {
        m.state.media.event_fault = fault;
        m.wake(typed);
    }
    stream.event_duration = std::max(stream.event_duration, duration);
}

void see_type(Moment& m, MediaStream& stream, const Rtp& rtp, std::uint64_t to) {
    if (stream.types.empty() || stream.types.has(rtp.payload_type)) return;
    look_up(m, stream, rtp, to);  // it may have been described a moment ago
    if (stream.types.empty() || stream.types.has(rtp.payload_type)) return;
    m.state.media.payload_type = rtp.payload_type;
    m.wake(type);
}

void see_rtp(Moment& m, std::string_view bytes) {
    Rtp rtp(bytes, !m.s.packet.cut);
    std::uint64_t to = place_of(m, m.s.packet.to), key = combine(place_of(m, m.s.packet.from), to);
    auto& streams = m.state.media_streams;
    MediaStream* stream = streams.find(key);
    if (stream == nullptr) {
        stream = &streams.insert(key, m.now(), [&](const MediaStream& gone) { return m.now() - gone.last < 60s; });
        stream->first = stream->window = m.now();
        stream->ssrc = rtp.ssrc;
        stream->sequence = static_cast<std::uint16_t>(rtp.sequence - 1);
        stream->timestamp = rtp.timestamp;
        stream->payload_type = rtp.payload_type;
    } else {
        streams.touch(*stream, m.now());
    }
    if (m.now() >= stream->next_look || stream->watched_source) look_up(m, *stream, rtp, to);
    see_type(m, *stream, rtp, to);
    see_ssrc(m, *stream, rtp, to);
    see_order(m, *stream, rtp);
    see_rate(m, *stream, rtp);
    see_secure(m, *stream, rtp);
    see_event(m, *stream, rtp);
    stream->sequence = rtp.sequence;
    stream->timestamp = rtp.timestamp;
    stream->payload_type = rtp.payload_type;
    stream->last = m.now();
}

// The sources that a compound packet says goodbye to (RFC 3550 section 6.6): the first of each BYE.
void see_goodbyes(Moment& m, std::string_view bytes) {
    constexpr unsigned char bye = 203;
    while (bytes.size() >= 8) {
        std::size_t length = (std::size_t{two_bytes(bytes, 2)} + 1) * 4;
        if (static_cast<unsigned char>(bytes[1]) == bye && (static_cast<unsigned char>(bytes[0]) & 0x1fU) != 0)
            for (std::uint16_t lower : {std::uint16_t{0}, std::uint16_t{1}}) {
                std::uint64_t key = combine(place_of(m, m.s.packet.from, lower), place_of(m, m.s.packet.to, lower));
                MediaStream* stream = m.state.media_streams.find(key);
                if (stream == nullptr) continue;
                stream->bye = m.now();
                stream->bye_ssrc = four_bytes(bytes, 4);
            }
        if (length >= bytes.size()) return;
        bytes.remove_prefix(length);
    }
}

void see_rtcp(Moment& m, std::string_view bytes) {
    Standing standing = standing_of(m, place_of(m, m.s.packet.to));
    if (standing.session == nullptr) standing = standing_of(m, place_of(m, m.s.packet.to, 1));
    if (standing.session != nullptr && standing.far != nullptr && standing.far->address != 0 && !standing.far->anywhere &&
        !standing.own->anywhere && m.now() - standing.session->described >= m.seconds(orphan, 0)) {
        std::uint64_t source = m.state.hash(m.s.packet.from.ip);
        // Nothing can be said of who is behind a translator before its RTP came.
        bool known = standing.pinhole->expected != Time::min() || standing.pinhole->latched != 0;
        bool right = source == standing.far->address || source == standing.pinhole->latched || is_peers_media(m);
        if (known && !right) {
            m.wake(spoofed);
            return;
        }
    }
    see_goodbyes(m, bytes);
}

}  // namespace

void see_media(Moment& m) {
    std::string_view bytes = m.s.packet.bytes;
    if (is_rtcp(bytes)) return see_rtcp(m, bytes);
    if (bytes.size() >= 12) see_rtp(m, bytes);
}

}  // namespace trunkbox::sbc

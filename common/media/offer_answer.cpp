#include "media/offer_answer.h"

#include "base/text.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace trunkbox::media {
namespace {

constexpr std::string_view protocol = "RTP/AVP";

// Static payload types need no a=rtpmap (RFC 3551 section 6).
Format resolved(Format format) {
    if (!format.codec.name.empty()) return format;
    if (auto codec = static_codec(format.payload_type)) {
        codec->fmtp = std::move(format.codec.fmtp);
        format.codec = *std::move(codec);
    }
    return format;
}

const Format* find(const std::vector<Format>& formats, const Codec& codec) {
    const auto found = std::ranges::find_if(formats, [&](const Format& f) { return f.codec.matches(codec); });
    return found == formats.end() ? nullptr : &*found;
}

std::vector<Format> resolved(const std::vector<Format>& formats) {
    std::vector<Format> out;
    for (const Format& format : formats) out.push_back(resolved(format));
    return out;
}

std::string names(const std::vector<Format>& formats) {
    std::string out;
    for (const Format& format : formats) {
        if (is_telephone_event(format.codec)) continue;
        if (!out.empty()) out += ", ";
        out += format.codec.name.empty() ? fmt::format("payload type {}", format.payload_type)
                                         : printable(format.codec.name, 20);
        if (out.size() > 120) return out + " ...";
    }
    return out.empty() ? "nothing" : out;
}

// What the far end wants to get is what we send with; a value that no phone sends is not followed.
Duration sending_ptime(const Stream& theirs, Duration ours) {
    const bool usable =
        theirs.ptime && *theirs.ptime >= 10ms && *theirs.ptime <= 100ms && *theirs.ptime % 1ms == 0ms;
    return usable ? *theirs.ptime : ours;
}

Direction our_direction(Direction ours, const Stream& theirs, const net::Endpoint& remote) {
    const bool sending = sends(ours) && receives(theirs.direction) && !remote.ip.is_any();
    return direction_of(sending, receives(ours) && sends(theirs.direction));
}

EventSet events_of(const Format& format) {
    // A list that cannot be read is no reason to lose the digits: the default counts.
    return parse_events(format.codec.fmtp).value_or(EventSet(0xffff));
}

// Telephone-events at the clock rate of the audio: both share one sequence of timestamps.
const Format* find_events(const std::vector<Format>& formats, std::uint32_t clock_rate) {
    const auto found = std::ranges::find_if(formats, [clock_rate](const Format& f) {
        return is_telephone_event(f.codec) && f.codec.clock_rate == clock_rate;
    });
    return found == formats.end() ? nullptr : &*found;
}

Stream audio_stream(const Capabilities& ours, const net::Endpoint& rtp) {
    return {.port = rtp.port,
            .protocol = std::string(protocol),
            .formats = ours.codecs,
            .direction = ours.direction,
            .ptime = ours.ptime};
}

Session describe(const net::Endpoint& rtp, std::uint64_t session_id, std::uint64_t version) {
    const Address address = Address::of(rtp.ip);
    return {.origin = {.session_id = session_id, .version = version, .address = address},
            .connection = address};
}

// RFC 3264 section 6: at least one format has to stand there, it means nothing.
Stream refused(const Stream& offered) {
    Stream stream{.type = offered.type, .port = 0, .protocol = offered.protocol};
    if (!offered.formats.empty())
        stream.formats = {offered.formats.front()};
    else if (!offered.raw_formats.empty())
        stream.raw_formats = {offered.raw_formats.front()};
    else
        stream.raw_formats = {"0"};
    return stream;
}

// RFC 3264 section 8: the origin stays, its version counts the changes.
Session revised(Session next, const Session& previous) {
    next.origin = previous.origin;
    if (next != previous) ++next.origin.version;
    return next;
}

// The audio codecs of both, with the payload types of the offer, in the order of whoever is preferred.
std::vector<Format> common_audio(const std::vector<Format>& theirs, const Capabilities& ours) {
    std::vector<Format> common;
    const auto add = [&common](const Format& format, const Codec& codec) {
        if (!find(common, codec)) common.push_back({.payload_type = format.payload_type, .codec = codec});
    };
    if (ours.preference == Preference::offerers) {
        for (const Format& format : theirs) {
            const Format* own = find(ours.codecs, format.codec);
            if (own && !is_telephone_event(format.codec)) add(format, own->codec);
        }
    } else {
        for (const Format& own : ours.codecs) {
            const Format* format = find(theirs, own.codec);
            if (format && !is_telephone_event(own.codec)) add(*format, own.codec);
        }
    }
    return common;
}

struct Accepted {
    Stream stream;
    Negotiated negotiated;
};

Result<Accepted> take(const Session& offer, const Stream& offered, const Capabilities& ours,
                      const net::Endpoint& rtp) {
    const std::vector<Format> theirs = resolved(offered.formats);
    std::vector<Format> common = common_audio(theirs, ours);
    if (common.empty()) {
        return failure(Fault::refused, "", fmt::format("no codec in common: offered is {}", names(theirs)),
                       fmt::format("we take {}", names(ours.codecs)));
    }
    auto remote = rtp_endpoint(offer, offered);
    if (!remote) return tl::unexpected(remote.error());

    const Format& first = common.front();
    Accepted accepted{.stream = audio_stream(ours, rtp),
                      .negotiated = {.remote = *remote,
                                     .codec = first.codec,
                                     .payload_type_send = first.payload_type,
                                     .payload_type_receive = first.payload_type,
                                     .receivable = common,
                                     .direction = our_direction(ours.direction, offered, *remote),
                                     .ptime = sending_ptime(offered, ours.ptime)}};
    const Format* own_events = find_events(ours.codecs, first.codec.clock_rate);
    const Format* their_events = find_events(theirs, first.codec.clock_rate);
    if (own_events && their_events) {
        accepted.negotiated.event_send = accepted.negotiated.event_receive = their_events->payload_type;
        accepted.negotiated.events = events_of(*their_events);
        common.push_back({.payload_type = their_events->payload_type, .codec = own_events->codec});
    }
    accepted.stream.formats = std::move(common);
    accepted.stream.direction = accepted.negotiated.direction;
    return accepted;
}

Result<Answer> answer_in(Session description, const Session& offer, const Capabilities& ours,
                         const net::Endpoint& rtp) {
    std::optional<Negotiated> negotiated;
    std::optional<Error> why;
    for (std::size_t i = 0; i < offer.streams.size(); ++i) {
        const Stream& offered = offer.streams[i];
        if (!negotiated && offered.port != 0 && offered.is_audio() && iequals(offered.protocol, protocol)) {
            auto accepted = take(offer, offered, ours, rtp);
            if (accepted) {
                description.streams.push_back(std::move(accepted->stream));
                negotiated = std::move(accepted->negotiated);
                negotiated->stream = i;
                continue;
            }
            if (!why) why = accepted.error();
        }
        description.streams.push_back(refused(offered));
    }
    if (negotiated) return Answer{.session = std::move(description), .negotiated = *std::move(negotiated)};
    if (why) return tl::unexpected(*std::move(why));
    return failure(Fault::refused, "", fmt::format("no audio over {} is offered", protocol));
}

// The formats that the far end took of ours: it sends with the numbers of our offer, we with those of its
// answer (RFC 3264 section 6.1). No common audio: `receivable` stays empty.
void follow(const std::vector<Format>& answered, const std::vector<Format>& ours, Negotiated& negotiated) {
    for (const Format& format : answered) {
        const Format* own = find(ours, format.codec);
        if (!own || is_telephone_event(format.codec)) continue;
        if (negotiated.receivable.empty()) {
            negotiated.codec = own->codec;
            negotiated.payload_type_send = format.payload_type;
            negotiated.payload_type_receive = own->payload_type;
        }
        if (!find(negotiated.receivable, own->codec)) negotiated.receivable.push_back(*own);
    }
    const Format* own_events = find_events(ours, negotiated.codec.clock_rate);
    const Format* their_events = find_events(answered, negotiated.codec.clock_rate);
    if (own_events && their_events) {
        negotiated.event_send = their_events->payload_type;
        negotiated.event_receive = own_events->payload_type;
        negotiated.events = events_of(*their_events);
    }
}

}  // namespace

bool is_telephone_event(const Codec& codec) {
    return iequals(codec.name, "telephone-event");
}

Result<EventSet> parse_events(std::string_view fmtp) {
    const auto wrong = [fmtp] {
        return failure(Fault::input, "", fmt::format("'{}' is no list of events", printable(fmtp)),
                       "write e.g. '0-15'");
    };
    const std::string_view list = trim(fmtp);
    if (list.empty()) return EventSet(0xffff);
    EventSet events;
    for (std::string_view item : split(list, ',')) {
        const auto [low_text, high_text] = split_once(item, '-');
        const auto low = parse_integer<std::uint8_t>(low_text);
        const auto high = high_text ? parse_integer<std::uint8_t>(*high_text) : low;
        if (!low || !high || *low > *high) return wrong();
        for (std::size_t event = *low; event <= *high; ++event) events.set(event);
    }
    return events;
}

Session make_offer(const Capabilities& ours, const net::Endpoint& rtp, std::uint64_t session_id,
                   std::uint64_t version) {
    Session session = describe(rtp, session_id, version);
    session.streams.push_back(audio_stream(ours, rtp));
    return session;
}

Session make_offer(const Capabilities& ours, const net::Endpoint& rtp, const Session& previous) {
    Session session = describe(rtp, previous.origin.session_id, previous.origin.version);
    Stream audio = audio_stream(ours, rtp);
    const Stream* active = first_audio(previous);
    for (const Stream& stream : previous.streams) {
        if (&stream != active) {
            session.streams.push_back(refused(stream));
            continue;
        }
        for (Format& format : audio.formats) {
            if (const Format* before = find(stream.formats, format.codec))
                format.payload_type = before->payload_type;
        }
        session.streams.push_back(audio);
    }
    if (!active) session.streams.push_back(audio);
    return revised(std::move(session), previous);
}

Result<Answer> answer(const Session& offer, const Capabilities& ours, const net::Endpoint& rtp,
                      std::uint64_t session_id, std::uint64_t version) {
    return answer_in(describe(rtp, session_id, version), offer, ours, rtp);
}

Result<Answer> answer(const Session& offer, const Capabilities& ours, const net::Endpoint& rtp,
                      const Session& previous) {
    auto made = answer_in(describe(rtp, 0, 0), offer, ours, rtp);
    if (made) made->session = revised(std::move(made->session), previous);
    return made;
}

Result<Negotiated> accept(const Session& offer, const Session& answer) {
    if (offer.streams.size() != answer.streams.size()) {
        return failure(Fault::input, "",
                       fmt::format("the answer has {} streams, the offer {}", answer.streams.size(),
                                   offer.streams.size()));
    }
    const Stream* offered = first_audio(offer);
    if (!offered) return failure(Fault::input, "", "the offer has no audio stream");
    const auto index = static_cast<std::size_t>(offered - offer.streams.data());
    const Stream& theirs = answer.streams[index];
    if (!iequals(theirs.type, offered->type) || !iequals(theirs.protocol, offered->protocol)) {
        return failure(Fault::input, "",
                       fmt::format("the answer to '{} {}' is '{} {}'", offered->type, offered->protocol,
                                   printable(theirs.type), printable(theirs.protocol)));
    }
    if (theirs.port == 0) return failure(Fault::refused, "", "the answer refuses our audio stream");

    const std::vector<Format> ours = resolved(offered->formats);
    const std::vector<Format> answered = resolved(theirs.formats);
    Negotiated negotiated{.stream = index};
    follow(answered, ours, negotiated);
    if (negotiated.receivable.empty()) {
        return failure(Fault::refused, "",
                       fmt::format("the answer has no codec that we offered but {}", names(answered)),
                       fmt::format("we offered {}", names(ours)));
    }
    auto remote = rtp_endpoint(answer, theirs);
    if (!remote) return tl::unexpected(remote.error());
    negotiated.remote = *remote;
    negotiated.direction = our_direction(offered->direction, theirs, *remote);
    negotiated.ptime = sending_ptime(theirs, offered->ptime.value_or(20ms));
    return negotiated;
}

}  // namespace trunkbox::media

#include "trace/flow.h"

#include <algorithm>

#include "base/text.h"
#include "media/e_model.h"
#include "media/offer_answer.h"

namespace trunkbox::trace {
namespace {

bool is_comfort_noise(const media::Codec& codec) { return iequals(codec.name, "CN"); }

// RFC 3551 reserves 19, which was comfort noise before.
constexpr std::uint8_t old_comfort_noise = 19;

// A payload of a type that nothing announced, that reads as a telephone-event and as nothing else.
bool looks_like_event(const RtpPacket& packet) {
    return packet.header.payload_type >= 96 && packet.payload.size() == 4 && packet.payload[0] < 16 &&
           (packet.payload[1] & 0x40) == 0;
}

std::optional<media::Codec> codec_of(const RtpPacket& packet, const Formats* formats) {
    if (formats)
        for (const media::Format& format : *formats)
            if (format.payload_type == packet.header.payload_type && !format.codec.name.empty()) return format.codec;
    if (packet.header.payload_type == old_comfort_noise) return media::Codec{.name = "CN"};
    if (auto codec = media::static_codec(packet.header.payload_type)) return codec;
    if (looks_like_event(packet)) return media::Codec{.name = "telephone-event"};
    return std::nullopt;
}

}  // namespace

std::optional<RtpPacket> RtpPacket::read(media::ByteView datagram) {
    constexpr std::size_t fixed = 12;
    if (datagram.size() < fixed || datagram[0] >> 6 != 2) return std::nullopt;
    std::size_t begin = fixed + (datagram[0] & 0x0fU) * 4U;
    std::size_t end = datagram.size();
    if ((datagram[0] & 0x10) != 0) {
        if (begin + 4 > end) return std::nullopt;
        begin += 4 + media::read_16(datagram, begin + 2) * std::size_t{4};
    }
    if (begin > end) return std::nullopt;
    if ((datagram[0] & 0x20) != 0) {
        const std::size_t padding = datagram[end - 1];
        if (padding == 0 || begin + padding > end) return std::nullopt;
        end -= padding;
    }
    return RtpPacket{.header = {.marker = (datagram[1] & 0x80) != 0,
                                .payload_type = static_cast<std::uint8_t>(datagram[1] & 0x7f),
                                .sequence = media::read_16(datagram, 2),
                                .timestamp = media::read_32(datagram, 4),
                                .ssrc = media::read_32(datagram, 8)},
                     .payload = datagram.subspan(begin, end - begin),
                     .size = datagram.size()};
}

Flow::Flow(const Key& key, std::uint64_t id, const RtpPacket& packet, Time time)
    : key_(key),
      id_(id),
      first_(time),
      last_(time),
      octets_(packet.size),
      sequence_(packet.header.sequence),
      timestamp_(packet.header.timestamp),
      payload_type_(packet.header.payload_type) {}

void Flow::confirm(const RtpPacket& packet, const Formats* formats) {
    if (more_) return;
    more_ = std::make_unique<More>();
    // The packets so far were of one payload type, and counted.
    use(packet, formats);
    run_ = packets_;
    last_kind_ = kind_;
}

void Flow::begin_with(const RtpPacket& packet, Time time) {
    if (kind_ == Kind::event)
        take_event(packet, time);
    else if (clock_rate_ != 0 && packets_ == 1)
        jitter_.receive(packet.header.timestamp, clock_rate_, time);
    if (kind_ == Kind::comfort_noise) ++more_->comfort_noise;
}

void Flow::try_packet(const RtpPacket& packet, Time time) {
    const bool continues = packet.header.sequence == static_cast<std::uint16_t>(sequence_.highest() + 1) &&
                           packet.header.payload_type == payload_type_;
    if (!continues) {
        *this = Flow(key_, id_, packet, time);
        return;
    }
    sequence_.receive(packet.header.sequence);
    ++in_row_;
    ++packets_;
    octets_ += packet.size;
    last_ = time;
    // The clock of a dynamic type is not known yet.
    if (auto codec = media::static_codec(payload_type_)) {
        if (packets_ == 2) jitter_.receive(timestamp_, codec->clock_rate, first_);
        jitter_.receive(packet.header.timestamp, codec->clock_rate, time);
    }
    last_step_ = packet.header.timestamp - timestamp_;
    timestamp_ = packet.header.timestamp;
    if (in_row_ >= 3) confirm(packet, nullptr);
}

void Flow::use(const RtpPacket& packet, const Formats* formats) {
    std::vector<Used>& used = more_->used;
    if (current_ < used.size()) used[current_].format.packets += run_;
    run_ = 0;
    stale_ = false;
    payload_type_ = packet.header.payload_type;
    std::size_t at = 0;
    while (at < used.size() && used[at].format.payload_type != payload_type_) ++at;
    if (at == used.size() && at < most_formats) used.push_back({.format = {.payload_type = payload_type_}});
    at = std::min(at, used.size() - 1);
    Used& now = used[at];
    auto codec = codec_of(packet, formats);
    if (codec && codec != now.format.codec) {
        now.kind = media::is_telephone_event(*codec) ? Kind::event
                   : is_comfort_noise(*codec)        ? Kind::comfort_noise
                                                     : Kind::audio;
        now.clock_rate = codec->clock_rate;
        now.format.codec = std::move(codec);
    }
    current_ = static_cast<std::uint32_t>(at);
    kind_ = now.kind;
    clock_rate_ = now.clock_rate;
}

const media::Codec* Flow::codec() const {
    if (!more_ || current_ >= more_->used.size()) return nullptr;
    const auto& codec = more_->used[current_].format.codec;
    return codec ? &*codec : nullptr;
}

void Flow::receive(const RtpPacket& packet, Time time, const Formats* formats) {
    if (wants_formats(packet)) use(packet, formats);
    ++packets_;
    ++run_;
    octets_ += packet.size;
    last_ = std::max(last_, time);
    first_ = std::min(first_, time);
    take_sequence(packet.header.sequence);
    if (kind_ == Kind::event)
        take_event(packet, time);
    else if (clock_rate_ != 0)
        take_time(packet, time);
    if (kind_ == Kind::comfort_noise) ++more_->comfort_noise;
    if (ahead_) timestamp_ = packet.header.timestamp;
    last_kind_ = kind_;
}

// RFC 3550 A.1: two packets in sequence far off are a sender that began anew.
void Flow::take_sequence(std::uint16_t sequence) {
    using Place = media::SequenceTracker::Place;
    Place place = sequence_.receive(sequence);
    if (place == Place::far) {
        if (!bad_ || sequence != bad_sequence_) {
            bad_ = true;
            bad_sequence_ = static_cast<std::uint16_t>(sequence + 1);
            fresh_ = ahead_ = false;
            return;
        }
        sequence_.restart(static_cast<std::uint16_t>(sequence - 1));
        place = sequence_.receive(sequence);
    }
    bad_ = false;
    fresh_ = place == Place::next;
    ahead_ = fresh_ || place == Place::ahead;
}

void Flow::take_time(const RtpPacket& packet, Time time) {
    using Jitter = media::InterarrivalJitter::Kind;
    const bool apart = packet.header.marker || kind_ == Kind::comfort_noise || last_kind_ == Kind::comfort_noise;
    jitter_.receive(packet.header.timestamp, clock_rate_, time, apart ? Jitter::apart : Jitter::running);

    // Time between neighbours. An event's timestamp says nothing of when the audio before it ended.
    const std::int32_t step = media::distance(timestamp_, packet.header.timestamp);
    if (!fresh_ || last_kind_ == Kind::event || step <= 0) return;
    const auto units = static_cast<std::uint32_t>(step);
    if (units == last_step_) step_ = units;
    last_step_ = units;
    if (step_ != 0 && units > step_ + step_ / 2)
        silence_ += Duration(static_cast<std::int64_t>(units - step_) * 1'000'000'000 / clock_rate_);
}

void Flow::take_event(const RtpPacket& packet, Time time) {
    auto event = media::TelephoneEvent::parse(packet.payload);
    if (!event) return;
    if (more_->events.receive(packet.header, *event)) more_->event_times.emplace_back(packet.header.timestamp, time);
}

void Flow::on_sender_report(const media::SenderInfo& info, Time time) {
    if (!more_) return;
    more_->sent_reports[more_->next_report++ % more_->sent_reports.size()] = {info.middle(), time};
}

void Flow::on_block(const media::ReportBlock& block, Time time) {
    if (!more_) return;
    if (!more_->reported) more_->reported.emplace();
    Reported& all = *more_->reported;
    ++all.reports;
    all.lost = block.lost;
    all.highest_fraction_lost = std::max(all.highest_fraction_lost, block.fraction_lost);
    const std::uint32_t rate = clock_rate_ != 0 ? clock_rate_ : 8000;
    all.jitter = Duration(static_cast<std::int64_t>(block.jitter) * 1'000'000'000 / rate);
    if (block.last_report == 0) return;
    for (const auto& [middle, sent] : more_->sent_reports) {
        if (middle != block.last_report) continue;
        const Duration trip = time - sent - block.since_last_report;
        // Less than nothing: the clocks of the capture or of the receiver lie.
        if (trip >= Duration{0}) all.round_trip = trip;
    }
}

std::optional<Duration> Flow::round_trip() const {
    return more_ && more_->reported ? more_->reported->round_trip : std::nullopt;
}

std::vector<Digit> Flow::digits() const {
    std::vector<Digit> made;
    std::uint32_t rate = 8000;
    for (const Used& used : more_->used)
        if (used.kind == Kind::event && used.clock_rate != 0) rate = used.clock_rate;
    for (const auto& event : more_->events.events()) {
        auto key = media::digit_of(event.event);
        if (!key) continue;
        auto heard = std::ranges::find(more_->event_times, event.timestamp, &std::pair<std::uint32_t, Time>::first);
        made.push_back({.key = *key,
                        .time = heard == more_->event_times.end() ? first_ : heard->second,
                        .duration = Duration(static_cast<std::int64_t>(event.duration) * 1'000'000'000 / rate)});
    }
    return made;
}

Stream Flow::stream(std::optional<Duration> other_way) const {
    Stream made{.id = id_, .from = key_.from, .to = key_.to, .ssrc = key_.ssrc};
    std::uint32_t rate_of_audio = 0;
    for (std::size_t i = 0; i < more_->used.size(); ++i) {
        made.formats.push_back(more_->used[i].format);
        if (i == current_) made.formats.back().packets += run_;
        if (more_->used[i].kind == Kind::audio && rate_of_audio == 0) rate_of_audio = more_->used[i].clock_rate;
    }
    made.first = first_;
    made.last = last_;
    made.packets = packets_;
    made.octets = octets_;
    made.sequence = sequence_.count();
    made.jitter = jitter_.current();
    made.mean_jitter = jitter_.mean();
    made.highest_jitter = jitter_.highest();
    if (rate_of_audio != 0) made.ptime = Duration(static_cast<std::int64_t>(step_) * 1'000'000'000 / rate_of_audio);
    made.comfort_noise = more_->comfort_noise;
    made.silence = silence_;
    made.digits = digits();
    made.reported = more_->reported;
    const Duration round_trips = round_trip().value_or(Duration{0}) + other_way.value_or(Duration{0});
    made.delay = round_trips / 2 + made.ptime + 2 * made.mean_jitter;
    rate(made);
    return made;
}

void Flow::rate(Stream& stream) const {
    auto factors = media::impairment(stream.codec());
    if (!factors) return;
    const auto& sequence = stream.sequence;
    stream.rating = media::rating(sequence.loss(), stream.delay, *factors,
                                  media::burst_ratio(sequence.lost(), sequence.expected, sequence.gaps));
    stream.mos = media::mos(*stream.rating);
}

}  // namespace trunkbox::trace

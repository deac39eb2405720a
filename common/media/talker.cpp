#include "media/talker.h"

#include "media/g711.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace trunkbox::media {
namespace {

std::uint32_t samples_per_packet(const Negotiated& negotiated) {
    return static_cast<std::uint32_t>(negotiated.ptime / 125us);
}

void require_g711(const Negotiated& negotiated) {
    if (!law_of(negotiated.codec)) throw std::invalid_argument("talker: codec is neither PCMA nor PCMU");
    if (negotiated.ptime < 1ms) throw std::invalid_argument("talker: packets of less than 1 ms");
}

}  // namespace

Talker::Talker(const Negotiated& negotiated, const RtpStart& rtp, Source source, Time start)
    : negotiated_(negotiated),
      rtp_(rtp),
      source_(std::move(source)),
      events_(samples_per_packet(negotiated)),
      anchor_(start) {
    require_g711(negotiated);
}

std::optional<Time> Talker::due() const {
    if (!sends(negotiated_.direction)) return std::nullopt;
    return at(tick_);
}

// Leaves out the ticks before `now` but for the last `most`, the one of `now` itself among them.
void Talker::skip_to(Time now, std::int64_t most) {
    if (now < at(tick_)) return;
    const std::int64_t current = (now - anchor_) / negotiated_.ptime;
    tick_ = std::max(tick_, current - most + 1);
}

std::optional<Bytes> Talker::next(Time now) {
    if (!sends(negotiated_.direction) || now < at(tick_)) return std::nullopt;
    skip_to(now, most_late);

    const std::uint32_t samples = samples_per_packet(negotiated_);
    // Modulo 2^32, as timestamps are.
    const auto timestamp =
        rtp_.timestamp + static_cast<std::uint32_t>(static_cast<std::uint64_t>(tick_) * samples);
    RtpHeader header{.payload_type = negotiated_.payload_type_send,
                     .sequence = rtp_.sequence,
                     .timestamp = timestamp,
                     .ssrc = rtp_.ssrc};
    ++tick_;
    ++rtp_.sequence;
    ++packets_;
    if (negotiated_.event_send) {
        if (const auto event = events_.next(timestamp)) {
            header.payload_type = *negotiated_.event_send;
            header.marker = event->marker;
            header.timestamp = event->timestamp;
            return write_rtp(header, event->event.bytes());
        }
    }
    std::vector<std::int16_t> audio(samples);
    fill(audio);
    return write_rtp(header, encode(*law_of(negotiated_.codec), audio));
}

void Talker::fill(std::vector<std::int16_t>& samples) {
    if (const auto* tone = std::get_if<Tone>(&source_)) {
        make_tone(*tone, position_, samples);
    } else if (const auto* recording = std::get_if<Recording>(&source_);
               recording && recording->samples && !recording->samples->empty()) {
        const auto& all = *recording->samples;
        for (std::size_t i = 0; i < samples.size(); ++i) {
            const std::uint64_t n = position_ + i;
            if (recording->loop)
                samples[i] = all[n % all.size()];
            else if (n < all.size())
                samples[i] = all[n];
        }
    }
    position_ += samples.size();
}

Result<void> Talker::send_digits(std::string_view digits, const DigitTiming& timing) {
    if (!negotiated_.event_send) {
        return failure(Fault::refused, "", "the far end takes no telephone-events",
                       "send the digits as tones");
    }
    for (char digit : digits) {
        const auto event = event_of(digit);
        if (event && !negotiated_.events.test(*event)) {
            return failure(Fault::refused, "",
                           fmt::format("the far end does not take the digit '{}'", digit));
        }
    }
    return events_.send(digits, timing);
}

bool Talker::finished() const {
    const auto* recording = std::get_if<Recording>(&source_);
    if (!recording || (recording->loop && recording->samples && !recording->samples->empty())) return false;
    return !recording->samples || position_ >= recording->samples->size();
}

void Talker::play(Source source) {
    source_ = std::move(source);
    position_ = 0;
}

void Talker::renegotiate(const Negotiated& negotiated, Time now) {
    require_g711(negotiated);
    const bool resumed = !sends(negotiated_.direction) && sends(negotiated.direction);
    if (resumed) skip_to(now, 1);
    // The next packet is the new anchor: its interval may be another one from here on.
    rtp_.timestamp +=
        static_cast<std::uint32_t>(static_cast<std::uint64_t>(tick_) * samples_per_packet(negotiated_));
    anchor_ = at(tick_);
    tick_ = 0;
    negotiated_ = negotiated;
    events_.set_interval(samples_per_packet(negotiated_));
}

std::optional<Bytes> Echoer::echo(const RtpView& received) {
    if (!sends(negotiated_.direction)) return std::nullopt;
    const RtpHeader& in = received.header;
    RtpHeader out{.marker = in.marker, .ssrc = rtp_.ssrc};
    Bytes payload(received.payload.begin(), received.payload.end());
    if (in.payload_type == negotiated_.event_receive) {
        if (!negotiated_.event_send) return std::nullopt;
        out.payload_type = *negotiated_.event_send;
    } else {
        const auto format = std::ranges::find(negotiated_.receivable, in.payload_type, &Format::payload_type);
        if (format == negotiated_.receivable.end()) return std::nullopt;
        if (!format->codec.matches(negotiated_.codec)) {
            const auto from = law_of(format->codec);
            const auto to = law_of(negotiated_.codec);
            if (!from || !to) return std::nullopt;
            payload = encode(*to, decode(*from, payload));
        }
        out.payload_type = negotiated_.payload_type_send;
    }
    if (ssrc_ != in.ssrc) {
        const auto interval = static_cast<std::uint32_t>(negotiated_.ptime / 125us);
        shift_ = (ssrc_ ? latest_ + interval : rtp_.timestamp) - in.timestamp;
        latest_ = in.timestamp + shift_;
        ssrc_ = in.ssrc;
    }
    out.timestamp = in.timestamp + shift_;
    if (distance(latest_, out.timestamp) > 0) latest_ = out.timestamp;
    out.sequence = rtp_.sequence++;
    ++packets_;
    return write_rtp(out, payload);
}

}  // namespace trunkbox::media

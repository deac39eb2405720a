#include "media/listener.h"

#include <algorithm>

namespace trunkbox::media {
namespace {

constexpr std::int64_t longest_jump = 5 * std::int64_t{sample_rate};

}  // namespace

Listener::Listener(const Negotiated& negotiated, std::size_t most_samples)
    : negotiated_(negotiated), statistics_(negotiated.codec.clock_rate), most_samples_(most_samples) {}

void Listener::receive(ByteView datagram, Time arrival) {
    if (is_rtcp(datagram)) return;
    const auto packet = RtpView::parse(datagram);
    if (!packet) {
        ++malformed_;
        return;
    }
    const std::uint8_t payload_type = packet->header.payload_type;
    const bool is_event = payload_type == negotiated_.event_receive;
    const auto format = std::ranges::find(negotiated_.receivable, payload_type, &Format::payload_type);
    if (!is_event && format == negotiated_.receivable.end()) {
        ++unknown_payload_types_;
        return;
    }
    const auto verdict = statistics_.receive(packet->header, arrival, !is_event);
    if (statistics_.sources() != sources_) {
        sources_ = statistics_.sources();
        events_.new_source();
        origin_.reset();
    }
    if (verdict != ReceiverStatistics::Verdict::fresh) return;
    if (is_event) {
        receive_events(*packet);
    } else if (const auto law = law_of(format->codec)) {
        receive_audio(*law, *packet);
    }
}

// One packet may hold several events that follow one another without a pause (RFC 4733 section 2.5.1.5).
void Listener::receive_events(const RtpView& packet) {
    RtpHeader header = packet.header;
    ByteView rest = packet.payload;
    if (rest.size() < 4) ++malformed_;
    while (const auto report = TelephoneEvent::parse(rest)) {
        events_.receive(header, *report);
        header.timestamp += report->duration;
        rest = rest.subspan(4);
    }
}

void Listener::receive_audio(Law law, const RtpView& packet) {
    const auto audio = decode(law, packet.payload);
    double energy = 0;
    for (std::int16_t sample : audio) energy += static_cast<double>(sample) * sample;
    energy_ += energy;
    audio_samples_ += audio.size();
    if (mean_level_dbm0(energy, audio.size()) > heard_threshold_dbm0) heard_samples_ += audio.size();
    if (most_samples_ > 0) place(packet.header.timestamp, audio);
}

void Listener::place(std::uint32_t timestamp, std::span<const std::int16_t> audio) {
    const auto end = static_cast<std::int64_t>(samples_.size());
    const auto position = [&] { return static_cast<std::int64_t>(base_) + distance(*origin_, timestamp); };
    if (!origin_ || position() > end + longest_jump || position() < end - longest_jump) {
        origin_ = timestamp;
        base_ = samples_.size();
    }
    // Before the first packet of this source, or beyond what is kept.
    if (position() < static_cast<std::int64_t>(base_)) return;
    const auto first = static_cast<std::size_t>(position());
    if (first >= most_samples_) return;
    const std::size_t count = std::min(audio.size(), most_samples_ - first);
    if (first + count > samples_.size()) samples_.resize(first + count);
    std::copy_n(audio.begin(), count, samples_.begin() + static_cast<std::ptrdiff_t>(first));
}

double Listener::level() const {
    return mean_level_dbm0(energy_, audio_samples_);
}

Duration Listener::sound() const {
    return static_cast<std::int64_t>(heard_samples_) * Duration(125us);
}

}  // namespace trunkbox::media

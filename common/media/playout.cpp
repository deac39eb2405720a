#include "media/playout.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "media/wav.h"

namespace trunkbox::media {
namespace {

constexpr std::int64_t patience_seconds = 1;
constexpr std::size_t most_waiting_packets = 1000;
// Timestamps that jump further than the clock says are another clock's.
constexpr Duration most_drift = 5s;
// A pause in a capture longer than this is shortened to it.
constexpr Duration longest_pause = 600s;

}  // namespace

void Playout::receive(const Codec& codec, const RtpHeader& header, ByteView payload, Time arrival) {
    if (payload.empty()) return;
    if (rate_ == 0) {
        auto decoder = Decoder::of(codec);
        if (!decoder) return;
        rate_ = decoder->sample_rate();
    }
    if (codec.clock_rate == 0 || (codec != decodes_ && !Decoder::of(codec))) return;
    const std::int64_t step = distance(last_timestamp_, header.timestamp);
    if (!started_ || codec.clock_rate != clock_rate_) {
        clock_rate_ = codec.clock_rate;
        restart(header.timestamp, arrival);
    } else {
        const double apart = static_cast<double>(step) / clock_rate_;
        const bool another = std::abs(apart - seconds(arrival - last_arrival_)) > seconds(most_drift);
        if (another || apart > seconds(longest_pause))
            restart(header.timestamp, arrival);
        else
            highest_ += step;
    }
    const std::int64_t at = highest_;
    last_timestamp_ = header.timestamp;
    last_arrival_ = arrival;
    waiting_.try_emplace(at, Waiting{codec, Bytes(payload.begin(), payload.end())});
    const std::int64_t newest = waiting_.rbegin()->first;
    settle(newest - patience_seconds * clock_rate_);
    while (waiting_.size() > most_waiting_packets) settle(waiting_.begin()->first + 1);
}

// Goes on where the audio ended, later by as much as the capture's clock says.
void Playout::restart(std::uint32_t timestamp, Time arrival) {
    settle(std::numeric_limits<std::int64_t>::max());
    const Duration pause =
        started_ ? std::clamp(Duration(arrival - last_arrival_), Duration{0}, longest_pause) : Duration{0};
    begin_at_ = played_ + static_cast<std::int64_t>(seconds(pause) * rate_);
    begin_ = highest_ = timestamp;
    started_ = true;
}

void Playout::settle(std::int64_t before) {
    while (!waiting_.empty() && waiting_.begin()->first < before) {
        play(waiting_.begin()->first, waiting_.begin()->second);
        waiting_.erase(waiting_.begin());
    }
}

void Playout::play(std::int64_t at, const Waiting& packet) {
    if (!decoder_ || packet.codec != decodes_) {
        decoder_ = Decoder::of(packet.codec);
        decodes_ = packet.codec;
    }
    auto samples = decoder_->decode(packet.payload);
    if (decoder_->sample_rate() != rate_) samples = resample(samples, decoder_->sample_rate(), rate_);
    const std::int64_t place = begin_at_ + (at - begin_) * rate_ / clock_rate_;
    std::int64_t skip = 0;
    if (place > played_) {
        samples_.resize(samples_.size() + static_cast<std::size_t>(place - played_), 0);
        played_ = place;
    } else {
        skip = played_ - place;
    }
    // What stands there already was said before.
    if (skip >= static_cast<std::int64_t>(samples.size())) return;
    samples_.insert(samples_.end(), samples.begin() + skip, samples.end());
    played_ += static_cast<std::int64_t>(samples.size()) - skip;
}

std::vector<std::int16_t> Playout::take() { return std::exchange(samples_, {}); }

std::vector<std::int16_t> Playout::finish() {
    settle(std::numeric_limits<std::int64_t>::max());
    return take();
}

}  // namespace trunkbox::media

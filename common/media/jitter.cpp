#include "media/jitter.h"

#include <algorithm>
#include <cmath>

#include "media/rtp.h"

namespace trunkbox::media {

void InterarrivalJitter::receive(std::uint32_t timestamp, std::uint32_t clock_rate, Time arrival, Kind kind) {
    if (clock_rate == clock_rate_) {
        const double sent_apart = distance(timestamp_, timestamp) * (1e9 / clock_rate);
        const double difference = std::abs(static_cast<double>((arrival - arrival_).count()) - sent_apart);
        jitter_ += (difference - jitter_) / 16;
        ++count_;
        if (kind == Kind::running) {
            highest_ = std::max(highest_, jitter_);
            mean_ += (jitter_ - mean_) / static_cast<double>(count_);
        }
    }
    timestamp_ = timestamp;
    clock_rate_ = clock_rate;
    arrival_ = arrival;
}

void InterarrivalJitter::restart() {
    clock_rate_ = 0;
    jitter_ = 0;
}

Duration InterarrivalJitter::round(double nanoseconds) { return Duration(std::llround(nanoseconds)); }

}  // namespace trunkbox::media

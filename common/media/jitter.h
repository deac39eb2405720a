// How unevenly packets arrive (RFC 3550 sections 6.4.1 and A.8).
#pragma once

#include <cstdint>

#include "base/time.h"

namespace trunkbox::media {

class InterarrivalJitter {
  public:
    enum class Kind {
        running,  // in the midst of a talk spurt
        apart,  // the first of a spurt, comfort noise, or what follows it: stays out of the highest, and counts in the
                // mean as the mean so far
    };
    // A packet sent at `timestamp` of a clock of `clock_rate` Hz (not 0). The first one of another rate is compared
    // with nothing. Packets whose timestamp is not the time of sending (telephone-events repeat one) stay out.
    void receive(std::uint32_t timestamp, std::uint32_t clock_rate, Time arrival, Kind kind = Kind::running);
    // A new source: mean and highest stay, the next packet is compared with nothing.
    void restart();

    [[nodiscard]] Duration current() const { return round(jitter_); }
    [[nodiscard]] Duration mean() const { return round(mean_); }
    [[nodiscard]] Duration highest() const { return round(highest_); }

  private:
    [[nodiscard]] static Duration round(double nanoseconds);

    double jitter_ = 0;  // nanoseconds
    double highest_ = 0;
    double mean_ = 0;
    std::uint64_t count_ = 0;  // of differences
    std::uint32_t timestamp_ = 0;
    std::uint32_t clock_rate_ = 0;  // of the last packet; 0: there was none
    Time arrival_{};
};

}  // namespace trunkbox::media

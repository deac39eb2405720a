// How well a stream arrived: receiver statistics (RFC 3550 sections 6.4.1, A.1, A.3, A.8) and what an
// E-model makes of them.
#pragma once

#include "base/time.h"
#include "media/e_model.h"
#include "media/jitter.h"
#include "media/rtp.h"
#include "media/sequence.h"

#include <cstdint>
#include <optional>

namespace trunkbox::media {

struct Reception {
    std::uint64_t packets = 0;   // arrived, duplicates not counted
    std::uint64_t expected = 0;  // by sequence numbers, first to highest
    std::uint64_t lost = 0;      // expected but never seen
    std::uint64_t duplicates = 0;
    std::uint64_t reordered = 0;  // arrived after a higher sequence number
    std::uint64_t strays = 0;  // of another source or far off in sequence, never confirmed by a second packet
    std::uint64_t sources = 0;  // SSRCs that were listened to
    std::uint64_t gaps = 0;     // runs of consecutive losses
    Duration jitter{};          // interarrival jitter of the last source, RFC 3550 A.8
    Duration mean_jitter{};
    Duration highest_jitter{};

    // 0 to 1; 0 if nothing was expected.
    [[nodiscard]] double loss() const;
    bool operator==(const Reception&) const = default;
};

class ReceiverStatistics {
  public:
    // In Hz; 0 is taken as 8000.
    explicit ReceiverStatistics(std::uint32_t clock_rate = 8000)
        : clock_rate_(clock_rate == 0 ? 8000 : clock_rate) {}

    enum class Verdict { fresh, duplicate, stray };

    // timed: false for packets whose timestamp is not the time of sending (telephone-events repeat one), so
    // that they stay out of the jitter. A new SSRC is followed from its second packet in sequence on.
    Verdict receive(const RtpHeader& header, Time arrival, bool timed = true);

    [[nodiscard]] Reception reception() const;
    // The source that is listened to; empty before the first packet.
    [[nodiscard]] std::optional<std::uint32_t> ssrc() const;
    // How many there were; a restart far off in sequence is another one.
    [[nodiscard]] std::uint64_t sources() const { return total_.sources; }

  private:
    struct Source {
        std::uint32_t ssrc = 0;
        SequenceTracker sequence;
    };

    [[nodiscard]] bool follows_candidate(const RtpHeader& header) const;
    void start(const RtpHeader& header);
    void count_source(Reception& into) const;

    std::uint32_t clock_rate_;
    std::optional<Source> source_;
    std::optional<RtpHeader> candidate_;
    InterarrivalJitter jitter_;
    Reception total_;  // packets of all sources; the counts of those that ended
};

// The estimate for what was received, with a jitter buffer of twice the mean jitter; delay in the network is not seen
// by one end alone, so it is an argument.
[[nodiscard]] double mos(const Reception& reception, Duration ptime, Duration network_delay = {},
                         const Impairment& codec = g711_plain);

}  // namespace trunkbox::media

// How well a stream arrived: receiver statistics (RFC 3550 sections 6.4.1, A.1, A.3, A.8) and an E-model
// estimate.
#pragma once

#include "base/time.h"
#include "media/rtp.h"

#include <array>
#include <bitset>
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
    Duration jitter{};          // interarrival jitter of the last source, RFC 3550 A.8
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
    static constexpr std::uint64_t window =
        2048;  // sequence numbers in which duplicates are told from late packets

    struct Source {
        std::uint32_t ssrc = 0;
        std::uint64_t first = 0;  // extended sequence numbers
        std::uint64_t highest = 0;
        std::uint64_t received = 0;
        std::bitset<window> seen{};  // by extended sequence number modulo window
        std::optional<std::uint32_t> last_timestamp{};
        Time last_arrival{};
        double jitter = 0;  // timestamp units
    };

    [[nodiscard]] bool follows_candidate(const RtpHeader& header) const;
    void start(const RtpHeader& header);
    Verdict place(Source& source, std::int32_t ahead);
    void measure(Source& source, std::uint32_t timestamp, Time arrival);

    std::uint32_t clock_rate_;
    std::optional<Source> source_;
    std::optional<RtpHeader> candidate_;
    Reception total_;  // packets of all sources; expected and lost of those that ended
    double highest_jitter_ = 0;
};

struct Impairment {
    double ie = 0;     // equipment impairment factor
    double bpl = 4.3;  // packet-loss robustness
};

// G.113 appendix I (G.711 without and with loss concealment): ie 0, bpl 4.3 and 25.1.
inline constexpr Impairment g711_plain{.ie = 0, .bpl = 4.3};
inline constexpr Impairment g711_concealed{.ie = 0, .bpl = 25.1};

// Transmission rating R of G.107 with its default values (R0 - Is = 93.2), random loss (0 to 1), no echo.
// one_way: mouth to ear, jitter buffer included.
[[nodiscard]] double rating(double loss, Duration one_way, const Impairment& codec = g711_plain);
// MOS-CQE, 1 to 4.5, from R (G.107 annex B).
[[nodiscard]] double mos(double rating);
// The estimate for what a receiver saw, with a jitter buffer of twice the jitter; delay in the network is not
// seen by one end alone, so it is an argument.
[[nodiscard]] double mos(const Reception& reception, Duration ptime, Duration network_delay = {},
                         const Impairment& codec = g711_plain);

}  // namespace trunkbox::media

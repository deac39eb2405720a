// What the packets of a stream sound like, each in its time, for a file rather than for an ear: nothing is left out
// because it came late by less than a second.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/time.h"
#include "media/decoder.h"
#include "media/rtp.h"
#include "media/sdp.h"

namespace trunkbox::media {

// Packets are put in order by their timestamps; silence stands where none came, where nothing was sent, and for
// telephone-events and comfort noise. Memory is bounded by a second of audio.
class Playout {
  public:
    // A packet and when it arrived. One of a codec that is not decoded, and one that comes later than a second, is
    // passed over.
    void receive(const Codec& codec, const RtpHeader& header, ByteView payload, Time arrival);

    // Hz, of the first packet that could be decoded; 0 before it. Later ones of another rate are resampled.
    [[nodiscard]] std::uint32_t sample_rate() const { return rate_; }
    // The samples that no packet changes any more, since the last time.
    [[nodiscard]] std::vector<std::int16_t> take();
    // The rest.
    [[nodiscard]] std::vector<std::int16_t> finish();

  private:
    struct Waiting {
        Codec codec{};
        Bytes payload{};
    };
    void settle(std::int64_t before);
    void play(std::int64_t at, const Waiting& packet);
    void restart(std::uint32_t timestamp, Time arrival);

    std::map<std::int64_t, Waiting> waiting_;  // by extended timestamp
    std::optional<Decoder> decoder_;
    Codec decodes_{};
    std::uint32_t rate_ = 0;
    std::uint32_t clock_rate_ = 0;
    std::uint32_t last_timestamp_ = 0;
    Time last_arrival_{};
    std::int64_t highest_ = 0;  // extended timestamp
    std::int64_t begin_ = 0;    // extended timestamp of the first sample since the last restart
    std::int64_t begin_at_ = 0; // number of that sample
    std::int64_t played_ = 0;   // samples made so far
    bool started_ = false;
    std::vector<std::int16_t> samples_;
};

}  // namespace trunkbox::media

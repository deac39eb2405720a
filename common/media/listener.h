// The receiving side of an RTP stream: statistics, audio, digits.
#pragma once

#include "base/time.h"
#include "media/g711.h"
#include "media/offer_answer.h"
#include "media/quality.h"
#include "media/rtp.h"
#include "media/telephone_event.h"
#include "media/tone.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace trunkbox::media {

class Listener {
  public:
    // most_samples bounds the audio that is kept (16 bits each, 8 kHz); 0 keeps none. Statistics, digits and
    // the level need none.
    explicit Listener(const Negotiated& negotiated, std::size_t most_samples = 0);

    // A datagram from the RTP port, anything at all, and when it arrived.
    void receive(ByteView datagram, Time arrival);
    // After a further offer and answer; what was heard stays.
    void renegotiate(const Negotiated& negotiated) { negotiated_ = negotiated; }

    [[nodiscard]] Reception reception() const { return statistics_.reception(); }
    [[nodiscard]] const EventReceiver& events() const { return events_; }
    [[nodiscard]] std::string digits() const { return events_.digits(); }

    // What was said, placed by timestamp from the first packet on, zero where packets are missing. A jump of
    // more than 5 s, or a new source, goes on where the audio ended.
    [[nodiscard]] std::span<const std::int16_t> samples() const { return samples_; }

    // Mean level of all audio received; no_level_dbm0 if there was none.
    [[nodiscard]] double level() const;
    // Audio in packets louder than heard_threshold_dbm0.
    [[nodiscard]] Duration sound() const;
    // A tenth of a second of it.
    [[nodiscard]] bool heard() const { return sound() >= 100ms; }

    // Not RTP, and RTP of a payload type that was not agreed on.
    [[nodiscard]] std::uint64_t malformed() const { return malformed_; }
    [[nodiscard]] std::uint64_t unknown_payload_types() const { return unknown_payload_types_; }

  private:
    void receive_audio(Law law, const RtpView& packet);
    void receive_events(const RtpView& packet);
    void place(std::uint32_t timestamp, std::span<const std::int16_t> audio);

    Negotiated negotiated_;
    ReceiverStatistics statistics_;
    EventReceiver events_;
    std::uint64_t sources_ = 0;
    std::size_t most_samples_;
    std::vector<std::int16_t> samples_;
    std::optional<std::uint32_t> origin_;  // timestamp of samples_[base_]
    std::size_t base_ = 0;
    double energy_ = 0;  // sum of squares
    std::uint64_t heard_samples_ = 0;
    std::uint64_t audio_samples_ = 0;
    std::uint64_t malformed_ = 0;
    std::uint64_t unknown_payload_types_ = 0;
};

}  // namespace trunkbox::media

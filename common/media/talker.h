// The sending side of an RTP stream: which packet is due when. It has no clock: the caller says what time it
// is.
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "media/offer_answer.h"
#include "media/rtp.h"
#include "media/telephone_event.h"
#include "media/tone.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

namespace trunkbox::media {

struct Silence {};

// 8 kHz mono; shared, as many calls play the same file.
struct Recording {
    std::shared_ptr<const std::vector<std::int16_t>> samples{};
    bool loop = false;
};

using Source = std::variant<Silence, Tone, Recording>;

// RFC 3550 section 5.1 wants random ones: they are drawn at the edge.
struct RtpStart {
    std::uint32_t ssrc = 0;
    std::uint16_t sequence = 0;
    std::uint32_t timestamp = 0;
};

class Talker {
  public:
    // After a stall at most this many late packets are sent; the time before them is left out.
    static constexpr std::int64_t most_late = 5;

    // The codec is PCMA or PCMU (otherwise: std::invalid_argument, a bug: make no offer of others). The first
    // packet is due at `start`, packet n at start + n * ptime.
    Talker(const Negotiated& negotiated, const RtpStart& rtp, Source source, Time start);

    // When next() has a packet again; empty while the direction forbids sending.
    [[nodiscard]] std::optional<Time> due() const;
    // The packet due by `now`, if there is one: ask again until there is none.
    [[nodiscard]] std::optional<Bytes> next(Time now);

    // Telephone-events in place of audio. Errors: none negotiated, the far end takes no such event, no digit,
    // timing out of range, too many waiting.
    [[nodiscard]] Result<void> send_digits(std::string_view digits, const DigitTiming& timing = {});
    [[nodiscard]] bool sending_digits() const { return events_.busy(); }

    // A recording that is not looped was played to its end (silence follows); always false for the others.
    [[nodiscard]] bool finished() const;
    [[nodiscard]] std::uint64_t packets() const { return packets_; }
    [[nodiscard]] const net::Endpoint& remote() const { return negotiated_.remote; }

    void play(Source source);
    // After a further offer and answer: SSRC, sequence and timestamp go on.
    void renegotiate(const Negotiated& negotiated, Time now);

  private:
    [[nodiscard]] Time at(std::int64_t tick) const { return anchor_ + tick * negotiated_.ptime; }
    void skip_to(Time now, std::int64_t most);
    void fill(std::vector<std::int16_t>& samples);

    Negotiated negotiated_;
    RtpStart rtp_;  // timestamp: of tick 0; sequence: of the next packet
    Source source_;
    EventSender events_;
    Time anchor_;
    std::int64_t tick_ = 0;       // of the next packet, counted from the anchor
    std::uint64_t position_ = 0;  // samples of the source that were sent
    std::uint64_t packets_ = 0;
};

// Sends back what is received, as a stream of its own: new SSRC, sequence and timestamps, our payload types.
class Echoer {
  public:
    Echoer(const Negotiated& negotiated, const RtpStart& rtp) : negotiated_(negotiated), rtp_(rtp) {}

    // The packet to send for a received one; nothing for formats that were not agreed on, or while the
    // direction forbids sending.
    [[nodiscard]] std::optional<Bytes> echo(const RtpView& received);
    [[nodiscard]] std::uint64_t packets() const { return packets_; }
    [[nodiscard]] const net::Endpoint& remote() const { return negotiated_.remote; }
    void renegotiate(const Negotiated& negotiated) { negotiated_ = negotiated; }

  private:
    Negotiated negotiated_;
    RtpStart rtp_;
    std::optional<std::uint32_t> ssrc_;  // of the source that is echoed
    std::uint32_t shift_ = 0;            // our timestamp less theirs
    std::uint32_t latest_ = 0;           // the highest timestamp sent, and where its audio ended
    std::uint64_t packets_ = 0;
};

}  // namespace trunkbox::media

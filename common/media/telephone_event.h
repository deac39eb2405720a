// Digits as telephone-events (RFC 4733), sent and received.
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "media/rtp.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::media {

// The payload (section 2.3).
struct TelephoneEvent {
    std::uint8_t event = 0;
    bool end = false;
    std::uint8_t volume = 10;    // dBm0 without its sign, 0 to 63
    std::uint16_t duration = 0;  // timestamp units since the event began

    // The first event of a payload; error under 4 bytes.
    [[nodiscard]] static Result<TelephoneEvent> parse(ByteView payload);
    [[nodiscard]] std::array<std::uint8_t, 4> bytes() const;
    bool operator==(const TelephoneEvent&) const = default;
};

// Section 3.2, table 3: 0-9 * # A-D are the events 0 to 15; small letters are taken too.
[[nodiscard]] std::optional<std::uint8_t> event_of(char digit);
[[nodiscard]] std::optional<char> digit_of(std::uint8_t event);

struct DigitTiming {
    Duration duration = 100ms;  // 40 ms to 8 s, what the duration field can hold at 8 kHz
    Duration gap = 60ms;        // silence after it, at least 40 ms: the last packet is sent three times
    std::uint8_t volume = 10;   // dBm0 without its sign, 0 to 63
};

// Asked once a packet interval, it gives the event packet that takes the place of audio.
class EventSender {
  public:
    struct Packet {
        TelephoneEvent event{};
        bool marker = false;          // the first one of an event
        std::uint32_t timestamp = 0;  // when the event began: the same in all of its packets
    };

    // samples_per_packet: the packet interval in timestamp units.
    explicit EventSender(std::uint32_t samples_per_packet) : samples_per_packet_(samples_per_packet) {}
    void set_interval(std::uint32_t samples_per_packet) { samples_per_packet_ = samples_per_packet; }

    // Behind what is still to be sent; at most 256 digits wait. Errors: no digit, timing out of range, too
    // many.
    [[nodiscard]] Result<void> send(std::string_view digits, const DigitTiming& timing = {});
    // The packet of the interval that begins at `timestamp`; nothing in gaps and when there is nothing to
    // send.
    [[nodiscard]] std::optional<Packet> next(std::uint32_t timestamp);
    // Events or gaps are left.
    [[nodiscard]] bool busy() const { return active_ || !waiting_.empty(); }

  private:
    struct Digit {
        std::uint8_t event = 0;
        std::uint8_t volume = 0;
        std::uint32_t duration = 0;  // timestamp units, as the gap
        std::uint32_t gap = 0;
    };
    struct Active {
        Digit digit{};
        std::uint32_t began = 0;
        int ends_sent = 0;
        bool started = false;
    };

    std::uint32_t samples_per_packet_;
    std::deque<Digit> waiting_;
    std::optional<Active> active_;
};

// Tells events from one another by their timestamp, so that lost, repeated and reordered packets neither lose
// nor double a digit as long as one packet of it arrives.
class EventReceiver {
  public:
    struct Event {
        std::uint32_t timestamp = 0;
        std::uint32_t duration = 0;  // timestamp units, the longest reported; segments are added up
        std::uint8_t event = 0;
        bool ended = false;  // a packet with the E bit came
    };

    // At most this many events are kept; later ones are counted in dropped().
    static constexpr std::size_t most_events = 1024;

    // True if the packet began an event not heard of before. A zero duration is ignored (section 2.3.5).
    bool receive(const RtpHeader& header, const TelephoneEvent& report);
    // A new source has new timestamps: what was heard stays, nothing is compared with it.
    void new_source() { source_began_ = events_.size(); }

    // In the order of their timestamps.
    [[nodiscard]] const std::vector<Event>& events() const { return events_; }
    // The events 0 to 15 as characters.
    [[nodiscard]] std::string digits() const;
    [[nodiscard]] std::size_t dropped() const { return dropped_; }

  private:
    std::vector<Event> events_;
    std::size_t source_began_ = 0;
    std::size_t dropped_ = 0;
};

}  // namespace trunkbox::media

// What is remembered of media: where session descriptions say that they go, and the streams that were seen. Private to
// sbc/.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/time.h"
#include "sbc/state_entries.h"
#include "sbc/state_table.h"

namespace trunkbox::sbc {

struct Moment;

// A set of payload types.
class PayloadTypes {
  public:
    void add(unsigned type) { bits_[type / 64 % 2] |= 1ULL << (type % 64); }
    [[nodiscard]] bool has(unsigned type) const { return (bits_[type / 64 % 2] >> (type % 64) & 1U) != 0; }
    [[nodiscard]] bool empty() const { return (bits_[0] | bits_[1]) == 0; }
    PayloadTypes& operator|=(const PayloadTypes& other) {
        bits_[0] |= other.bits_[0];
        bits_[1] |= other.bits_[1];
        return *this;
    }

  private:
    std::array<std::uint64_t, 2> bits_{};
};

// One m= line as one party described it: what it wants to receive, and where.
struct MediaLine {
    std::uint64_t place = 0;        // address and port; 0: nowhere, it is refused or on hold
    std::uint64_t address = 0;
    PayloadTypes types{};
    std::uint8_t events = 0;        // payload type of telephone-events; 0: none
    std::uint8_t event_clock = 8;   // of these, kHz
    std::uint8_t ptime = 0;         // ms; 0: not said
    bool secure = false;            // RTP/SAVP
    bool both_ways = false;         // sendrecv, at an address that the other end can reach
    bool anywhere = false;          // it names several places (RFC 8445), or no RTP
};

// What the two ends of one leg described to one another.
struct MediaSession : StateLinks {
    static constexpr std::size_t most_lines = 2;

    std::uint64_t dialog = 0;       // its key
    Time described{};               // latest
    Time ended = Time::max();
    std::array<std::array<MediaLine, most_lines>, 2> lines{};  // by Party
    bool many = false;              // more lines than are kept
};

// An address and port that a session description names, or an address alone.
struct Pinhole : StateLinks {
    struct Use {
        std::uint64_t session = 0;  // its key
        std::uint8_t line = 0;
        Party party = Party::caller;
    };
    std::array<Use, 2> uses{};      // the latest first
    Time last = Time::min();        // packet that came to it
    Time expected = Time::min();    // … from where the other end's session description says
    Time relied = Time::min();      // … from `latched`
    std::uint64_t latched = 0;      // address that sends without being described (symmetric RTP)
    std::uint64_t candidate = 0;    // … that would
    std::uint16_t candidate_sequence = 0;
    std::uint8_t candidate_count = 0;
};

// RTP from one endpoint to another.
struct MediaStream : StateLinks {
    Time first{}, last{};
    Time next_look = Time::min();   // when the pinhole is looked up again
    Time window{};                  // since when bytes are counted
    Time other_last = Time::min();
    Time bye = Time::min();         // RTCP said so, of bye_ssrc
    Time digits_since{};
    Time event_began{};
    PayloadTypes types{};           // that may come; empty: any
    std::uint32_t ssrc = 0, other_ssrc = 0, bye_ssrc = 0;
    std::uint32_t timestamp = 0, event_timestamp = 0;
    std::uint32_t window_bytes = 0;
    std::uint16_t sequence = 0, event_duration = 0;
    std::uint8_t payload_type = 0, events = 0, event_clock = 8, digits = 0;
    bool watched_source = false;    // each packet's source is looked at
    bool secure = false;            // SRTP by what both ends say
    std::uint8_t ptime = 0;         // ms that its receiver asked for
    std::uint8_t said = 0;          // what is said once of a stream
};

// What the rules of media look at, of the packet seen last.
struct MediaPresent {
    std::string_view event_fault{};
    std::string_view plain{};             // why it is no SRTP
    Duration silent{};                    // after the end, or without a packet
    std::int32_t jump = 0;
    std::uint32_t ssrc = 0, ssrc_before = 0;
    std::uint32_t rate = 0, nominal = 0;  // bytes a second
    std::uint32_t packet_ms = 0, described_ms = 0;
    std::uint8_t payload_type = 0;
    bool one_way = false;
    bool bye = false;                     // an RTCP BYE before, not a wrong source
    bool interleaved = false;             // two SSRC by turns
    bool timestamp = false;               // the jump is one of the timestamp
};

// RTP or RTCP by its first byte (RFC 7983 section 7) and length.
[[nodiscard]] inline bool is_media(std::string_view bytes) {
    constexpr std::size_t least = 8;  // of RTCP; RTP has 12
    if (bytes.size() < least) return false;
    auto first = static_cast<unsigned char>(bytes.front());
    return first >= 128 && first <= 191;
}

// state_media.cpp: a packet for which is_media() holds.
void see_media(Moment& m);
// No message begins like media: there is none to be read.
[[nodiscard]] inline bool is_sound_media(const net::Datagram& packet) {
    return is_media(packet.bytes) && packet.oddities.empty();
}

// state_media_lines.cpp: a session description is going to say that media go there.
void expect_media(Moment& m, const net::Ip& ip, std::uint16_t port);
// of a message with a session description that went on; of any that ends a call.
void learn_media(Moment& m);
// A BYE, before the rules look at it.
void see_end_of_media(Moment& m);

}  // namespace trunkbox::sbc

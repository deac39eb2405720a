// One RTP stream while its packets come. Private to this folder.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "media/jitter.h"
#include "media/rtcp.h"
#include "media/sdp.h"
#include "media/sequence.h"
#include "media/telephone_event.h"
#include "net/address.h"
#include "trace/streams.h"

namespace trunkbox::trace {

// An RTP packet in the parts that every packet needs; what a header claims beyond the datagram is no RTP.
struct RtpPacket {
    media::RtpHeader header{};
    media::ByteView payload{};
    std::size_t size = 0;  // of the datagram

    [[nodiscard]] static std::optional<RtpPacket> read(media::ByteView datagram);
};

// What the formats of SDP say of payload types.
using Formats = std::vector<media::Format>;

class Flow {
  public:
    struct Key {
        net::Endpoint from{}, to{};
        std::uint32_t ssrc = 0;
        bool operator==(const Key&) const = default;
    };

    Flow(const Key& key, std::uint64_t id, const RtpPacket& packet, Time time);

    [[nodiscard]] const Key& key() const { return key_; }
    [[nodiscard]] std::uint64_t id() const { return id_; }
    [[nodiscard]] std::uint64_t packets() const { return packets_; }
    [[nodiscard]] Time last() const { return last_; }

    // Known to be RTP: announced, or three packets in sequence.
    [[nodiscard]] bool confirmed() const { return more_ != nullptr; }
    // By its last packet.
    void confirm(const RtpPacket& packet, const Formats* formats);
    // Whether the packet continues what may be RTP; else it is what may begin.
    void try_packet(const RtpPacket& packet, Time time);

    // What was put off until the flow was confirmed, by its first packet or, when nothing announced it, by this one.
    void begin_with(const RtpPacket& packet, Time time);
    // A packet of a confirmed flow; `formats` is looked at when the payload type changes, nullptr: none were announced.
    void receive(const RtpPacket& packet, Time time, const Formats* formats);
    // Other formats were announced: the next packet looks its payload type up again.
    void formats_changed() { stale_ = true; }
    [[nodiscard]] bool wants_formats(const RtpPacket& packet) const {
        return stale_ || packet.header.payload_type != payload_type_;
    }
    // The codec of the last packet, nullptr when it is not known.
    [[nodiscard]] const media::Codec* codec() const;

    void on_sender_report(const media::SenderInfo& info, Time time);
    void on_block(const media::ReportBlock& block, Time time);
    [[nodiscard]] std::optional<Duration> round_trip() const;

    // The stream as it is now. `other_way` is the round trip of the stream in the other direction.
    [[nodiscard]] Stream stream(std::optional<Duration> other_way) const;

  private:
    enum class Kind : std::uint8_t { audio, event, comfort_noise, unknown };
    struct Used {
        Format format{};
        Kind kind = Kind::unknown;
        std::uint32_t clock_rate = 0;
    };
    // What only some packets touch.
    struct More {
        std::vector<Used> used{};
        media::EventReceiver events{};
        std::vector<std::pair<std::uint32_t, Time>> event_times{};  // by timestamp
        std::uint64_t comfort_noise = 0;
        std::optional<Reported> reported{};
        std::array<std::pair<std::uint32_t, Time>, 4> sent_reports{};  // by SenderInfo::middle()
        std::size_t next_report = 0;
    };
    static constexpr std::uint32_t none = 0xffffffff;
    static constexpr std::size_t most_formats = 128;

    void use(const RtpPacket& packet, const Formats* formats);
    void take_sequence(std::uint16_t sequence);
    void take_time(const RtpPacket& packet, Time time);
    void take_event(const RtpPacket& packet, Time time);
    void rate(Stream& stream) const;
    [[nodiscard]] std::vector<Digit> digits() const;

    Key key_;
    std::uint32_t current_ = none;  // of more_->used
    std::uint64_t id_ = 0;
    Time first_{}, last_{};
    std::uint64_t packets_ = 1;
    std::uint64_t run_ = 0;  // packets of the current format that more_ does not count yet
    std::uint64_t octets_ = 0;
    media::SequenceTracker sequence_;
    media::InterarrivalJitter jitter_;
    std::uint32_t timestamp_ = 0;   // of the packet of the highest sequence number
    std::uint32_t clock_rate_ = 0;  // of the current format; 0: unknown
    std::uint32_t step_ = 0;        // timestamp units of a packet
    std::uint32_t last_step_ = 0;
    Duration silence_{};
    std::uint16_t in_row_ = 1;
    std::uint16_t bad_sequence_ = 0;  // what would confirm a restart far off
    bool bad_ = false;
    bool stale_ = false;  // formats were announced since the last look
    bool fresh_ = false;  // the packet at hand is the next in sequence
    bool ahead_ = false;  // … or higher
    std::uint8_t payload_type_ = 0;
    Kind kind_ = Kind::unknown;
    Kind last_kind_ = Kind::unknown;
    std::unique_ptr<More> more_;
};

}  // namespace trunkbox::trace

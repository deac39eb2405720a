// RTP streams out of datagrams: what of each came, what was lost, how evenly, and how it sounded.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "media/jitter.h"
#include "media/rtcp.h"
#include "media/sdp.h"
#include "media/sequence.h"
#include "net/datagram.h"

namespace trunkbox::trace {

// A key that was pressed: an RFC 4733 event once, however often it was sent, or the body of a SIP INFO.
struct Digit {
    char key = 0;  // 0-9 * # A-D
    Time time{};
    Duration duration{};
    bool by_info = false;

    bool operator==(const Digit&) const = default;
};

// What the receiver of a stream reported of it (RTCP).
struct Reported {
    std::uint64_t reports = 0;
    std::int32_t lost = 0;  // as the last report says
    double highest_fraction_lost = 0;
    Duration jitter{};
    // From where the capture was made to the receiver and back; nothing when no report answers a sender report that was
    // captured.
    std::optional<Duration> round_trip{};
    bool operator==(const Reported&) const = default;
};

// The payload types that a stream used, in the order of their first packets.
struct Format {
    std::uint8_t payload_type = 0;
    std::optional<media::Codec> codec{};  // nothing: dynamic, and no SDP says what it is
    std::uint64_t packets = 0;
    bool operator==(const Format&) const = default;
};

struct Stream {
    std::uint64_t id = 0;  // in the order of first packets, from 1
    net::Endpoint from{}, to{};
    std::uint32_t ssrc = 0;
    std::string call_id{};  // of the message whose SDP announced it; "" when none did
    std::vector<Format> formats{};

    Time first{}, last{};
    std::uint64_t packets = 0;  // that arrived, duplicates too
    std::uint64_t octets = 0;   // of UDP payload
    media::SequenceCount sequence{};
    Duration jitter{}, mean_jitter{}, highest_jitter{};
    Duration ptime{};           // what a packet of audio holds, by its timestamps; 0: unknown
    std::uint64_t comfort_noise = 0;  // packets (RFC 3389)
    Duration silence{};         // not sent at all, by timestamps that go on while sequence numbers do not
    std::vector<Digit> digits{};
    std::optional<Reported> reported{};

    // Mouth to ear as far as it is known: half of the round trips of both directions (0 without RTCP), one packet, and
    // a jitter buffer of twice the mean jitter. So the rating is the best that the network allows.
    Duration delay{};
    // E-model R and MOS; nothing for a codec of which G.113 gives no factors.
    std::optional<double> rating{}, mos{};

    [[nodiscard]] Duration duration() const { return last - first; }
    // Of IP packets, mean over the stream's time; 0 when that is 0.
    [[nodiscard]] double bits_per_second() const;
    // The one of most packets that is audio or video; "" when there is none or its name is not known.
    [[nodiscard]] std::string codec() const;
    // "PCMA, telephone-event"; "PT 96" where the name is not known.
    [[nodiscard]] std::string codecs() const;
    [[nodiscard]] std::string keys() const;
};

// One packet of a stream, while it passes; borrows the datagram.
struct MediaPacket {
    std::uint64_t stream = 0;
    const media::Codec* codec = nullptr;  // nullptr: not known
    Time time{};
    media::RtpHeader header{};
    media::ByteView payload{};
};

// Bounded: beyond the limits the streams that were silent longest are handed out early, which is counted.
class Streams {
  public:
    struct Limits {
        std::size_t streams = 65'536;
        std::size_t announced = 131'072;  // addresses
    };
    struct Counters {
        std::uint64_t packets = 0;  // of RTP
        std::uint64_t reports = 0;  // RTCP packets
        std::uint64_t evicted = 0;  // streams that were handed out early
        std::uint64_t forgotten = 0;  // announced addresses
    };
    Streams();
    explicit Streams(Limits limits);
    ~Streams();
    Streams(Streams&&) noexcept;
    Streams& operator=(Streams&&) noexcept;

    // Is told of each packet of audio, also of packets that turn out to be no RTP when nothing announced them.
    void listen(std::function<void(const MediaPacket&)> listener);

    // From now on RTP for `rtp` has these formats and belongs to this call, too.
    void announce(const net::Endpoint& rtp, std::span<const media::Format> formats, std::string_view call_id);
    // RTP, RTCP, or nothing of these. Where no SDP announced either address, what looks like RTP is taken for it once
    // three packets of one source came in sequence; nothing of it is lost by then.
    void receive(const net::Datagram& datagram);
    [[nodiscard]] bool is_media(std::string_view bytes) const {
        return bytes.size() >= 8 && (static_cast<unsigned char>(bytes.front()) & 0xc0) == 0x80;
    }

    // The call is over: what another one announces at its addresses is another stream. Until then two calls may share
    // media, as the legs of a back-to-back user agent that stays out of it.
    void release(std::string_view call_id);
    // The streams of a call, in the order of their first packets. They and its addresses are forgotten, unless another
    // call shares them.
    [[nodiscard]] std::vector<Stream> take(std::string_view call_id);
    // Those that were handed out early since the last time.
    [[nodiscard]] std::vector<Stream> take_evicted();
    // All that is left, in the order of their first packets.
    [[nodiscard]] std::vector<Stream> finish();

    [[nodiscard]] const Counters& counters() const;

  private:
    class Table;
    std::unique_ptr<Table> table_;
};

}  // namespace trunkbox::trace

// Takes a capture apart, frame by frame in the order of the file: every link layer and tunnel, fragments, TCP and
// SCTP, WebSocket and HEP3, up to the payloads that two endpoints exchanged. It judges no SIP. Its clock is the
// frames' time, its tables are bounded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/time.h"
#include "net/datagram.h"

namespace trunkbox::net {

// What became of a frame.
enum class Fate : std::uint8_t {
    delivered,        // a part of at least one datagram
    surplus,          // nothing but bytes that were delivered before, or the rest of what was given up
    no_payload,       // nothing of UDP, TCP, SCTP or HEP in it: ARP, ICMP, a pure ACK …
    cut,              // the capture holds too little of it to tell
    damaged,          // a layer lies: a length or a version that cannot be; a receiver drops it
    unknown_link,     // a link type that is not read here
};
[[nodiscard]] std::string_view name(Fate fate);

struct Settled {
    std::uint64_t frame = 0;
    Fate fate = Fate::no_payload;
    std::string_view why{};  // a constant, for damaged and cut: the layer at fault, e.g. "UDP length"; else empty
};

class DatagramSink {
  public:
    // Borrowed: valid until it returns. Never calls the dissector.
    virtual void datagram(const Datagram& datagram) = 0;
    // Once for every frame, after the last datagram that it has a part in. Mostly within the feed() of that frame;
    // a fragment or a segment without the end of a message waits for what completes it, at the latest for finish().
    virtual void settled(const Settled& settled) = 0;

  protected:
    ~DatagramSink() = default;
};

struct DissectorLimits {
    Duration fragments_wait = 30s;              // between the first and the last fragment of a packet
    Duration hole_wait = 3s;                    // for a TCP segment or an SCTP chunk that is missing
    Duration stream_idle = 600s;                // then what a TCP stream or SCTP association holds is given up
    std::size_t fragment_bytes = 8U << 20U;     // of all incomplete packets
    std::size_t fragmented_packets = 8192;
    std::size_t stream_bytes = 12U << 20U;      // of all TCP streams, and as many of all SCTP associations
    std::size_t streams = 16384;                // directions of TCP connections, and of SCTP associations
    std::size_t segments_ahead = 256;           // of one stream behind a hole
    std::size_t message_bytes = 128U << 10U;    // of one message of a stream
    std::size_t layers = 24;                    // headers of one frame, tags and labels counted
};

struct DissectorCounts {
    std::uint64_t frames = 0;
    std::uint64_t datagrams = 0;
    std::uint64_t fragments_expired = 0;   // packets of which fragments were missing in time
    std::uint64_t fragments_evicted = 0;   // … given up because a table was full
    std::uint64_t streams_evicted = 0;     // given up because a table was full
    std::uint64_t holes = 0;               // given up waiting for: lost segments and chunks
    std::uint64_t backwards = 0;           // frames older than the one before
    Duration most_backwards{};             // by how much at the most
};

class Dissector {
  public:
    // The sink outlives the dissector.
    explicit Dissector(DatagramSink& sink, const DissectorLimits& limits = {});
    ~Dissector();
    Dissector(Dissector&&) noexcept;
    Dissector& operator=(Dissector&&) noexcept;

    // Frames are numbered ascending. The bytes are needed no longer than the call.
    void feed(const Frame& frame);
    // Delivers what is incomplete: fragments with Anomaly::fragments_missing, messages of streams as cut. Every frame
    // is settled then, and the dissector as if new.
    void finish();

    [[nodiscard]] const DissectorCounts& counts() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace trunkbox::net

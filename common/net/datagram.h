// What a capture is taken apart into: frames come in, the payloads that two endpoints exchanged come out.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/time.h"
#include "net/address.h"

namespace trunkbox::net {

// One packet as it was captured, link layer first. Borrows `bytes`.
struct Frame {
    std::uint64_t number = 0;  // from 1, as other tools count
    Time time{};
    int link_type = 0;         // of the registry that capture files use: 1 Ethernet, 101 raw IP …
    std::string_view bytes{};
    std::uint32_t original_length = 0;  // on the wire; more than `bytes` holds when the capture was cut short
};

// What the layers below SIP did that an honest sender does not do.
enum class Anomaly : std::uint8_t {
    fragment_overlap,     // different bytes for one place, or a first fragment too short to hold the ports
    datagram_too_long,    // reassembled beyond what an IP packet can carry
    fragments_missing,    // never completed within the time allowed
    segment_overlap,      // TCP: different bytes for one place of the stream
    bytes_between,        // a stream holds bytes between its messages that are no CRLF
    message_too_long,     // longer than is kept of a message of a stream: what is delivered is its beginning
};
struct Oddity {
    Anomaly what{};
    std::uint64_t frame = 0;  // where it showed
};

// One payload between two endpoints: a UDP datagram, or one message framed out of a stream, a WebSocket, an SCTP
// chunk or a HEP3 envelope. Borrows everything; valid until the sink returns. Where an anomaly leaves nothing that a
// receiver could use, bytes are empty; where the fragment with the ports is missing, the ports are 0.
struct Datagram {
    Time time{};  // of the frame that completed it
    Endpoint from{};
    Endpoint to{};
    Transport transport = Transport::udp;
    std::string_view bytes{};
    bool cut = false;                         // the capture holds less of it than the wire did
    bool opaque = false;                      // a stream's bytes that are no message: TLS, HTTP, garbage; one a frame
    std::span<const std::uint64_t> frames{};  // all that carried a part of it, ascending
    std::span<const Oddity> oddities{};
};

}  // namespace trunkbox::net

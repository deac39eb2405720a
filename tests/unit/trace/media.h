// RTP and RTCP between documentation addresses, for the tests of trace/.
#pragma once

#include <string>

#include "media/rtp.h"
#include "net/datagram.h"
#include "trace/streams.h"
#include "unit/trace/messages.h"

namespace trunkbox::trace::test {

inline const net::Endpoint ear{net::Ip::v4(0xc0000201), 40000};     // 192.0.2.1
inline const net::Endpoint mouth{net::Ip::v4(0xc6336401), 50000};  // 198.51.100.1

inline std::string text(media::ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

// One sender's packets, 20 ms of PCMA each.
struct Sender {
    net::Endpoint from = mouth;
    net::Endpoint to = ear;
    std::uint32_t ssrc = 0x1234;
    std::uint8_t payload_type = 8;
    std::uint16_t sequence = 1000;
    std::uint32_t timestamp = 0;

    // The next one, and where it is to be received when.
    std::string next(media::Bytes payload = media::Bytes(160, 0xd5), bool marker = false) {
        auto bytes = media::write_rtp({.marker = marker,
                                       .payload_type = payload_type,
                                       .sequence = sequence++,
                                       .timestamp = timestamp,
                                       .ssrc = ssrc},
                                      payload);
        timestamp += 160;
        return text(bytes);
    }
    void skip(std::uint16_t packets = 1) {
        sequence = static_cast<std::uint16_t>(sequence + packets);
        timestamp += packets * 160U;
    }
};

inline void receive(Streams& streams, const Sender& sender, Duration at, std::string_view bytes) {
    streams.receive({.time = Time{} + at, .from = sender.from, .to = sender.to, .bytes = bytes});
}

inline void announce(Streams& streams, const net::Endpoint& rtp = ear, std::string_view call_id = "c1") {
    std::vector<media::Format> formats = {{.payload_type = 8, .codec = {.name = "PCMA"}},
                                          {.payload_type = 101, .codec = {.name = "telephone-event"}}};
    streams.announce(rtp, formats, call_id);
}

// So many packets, 20 ms apart.
inline void talk(Streams& streams, Sender& sender, int packets, Duration from = 0ms) {
    for (int i = 0; i < packets; ++i) receive(streams, sender, from + i * 20ms, sender.next());
}

}  // namespace trunkbox::trace::test

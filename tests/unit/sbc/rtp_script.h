// Media packets for a Script, and what they should sound like.
#pragma once

#include <string>
#include <string_view>

#include "unit/sbc/script.h"

namespace trunkbox::sbc::test {

// 192.0.2.1:4000 and 198.51.100.1:4000 are what connect() describes; payload type 8 both ways.
inline const net::Endpoint caller_media{net::Ip::v4(0xc0000201), 4000};
inline const net::Endpoint callee_media{net::Ip::v4(0xc6336401), 4000};

inline std::string big_endian(std::uint64_t number, int bytes) {
    std::string text;
    for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(number >> (8 * i) & 0xffU);
    return text;
}

// A sender of RTP, 20 ms a packet. Everything may be changed between two packets.
struct Sender {
    net::Endpoint from = callee_media, to = caller_media;
    std::uint32_t ssrc = 0x1111, timestamp = 1000, step = 160;
    std::uint16_t sequence = 10;
    std::uint8_t type = 8;
    bool marker = false;
    std::string payload = std::string(40, '\x55') + std::string(40, '\x2a') + std::string(80, '\x31');

    [[nodiscard]] std::string packet() const {
        return "\x80" + big_endian((marker ? 0x80U : 0U) | type, 1) + big_endian(sequence, 2) + big_endian(timestamp, 4) +
               big_endian(ssrc, 4) + payload;
    }
    // One packet; the next one is 20 ms later.
    Verdict send(Script& script, double seconds) {
        Verdict verdict = script.at(seconds, from, to, packet());
        ++sequence;
        timestamp += step;
        return verdict;
    }
    // `count` packets from `begin` on: what was said of them that is not the usual, each with its place.
    std::string talk(Script& script, double begin, int count) {
        std::string all;
        for (int i = 0; i < count; ++i)
            if (auto word = said(send(script, begin + 0.02 * i)); word != "non_sip P-007") all += fmt::format("{}: {}; ", i, word);
        return all;
    }
};

}  // namespace trunkbox::sbc::test

// What the tests of media share: a stream that both sides agree on, and a random source of its own.
#pragma once

#include "media/offer_answer.h"
#include "media/rtp.h"

#include <cstdint>

namespace trunkbox::media::testing {

inline const Time start = Time(1'700'000'000s);

inline net::Endpoint endpoint(std::uint8_t last, std::uint16_t port) {
    return {.ip = net::Ip::v4(0xc0000200U | last), .port = port};
}

inline Negotiated pcma() {
    const Format a{.payload_type = 8, .codec = {.name = "PCMA"}};
    const Format mu{.payload_type = 0, .codec = {.name = "PCMU"}};
    return {.remote = endpoint(2, 40000),
            .codec = a.codec,
            .payload_type_send = 8,
            .payload_type_receive = 8,
            .receivable = {a, mu},
            .event_send = 101,
            .event_receive = 101,
            .events = EventSet(0xffff)};
}

// Deterministic (xorshift): below(n) gives 0 to n - 1.
class Dice {
  public:
    explicit Dice(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ULL + 1) {}
    std::uint64_t below(std::uint64_t n) {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        return (state_ >> 11) % n;
    }

  private:
    std::uint64_t state_;
};

}  // namespace trunkbox::media::testing

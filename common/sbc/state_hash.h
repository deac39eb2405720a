// What a judge remembers texts by. Keyed, so that nobody who does not know the key can choose what meets in a table.
// Private to sbc/.
#pragma once

#include <cstdint>
#include <string_view>

#include "net/address.h"

namespace trunkbox::sbc {

// Verdicts do not depend on it, but for texts whose 64 bits are the same by chance.
struct HashKey {
    std::uint64_t first = 0x243f6a8885a308d3ULL, second = 0x13198a2e03707344ULL;
};

// Two hashes made one. The order matters.
[[nodiscard]] constexpr std::uint64_t combine(std::uint64_t a, std::uint64_t b) {
    std::uint64_t sum = (a ^ (b + 0x9e3779b97f4a7c15ULL + (a << 6U) + (a >> 2U))) * 0xff51afd7ed558ccdULL;
    sum = (sum ^ (sum >> 32U)) * 0xc4ceb9fe1a85ec53ULL;
    return sum ^ (sum >> 29U);
}

class KeyedHash {
  public:
    explicit KeyedHash(HashKey key) : key_(key) {}

    // SipHash-1-3.
    [[nodiscard]] std::uint64_t operator()(std::string_view text) const { return sip(text, 0); }
    // The same for "A" and "a"; some signs meet, too.
    [[nodiscard]] std::uint64_t folded(std::string_view text) const { return sip(text, 0x2020202020202020ULL); }
    [[nodiscard]] std::uint64_t operator()(const net::Ip& ip) const;

  private:
    [[nodiscard]] std::uint64_t sip(std::string_view text, std::uint64_t fold) const;

    HashKey key_;
};

}  // namespace trunkbox::sbc

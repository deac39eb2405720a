#include "base/ids.h"

#include <bit>

#include <fmt/format.h>

namespace trunkbox {

// xoroshiro128++ (Blackman and Vigna, public domain algorithm): small state, no bias that a tag would show.
std::uint64_t IdSource::next() {
    std::uint64_t a = state_[0];
    std::uint64_t b = state_[1];
    std::uint64_t result = std::rotl(a + b, 17) + a;
    b ^= a;
    state_[0] = std::rotl(a, 49) ^ b ^ (b << 21);
    state_[1] = std::rotl(b, 28);
    return result;
}

std::string IdSource::token() { return fmt::format("{:016x}", next()); }

}  // namespace trunkbox

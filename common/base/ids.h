// Tokens for tags, branches, Call-IDs, nonces. The seed is a value that the edge draws from the system.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace trunkbox {

// RFC 3261 section 19.3 wants at least 32 bits of randomness in a tag; a token has 64.
class IdSource {
  public:
    using Seed = std::array<std::uint64_t, 2>;
    explicit IdSource(Seed seed) : state_(seed) {
        if (state_[0] == 0 && state_[1] == 0) state_[0] = 0x9e3779b97f4a7c15ULL;
    }

    [[nodiscard]] std::uint64_t next();
    // 16 hexadecimal digits.
    [[nodiscard]] std::string token();

  private:
    Seed state_;
};

}  // namespace trunkbox

// Packets as a broken or a hostile sender makes them, from those of a sound one. The same seed gives the same damage.
#pragma once

#include "net/packet.h"

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

namespace trunkbox::bench {

class Mutation {
  public:
    explicit Mutation(std::uint64_t seed) : random_(seed) {}
    // One to four times damaged, mostly in what UDP carries, with lengths that fit it, so that it is read that far.
    [[nodiscard]] std::string packet(const net::Endpoint& from, const net::Endpoint& to, std::string payload);

  private:
    void damage(std::string& bytes);
    [[nodiscard]] std::size_t below(std::size_t limit) { return limit == 0 ? 0 : random_() % limit; }

    std::mt19937_64 random_;
};

}  // namespace trunkbox::bench

// How many different texts there were, in memory that is bounded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace trunkbox::sbc {

// Exact but for collisions of their hashes; beyond `most` the earliest are forgotten, and new again when they return.
class Distinct {
  public:
    explicit Distinct(std::size_t most = std::size_t{1} << 18U) : most_(most) {}

    // True: it is new.
    bool add(std::string_view text) {
        auto hash = std::hash<std::string_view>()(text);
        if (!known_.insert(hash).second) return false;
        if (order_.size() < most_) {
            order_.push_back(hash);
            return true;
        }
        known_.erase(order_[next_]);
        order_[next_] = hash;
        next_ = (next_ + 1) % most_;
        return true;
    }

  private:
    std::unordered_set<std::size_t> known_;
    std::vector<std::size_t> order_;  // a ring
    std::size_t most_;
    std::size_t next_ = 0;
};

}  // namespace trunkbox::sbc

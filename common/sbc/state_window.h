// How many of something there were lately, by the time of packets. Private to sbc/.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/time.h"

namespace trunkbox::sbc {

// How often something happened within a window that slides by eighths, the first of which begins with what happens
// first: never more than there was within the window, and all that there was within seven eighths of it. Time must
// not go back, and the window stay as long as it is.
class SlidingCount {
  public:
    std::uint32_t add(Time now, Duration window) {
        slide(now, window);
        if (counts_[newest_] == UINT16_MAX) return sum_;
        ++counts_[newest_];
        return ++sum_;
    }
    [[nodiscard]] std::uint32_t count(Time now, Duration window) {
        slide(now, window);
        return sum_;
    }
    void clear() { *this = {}; }

  private:
    void slide(Time now, Duration window) {
        Duration eighth = window / 8;
        if (sum_ == 0 || now - begun_ >= window) {
            *this = {};
            begun_ = now;
            return;
        }
        for (; now - begun_ >= eighth; begun_ += eighth) {
            newest_ = static_cast<std::uint8_t>((newest_ + 1U) % counts_.size());
            sum_ -= counts_[newest_];
            counts_[newest_] = 0;
        }
    }

    Time begun_{};  // the newest eighth
    std::uint32_t sum_ = 0;
    std::array<std::uint16_t, 8> counts_{};
    std::uint8_t newest_ = 0;
};

// How many different values there were within the window; up to n, which stands for all above.
template <std::size_t n>
class DifferentLately {
  public:
    // This one included.
    std::uint32_t add(std::uint32_t value, Time now, Duration window) {
        std::size_t into = 0;
        std::uint32_t others = 0;
        bool known = false;
        for (std::size_t i = 0; i < n; ++i) {
            bool live = is_live(i, now, window);
            if (live && values_[i] == value) {
                into = i;
                known = true;
            } else {
                others += live ? 1U : 0U;
                if (!known && times_[i] < times_[into]) into = i;
            }
        }
        values_[into] = value;
        times_[into] = now;
        return std::min<std::uint32_t>(others + 1, n);
    }
    void remove(std::uint32_t value) {
        for (std::size_t i = 0; i < n; ++i)
            if (values_[i] == value) times_[i] = Time::min();
    }

  private:
    [[nodiscard]] bool is_live(std::size_t i, Time now, Duration window) const {
        return times_[i] != Time::min() && now - times_[i] < window;
    }

    static constexpr std::array<Time, n> never() {
        std::array<Time, n> times{};
        times.fill(Time::min());
        return times;
    }
    std::array<Time, n> times_ = never();
    std::array<std::uint32_t, n> values_{};
};

}  // namespace trunkbox::sbc

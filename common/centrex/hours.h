// When somewhere is open: days of the week and times of the day, as the clock there shows them.
#pragma once

#include "base/result.h"
#include "base/zone.h"

#include <bitset>
#include <string_view>

namespace trunkbox::centrex {

struct Hours {
    std::bitset<7> days{};  // 0 is Monday
    int from = 0;           // minute of the day, included
    int to = 24 * 60;       // excluded; not after from: it ends on the next day

    // "mon-fri 09:00-18:00", "sat,sun 10:00-12:30", "fri 22:00-02:00", "mon-sun".
    [[nodiscard]] static Result<Hours> parse(std::string_view text);
    [[nodiscard]] bool contains(const WallClock& clock) const;
};

}  // namespace trunkbox::centrex

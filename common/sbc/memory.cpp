#include "sbc/memory.h"

#include <algorithm>

#include "sbc/rule.h"

namespace trunkbox::sbc {

void Memory::see(const Subject& subject) {
    Time time = subject.packet.time;
    if (time < now_) {
        ++counts_.backwards;
        counts_.most_backwards = std::max(counts_.most_backwards, Duration(now_ - time));
        return;
    }
    now_ = time;
}

void Memory::learn(const Subject&, const Verdict&) {}

}  // namespace trunkbox::sbc

#include "media/sequence.h"

#include <algorithm>

#include "media/rtp.h"

namespace trunkbox::media {

double SequenceCount::loss() const {
    return expected == 0 ? 0 : static_cast<double>(lost()) / static_cast<double>(expected);
}

void SequenceTracker::begin(std::uint16_t first) {
    // One cycle up, so that what comes before the first packet is still positive.
    first_ = highest_ = settled_ = 65536U + first;
    bits_.fill(0);
    run_ = 0;
    received_ = 1;
    set(first_);
}

void SequenceTracker::restart(std::uint16_t first) {
    sums_ = count();
    ++sums_.restarts;
    begin(first);
}

SequenceTracker::Place SequenceTracker::receive(std::uint16_t sequence) {
    const std::int32_t ahead = distance(static_cast<std::uint16_t>(highest_), sequence);
    if (ahead >= most_dropout || ahead < -most_misorder) return Place::far;
    const std::uint64_t number = highest_ + static_cast<std::uint64_t>(static_cast<std::int64_t>(ahead));
    if (ahead > 0) {
        advance(number);
        set(number);
        ++received_;
        return ahead == 1 ? Place::next : Place::ahead;
    }
    if (number >= first_ && seen(number)) {
        ++sums_.duplicates;
        return Place::duplicate;
    }
    first_ = std::min(first_, number);
    settled_ = std::min(settled_, number);
    set(number);
    ++received_;
    ++sums_.reordered;
    return Place::late;
}

void SequenceTracker::advance(std::uint64_t to) {
    for (std::uint64_t number = highest_ + 1; number <= to; ++number) {
        if (number - settled_ >= window) settle(number - window);
        reset(number);
    }
    highest_ = to;
}

void SequenceTracker::settle(std::uint64_t number) {
    settled_ = number + 1;
    if (seen(number)) {
        run_ = 0;
        return;
    }
    if (++run_ == 1) ++sums_.gaps;
    sums_.longest_gap = std::max(sums_.longest_gap, run_);
}

SequenceCount SequenceTracker::count() const {
    SequenceTracker whole = *this;
    for (std::uint64_t number = settled_; number <= highest_; ++number) whole.settle(number);
    SequenceCount made = whole.sums_;
    made.received += received_;
    made.expected += highest_ - first_ + 1;
    return made;
}

}  // namespace trunkbox::media

#include "net/ledger.h"

namespace trunkbox::net {

void Ledger::hold(std::uint64_t frame) {
    if (frame == current_) ++holds_;
    else ++open_.at(frame).holds;
}

void Ledger::release(std::uint64_t frame) {
    if (frame == current_) {
        --holds_;
        return;
    }
    auto place = open_.find(frame);
    if (--place->second.holds > 0) return;
    auto outcome = place->second.outcome.value_or(Outcome{Fate::surplus, {}});
    open_.erase(place);
    sink_->settled({frame, outcome.fate, outcome.why});
}

void Ledger::mark(std::uint64_t frame, const Outcome& outcome) {
    if (frame == current_) improve(outcome_, outcome);
    else improve(open_.at(frame).outcome, outcome);
}

void Ledger::deliver(const Datagram& datagram) {
    for (auto frame : datagram.frames) mark(frame, {Fate::delivered, {}});
    deliver_whole(datagram);
}

void sort_frames(std::vector<std::uint64_t>& frames) {
    if (std::is_sorted(frames.begin(), frames.end()) &&
        std::adjacent_find(frames.begin(), frames.end()) == frames.end())
        return;
    std::sort(frames.begin(), frames.end());
    frames.erase(std::unique(frames.begin(), frames.end()), frames.end());
}

}  // namespace trunkbox::net

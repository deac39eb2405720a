// Accounts for frames: who still keeps bytes of one, and what became of it; hands datagrams and settled frames on.
#pragma once

#include <unordered_map>
#include <vector>

#include "net/layer.h"

namespace trunkbox::net {

class Ledger {
  public:
    explicit Ledger(DatagramSink& sink) : sink_(&sink) {}

    // The frame in hand, until end(): by far the most settle there and never get into the table.
    void begin(std::uint64_t frame) {
        current_ = frame;
        holds_ = 0;
        outcome_.reset();
    }
    // The outcome is that of a frame that nobody holds or marked.
    void end(const Outcome& outcome) {
        if (holds_ > 0) {
            open_.emplace(current_, Open{holds_, outcome_});
        } else {
            const auto& last = outcome_ ? *outcome_ : outcome;
            if (last.fate == Fate::delivered) sink_->settled({current_, Fate::delivered, {}});
            else sink_->settled({current_, last.fate, last.why});
        }
        current_ = none;
    }

    // Each hold is ended by one release.
    void hold(std::uint64_t frame);
    void release(std::uint64_t frame);
    // Of a frame in hand or held; of several outcomes the best is kept, and delivered is better than all.
    void mark(std::uint64_t frame, const Outcome& outcome);

    // To the sink, and marks its frames.
    void deliver(const Datagram& datagram);
    // … that is whole within the frame in hand, which end() will be told.
    void deliver_whole(const Datagram& datagram) {
        ++datagrams_;
        sink_->datagram(datagram);
    }

    [[nodiscard]] std::uint64_t datagrams() const { return datagrams_; }
    [[nodiscard]] std::size_t waiting() const { return open_.size(); }

  private:
    struct Open {
        std::uint32_t holds = 0;
        Stop outcome;
    };
    static void improve(Stop& kept, const Outcome& outcome) {
        if (!kept || outcome.fate < kept->fate) kept = outcome;
    }
    static constexpr auto none = ~std::uint64_t{0};

    DatagramSink* sink_;
    std::uint64_t current_ = none;
    std::uint32_t holds_ = 0;
    Stop outcome_;
    std::uint64_t datagrams_ = 0;
    std::unordered_map<std::uint64_t, Open> open_;
};

// The frames in which the bytes in hand came: more than one if they were fragmented. What was odd about them.
struct Origin {
    Time time{};
    std::uint64_t frame = 0;  // the last of them
    std::span<const std::uint64_t> frames{};
    std::span<const Oddity> oddities{};
};

// Ascending, each once: as Datagram::frames are.
void sort_frames(std::vector<std::uint64_t>& frames);

}  // namespace trunkbox::net

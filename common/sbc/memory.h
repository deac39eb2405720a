// What a judge remembers of the packets before. Packet time is its only clock.
#pragma once

#include <cstdint>

#include "base/time.h"

namespace trunkbox::sbc {

struct Subject;
struct Verdict;

// Bounded, whatever is sent; what is forgotten for want of room is counted. The rules of scope transaction, dialog,
// rate and media read it by Subject::memory; only the judge makes it see and learn.
class Memory {
  public:
    struct Counts {
        std::uint64_t evicted = 0;    // forgotten before their time, for want of room
        std::uint64_t backwards = 0;  // packets that are earlier than one before them
        Duration most_backwards{};    // by how much at most
    };

    // Before the rules look at a packet: time goes on, and what counts every packet counts this one.
    void see(const Subject& subject);
    // When its verdict stands: what the message begins, changes or ends. In Mode::enforce a packet that was rejected
    // or dropped leaves nothing behind.
    void learn(const Subject& subject, const Verdict& verdict);

    // The latest packet's time; it never goes back.
    [[nodiscard]] Time now() const { return now_; }
    [[nodiscard]] const Counts& counts() const { return counts_; }

  private:
    Time now_ = Time::min();
    Counts counts_{};
};

}  // namespace trunkbox::sbc

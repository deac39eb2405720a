// Which packets of one RTP source came, and which did not (RFC 3550 section A.1).
#pragma once

#include <array>
#include <cstdint>

namespace trunkbox::media {

// What is known of sequence numbers; a restart far off begins a new count, and the old one stays in the sums.
struct SequenceCount {
    std::uint64_t received = 0;     // different sequence numbers
    std::uint64_t expected = 0;     // first to highest
    std::uint64_t duplicates = 0;   // the same one again
    std::uint64_t reordered = 0;    // after a higher one
    std::uint64_t gaps = 0;         // runs of consecutive losses
    std::uint64_t longest_gap = 0;  // packets
    std::uint64_t restarts = 0;

    [[nodiscard]] std::uint64_t lost() const { return expected - (received < expected ? received : expected); }
    // 0 to 1; 0 if nothing was expected.
    [[nodiscard]] double loss() const;
    bool operator==(const SequenceCount&) const = default;
};

// 112 bytes without a pointer, so that a table can hold many.
class SequenceTracker {
  public:
    enum class Place : std::uint8_t {
        next,       // one higher than the highest
        ahead,      // higher: what is between is missing so far
        late,       // lower than the highest, and new
        duplicate,  // seen before
        far,        // too far off to belong to the same count; not taken
    };

    // Too far ahead is most_dropout and more, too far behind more than most_misorder.
    static constexpr std::int32_t most_dropout = 3000;
    static constexpr std::int32_t most_misorder = 100;

    explicit SequenceTracker(std::uint16_t first) { begin(first); }

    Place receive(std::uint16_t sequence);
    // Counts anew from this one on; what was counted stays in the sums.
    void restart(std::uint16_t first);

    [[nodiscard]] SequenceCount count() const;
    [[nodiscard]] std::uint16_t highest() const { return static_cast<std::uint16_t>(highest_); }

  private:
    static constexpr std::uint64_t window = 128;  // more than most_misorder
    static_assert(window > most_misorder);

    void begin(std::uint16_t first);
    void advance(std::uint64_t to);
    void settle(std::uint64_t number);
    [[nodiscard]] bool seen(std::uint64_t number) const {
        return (bits_[number % window / 64] >> (number % 64) & 1) != 0;
    }
    void set(std::uint64_t number) { bits_[number % window / 64] |= std::uint64_t{1} << (number % 64); }
    void reset(std::uint64_t number) { bits_[number % window / 64] &= ~(std::uint64_t{1} << (number % 64)); }

    std::array<std::uint64_t, window / 64> bits_{};  // by extended number, modulo window
    std::uint64_t first_ = 0;                        // extended sequence numbers
    std::uint64_t highest_ = 0;
    std::uint64_t settled_ = 0;  // numbers below it are known to be lost or not
    std::uint64_t run_ = 0;      // losses right below settled_
    std::uint64_t received_ = 0;
    SequenceCount sums_;  // of what is settled and of the counts before
};

}  // namespace trunkbox::media

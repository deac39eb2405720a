// One walk through the prefixes of two tables, beside the traffic to them.
#pragma once

#include "lcr/diff.h"
#include "lcr/diff_side.h"

#include <cstdint>
#include <span>
#include <vector>

namespace trunkbox::lcr {

// Calls to one number and who is the cheapest for them; carriers of both tables, or Change::none.
struct LaidTraffic {
    std::uint64_t key = 0;     // of the number, as tree_key of a prefix
    std::int64_t seconds = 0;  // of one call
    std::uint32_t calls = 0;
    std::uint32_t first_before = Change::none, first_after = Change::none;
};

class Walk {
  public:
    // `traffic` is sorted by key; it takes place at `traffic_at`.
    Walk(const Side& before, const Side& after, const Vocabulary& vocabulary, const DiffOptions& options,
         std::span<const LaidTraffic> traffic, Time traffic_at);

    // Adds to diff.changes and diff.prefixes.
    [[nodiscard]] Result<void> run(Diff& diff);

  private:
    // What a number gets from here on.
    struct Segment {
        std::int64_t from = 0;
        std::uint32_t position = Change::none;  // of the row; none: no price
        std::uint32_t terms = Vocabulary::blocked;
        std::int64_t rate = 0;
        Lane lane = 0;  // the row's own
        [[nodiscard]] bool priced() const { return terms != Vocabulary::blocked; }
        // Whether it means the same for a caller: no price and blocked are both no route.
        [[nodiscard]] bool same_as(const Segment& other) const {
            return terms == other.terms && rate == other.rate;
        }
    };
    using Timeline = std::vector<Segment>;

    struct Difference {
        std::int64_t from = 0, until = for_good;
        Segment before, after;
        std::uint32_t change = Change::none;  // that reports it
        [[nodiscard]] bool shows_as(const Difference& other) const;
    };

    // A prefix at which a carrier has rows in either table.
    struct Frame {
        std::uint64_t highest = 0;  // padded number below the prefix
        Timeline before, after;
        std::vector<Difference> differences;
    };
    // The prefixes around the current one. Frames above the depth keep their memory for the next.
    struct Stack {
        std::vector<Frame> frames;
        std::size_t depth = 0;
        void leave(std::uint64_t padded);
        [[nodiscard]] const Frame* top() const { return depth == 0 ? nullptr : &frames[depth - 1]; }
        Frame& push();
    };
    struct LaneStack {
        Lane lane = 0;
        Stack stack{};
    };

    [[nodiscard]] Result<void> set_up(std::size_t carriers);
    [[nodiscard]] Result<numbering::Prefix> next_prefix(std::uint64_t key) const;
    [[nodiscard]] Result<void> visit_prefix(std::uint64_t key, numbering::Prefix prefix);
    [[nodiscard]] Result<void> visit_carrier(std::uint64_t key, numbering::Prefix prefix, Side::Group before,
                                             Side::Group after);
    [[nodiscard]] Result<void> read(const Side& side, Side::Group group, std::vector<Side::Row>& rows) const;
    void overlay(const std::vector<Side::Row>& rows, std::uint32_t first, Lane lane, const Timeline* base,
                 Timeline& result);
    void add_stretch(const Segment& own, std::int64_t from, std::int64_t until, const Timeline* base,
                     Timeline& result) const;
    [[nodiscard]] Segment pick(const std::vector<Side::Row>& rows, std::uint32_t first, Lane lane,
                               std::int64_t at) const;
    void compare(const Frame& frame, std::vector<Difference>& result) const;
    void report(numbering::Prefix prefix, std::uint32_t carrier, Lane lane, const Frame* parent, Frame& frame);
    [[nodiscard]] Change make_change(numbering::Prefix prefix, std::uint32_t carrier,
                                     const Difference& difference) const;
    void judge(Change& change, const Difference& difference) const;
    void judge_rates(Change& change, const Difference& difference) const;
    [[nodiscard]] std::optional<Time> beginning(const Difference& difference) const;
    void lay_traffic(std::uint64_t before_key);
    void lay(const LaidTraffic& traffic);

    const Side& before_;
    const Side& after_;
    const Vocabulary& vocabulary_;
    const DiffOptions& options_;
    std::span<const LaidTraffic> traffic_;
    std::int64_t traffic_at_;
    std::int64_t at_;
    std::size_t next_traffic_ = 0;
    std::vector<std::vector<LaneStack>> carriers_;
    Diff* diff_ = nullptr;

    // Of the current prefix; kept for their memory.
    std::uint32_t place_before_ = 0, place_after_ = 0;
    std::vector<Side::Group> groups_before_, groups_after_;
    std::vector<Side::Row> rows_before_, rows_after_;
    std::vector<std::int64_t> moments_;
    std::vector<int> fits_;  // of a row's lane for a lane, by both
};

}  // namespace trunkbox::lcr

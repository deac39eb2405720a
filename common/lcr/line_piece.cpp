#include "lcr/line_piece.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace trunkbox::lcr {

namespace {

constexpr std::uint32_t no_row = 0xFFFFFFFF;
constexpr std::size_t most_candidates = 250;
constexpr std::size_t most_compared = 16;       // candidates that each further one is held against

constexpr std::uint16_t no_price = 0xFFFF;  // a shape that there is none of

// What each carrier goes by at a prefix, during one stretch of time after the other.
struct Level {
    std::uint32_t place = 0;
    bool slow = false;
    std::vector<std::uint32_t> until;       // by stretch
    std::vector<std::uint32_t> rows;        // by stretch and carrier, and memory behind them
    std::vector<LineCandidate> candidates;  // what the rows say; of no_price: nothing that can be the cheapest
};

struct Gathered {
    LineCandidate candidate;
    std::uint32_t row = 0;  // position, which says all of the candidate
    friend bool operator==(const Gathered& a, const Gathered& b) { return a.row == b.row; }
};

// Whether a call under `a` never bills more seconds nor a higher fee than under `b`, whatever its duration: every
// moment at which `b` starts a new increment is one at which `a` does.
bool never_more(const ShapeRecord& a, const ShapeRecord& b) {
    return a.fee <= b.fee && a.minimum <= b.minimum && b.increment % a.increment == 0 &&
           (b.minimum - a.minimum) % a.increment == 0;
}

class PieceBuilder {
  public:
    PieceBuilder(const LineSource& source, const std::vector<Window>& windows, std::uint32_t usual)
        : source_(source), windows_(windows), carriers_(source.carriers.size()), usual_(usual), best_(source.shapes.size(), no_best),
          asked_by_(source.boundaries.size() + 1, PrefixRecord::none) {}

    LinePiece build(std::uint32_t first, std::uint32_t last) {
        levels_.resize(1);
        levels_[0] = nothing();
        std::size_t depth = 0;
        for (auto place : families(first)) go_to(place, depth);
        for (auto place = first; place < last; ++place) {
            go_to(place, depth);
            piece_.where.push_back(emit(levels_[depth - 1], levels_[depth]));
        }
        return std::move(piece_);
    }

  private:
    static constexpr std::uint32_t no_best = 0xFFFFFFFF;

    // The prefixes that one begins with, the shortest first.
    [[nodiscard]] std::vector<std::uint32_t> families(std::uint32_t place) const {
        std::vector<std::uint32_t> all;
        for (auto at = source_.prefixes[place].shorter; at != PrefixRecord::none; at = source_.prefixes[at].shorter)
            all.push_back(at);
        std::ranges::reverse(all);
        return all;
    }

    // The place's shorter prefix is one of those on the way to the last place.
    void go_to(std::uint32_t place, std::size_t& depth) {
        while (depth > 0 && levels_[depth].place != source_.prefixes[place].shorter) --depth;
        ++depth;
        if (levels_.size() <= depth) levels_.resize(depth + 1);
        enter(levels_[depth - 1], levels_[depth], place);
    }

    [[nodiscard]] Level nothing() const {
        return {.place = PrefixRecord::none,
                .until = {no_boundary},
                .rows = std::vector<std::uint32_t>(carriers_, no_row),
                .candidates = std::vector<LineCandidate>(carriers_, {.shape = no_price})};
    }

    [[nodiscard]] std::span<const RowRecord> rows_of(std::uint32_t place) const {
        auto first = source_.prefixes[place].first_row;
        return source_.rows.subspan(first, source_.prefixes[place + 1].first_row - first);
    }
    [[nodiscard]] std::uint32_t carrier_of(const RowRecord& row) const { return source_.decks[row.deck].carrier; }

    [[nodiscard]] bool decided_here(std::span<const RowRecord> rows) const {
        return std::ranges::all_of(rows, [&](const RowRecord& row) {
            const auto& terms = source_.terms[row.terms];
            auto fits = terms.blocked != 0 || (terms.shape != no_shape && (row.rate & rate_by_index) == 0);
            return fits && windows_[row.scope].plain;
        });
    }

    // What holds at a prefix is what holds at the shorter one, its own rows laid over that.
    void enter(const Level& above, Level& level, std::uint32_t place) {
        auto rows = rows_of(place);
        level.place = place;
        level.slow = above.slow || !decided_here(rows);
        if (level.slow) return;
        find_ends(above, rows, place);
        if (auto most = std::min(ends_.size(), most_stretches + 1) * carriers_; level.rows.size() < most) {
            level.rows.resize(most);
            level.candidates.resize(most);
        }
        std::uint32_t begin = 0;
        std::size_t parent = 0;
        level.until.clear();
        for (auto end : ends_) {
            while (above.until[parent] <= begin) ++parent;
            auto stretch = level.until.size();
            level.slow = stretch > most_stretches;
            if (level.slow) return;
            std::copy_n(&above.rows[parent * carriers_], carriers_, &level.rows[stretch * carriers_]);
            std::copy_n(&above.candidates[parent * carriers_], carriers_, &level.candidates[stretch * carriers_]);
            lay_over(level, stretch, rows, begin);
            // A change in what another row overrides is none.
            if (stretch > 0 && same_rows(level, stretch, level, stretch - 1))
                level.until.back() = end;
            else
                level.until.push_back(end);
            begin = end;
        }
        level.slow = level.until.size() > most_stretches;
    }

    [[nodiscard]] bool same_rows(const Level& a, std::size_t in_a, const Level& b, std::size_t in_b) const {
        const auto* rows = &a.rows[in_a * carriers_];
        return std::equal(rows, rows + carriers_, &b.rows[in_b * carriers_]);
    }

    // Where anything changes at a prefix, ascending.
    void find_ends(const Level& above, std::span<const RowRecord> rows, std::uint32_t place) {
        ends_.clear();
        auto add = [&](std::uint32_t moment) {
            if (moment != no_boundary && std::exchange(asked_by_[moment], place) != place) ends_.push_back(moment);
        };
        for (auto moment : above.until) add(moment);
        for (const auto& row : rows)
            for (auto moment : {windows_[row.scope].begin, windows_[row.scope].end})
                if (moment != 0) add(moment);
        std::ranges::sort(ends_);
        ends_.push_back(no_boundary);
    }

    // Rows of one carrier stand together, the one that wins in front.
    void lay_over(Level& level, std::size_t stretch, std::span<const RowRecord> rows, std::uint32_t passed) const {
        auto first = source_.prefixes[level.place].first_row;
        std::uint32_t done = no_row;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            auto carrier = carrier_of(rows[i]);
            const auto& window = windows_[rows[i].scope];
            if (carrier == done || passed < window.begin || passed >= window.end) continue;
            level.rows[stretch * carriers_ + carrier] = first + static_cast<std::uint32_t>(i);
            level.candidates[stretch * carriers_ + carrier] = candidate(rows[i], carrier);
            done = carrier;
        }
    }

    [[nodiscard]] LineCandidate candidate(const RowRecord& row, std::uint32_t carrier) const {
        const auto& terms = source_.terms[row.terms];
        bool priced = terms.blocked == 0 && source_.carriers[carrier].enabled;
        return {row.rate, static_cast<std::uint16_t>(carrier),
                priced ? static_cast<std::uint16_t>(terms.shape) : no_price};
    }

    // The candidates that no other one beats at every duration, by rate, then carrier.
    void gather(const Level& level, std::size_t stretch, std::vector<Gathered>& kept) {
        kept.clear();
        const auto* candidates = level.candidates.data() + stretch * carriers_;
        const auto* rows = level.rows.data() + stretch * carriers_;
        for (std::size_t carrier = 0; carrier < carriers_; ++carrier) {
            const auto& candidate = candidates[carrier];
            if (candidate.shape == no_price) continue;
            // Of equal terms the cheapest, of equally cheap ones the first carrier.
            auto& best = best_[candidate.shape];
            if (best == no_best) {
                best = static_cast<std::uint32_t>(kept.size());
                kept.push_back({candidate, rows[carrier]});
            } else if (candidate.rate < kept[best].candidate.rate) {
                kept[best] = {candidate, rows[carrier]};
            }
        }
        for (const auto& entry : kept) best_[entry.candidate.shape] = no_best;
        std::ranges::sort(kept, {}, [](const Gathered& entry) {
            return std::pair(entry.candidate.rate, entry.candidate.carrier);
        });
        drop_beaten(kept);
    }

    void drop_beaten(std::vector<Gathered>& entries) const {
        std::size_t kept = 0;
        for (auto entry : entries) {
            const auto& candidate = entry.candidate;
            bool beaten = false;
            for (std::size_t i = 0; i < std::min(kept, most_compared) && !beaten; ++i) {
                const auto& before = entries[i].candidate;
                bool wins_ties = before.rate < candidate.rate || before.carrier < candidate.carrier;
                beaten = wins_ties && never_more(source_.shapes[before.shape], source_.shapes[candidate.shape]);
            }
            if (!beaten) entries[kept++] = entry;
        }
        entries.resize(kept);
    }

    LinePiece::Where emit(const Level& above, const Level& level) {
        LinePiece::Where where;
        if (level.slow)
            put(level.place, 0, no_boundary, {}, LineHead::slow, where);
        else if (level.until.size() > 1 && usual_alone_is_new(above, level))
            emit_usual(level, where);
        else
            emit_all(level, where);
        return where;
    }

    // Whether what holds at other times than the usual one is what holds then at the shorter prefix.
    [[nodiscard]] bool usual_alone_is_new(const Level& above, const Level& level) const {
        if (above.place == PrefixRecord::none) return false;
        auto usual = usual_stretch(level);
        std::size_t parent = 0;
        for (std::size_t i = 0; i < level.until.size(); ++i) {
            auto until = level.until[i];
            for (;; ++parent) {
                if (i != usual && !same_rows(level, i, above, parent)) return false;
                if (above.until[parent] >= until) break;
            }
            if (above.until[parent] == until) ++parent;
        }
        return true;
    }
    [[nodiscard]] std::size_t usual_stretch(const Level& level) const {
        std::size_t i = 0;
        while (level.until[i] <= usual_) ++i;
        return i;
    }

    void emit_usual(const Level& level, LinePiece::Where& where) {
        auto usual = usual_stretch(level);
        gather(level, usual, gathered_);
        put(level.place, usual == 0 ? 0 : level.until[usual - 1], level.until[usual], gathered_, where);
        where.others = LinePiece::as_shorter;
    }

    // The later in front; stretches between which no candidate changes have one line.
    void emit_all(const Level& level, LinePiece::Where& where) {
        auto end = level.until.size();
        gather(level, end - 1, gathered_);
        for (auto begin = end; begin-- > 0;) {
            if (begin > 0) {
                gather(level, begin - 1, before_);
                if (before_ == gathered_) continue;
            }
            put(level.place, begin == 0 ? 0 : level.until[begin - 1], level.until[end - 1], gathered_, where);
            end = begin;
            std::swap(gathered_, before_);
        }
    }

    void put(std::uint32_t place, std::uint32_t from, std::uint32_t until, const std::vector<Gathered>& entries,
             LinePiece::Where& where) {
        bool too_many = entries.size() > most_candidates;
        auto count = too_many ? LineHead::slow : static_cast<std::uint8_t>(entries.size());
        put(place, from, until, too_many ? std::span<const Gathered>() : entries, count, where);
    }
    void put(std::uint32_t place, std::uint32_t from, std::uint32_t until, std::span<const Gathered> entries,
             std::uint8_t count, LinePiece::Where& where) {
        LineHead head{.from = static_cast<std::uint16_t>(from),
                      .until = static_cast<std::uint16_t>(until),
                      .length = static_cast<std::uint8_t>(source_.prefixes[place].key & 15U),
                      .count = count};
        if (head.holds(usual_)) {
            where.units = head.units();
            where.offset = write(where.units, place, head, entries);
        } else {
            auto offset = write(at_other_times, place, head, entries);
            if (where.others == no_leaf) where.others = offset;
        }
    }

    // Gives the unit within the group.
    std::uint32_t write(std::size_t group, std::uint32_t place, const LineHead& head, std::span<const Gathered> entries) {
        auto units = head.units();
        std::array<LineCandidate, most_in_line> slots{};
        std::array<std::uint32_t, most_in_line + 1> beside{place};
        auto inlined = std::min(entries.size(), most_in_line);
        auto& bytes = piece_.lines[group];
        auto at = bytes.size();
        if (entries.size() > most_in_line) {
            --inlined;
            slots[inlined].rate = static_cast<std::uint32_t>(piece_.spill.size());
            piece_.spilled.push_back({group, at + sizeof head + inlined * sizeof(LineCandidate)});
            for (std::size_t i = inlined; i < entries.size(); ++i) {
                piece_.spill.push_back(entries[i].candidate);
                piece_.spill_rows.push_back(entries[i].row);
            }
        }
        for (std::size_t i = 0; i < inlined; ++i) {
            slots[i] = entries[i].candidate;
            beside[i + 1] = entries[i].row;
        }
        bytes.resize(at + units * line_unit);
        std::memcpy(bytes.data() + at, &head, sizeof head);
        std::memcpy(bytes.data() + at + sizeof head, slots.data(), units * line_unit - sizeof head);
        auto& all_beside = piece_.beside[group];
        all_beside.insert(all_beside.end(), beside.begin(), beside.begin() + units * slots_in_unit);
        return static_cast<std::uint32_t>(at / line_unit);
    }

    const LineSource& source_;
    const std::vector<Window>& windows_;
    std::size_t carriers_;
    std::uint32_t usual_;              // boundaries passed at the time for which the first lines are
    std::vector<std::uint32_t> best_;  // by shape, while candidates are gathered
    std::vector<std::uint32_t> asked_by_;  // by boundary: the place that it was last an end of
    std::vector<Level> levels_;
    std::vector<std::uint32_t> ends_;
    std::vector<Gathered> gathered_;
    std::vector<Gathered> before_;  // of the stretch before that one
    LinePiece piece_;
};

}  // namespace

LinePiece build_piece(const LineSource& source, const std::vector<Window>& windows, std::uint32_t usual, std::uint32_t first,
                      std::uint32_t last) {
    return PieceBuilder(source, windows, usual).build(first, last);
}

}  // namespace trunkbox::lcr

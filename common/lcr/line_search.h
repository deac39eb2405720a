// From a number to the line of its longest prefix, and from the line to the cheapest candidate. Private to lcr.
#pragma once

#include "lcr/cheapest.h"
#include "lcr/image.h"
#include "lcr/trie.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <span>
#include <vector>

namespace trunkbox::lcr {

inline constexpr std::size_t searches_at_once = 32;  // more than a core has misses outstanding

// What came of one look into the lines.
// decided_elsewhere: by another line than the search led to, which may be a shorter prefix's.
enum class Look : std::uint8_t { decided, decided_elsewhere, ask_rows, damaged };

// Where the answer stands, for whoever wants the prefix or the row: the unit of the line, and the winner's slot beside the
// lines or, with in_spill, among spill_rows.
inline constexpr std::uint32_t in_spill = 0x80000000;
struct Found {
    std::uint32_t unit;
    std::uint32_t slot;
    Look look;
    std::uint32_t own;  // unit of the longest prefix's line, where decided_elsewhere

    [[nodiscard]] bool is_decided() const { return look <= Look::decided_elsewhere; }
};

class LineSearch {
  public:
    explicit LineSearch(const Image& image)
        : trie_(image), lines_(image.bytes_of(Section::lines)), beside_(image.records<std::uint32_t>(Section::line_rows)),
          others_(image.records<std::uint32_t>(Section::others)), spill_(image.records<LineCandidate>(Section::spill)),
          boundaries_(image.records<std::int64_t>(Section::boundaries)), quantum_(image.header().quantum),
          carriers_(image.carriers().size()) {
        auto units = lines_.size() / line_unit;
        beginnings_ = static_cast<std::uint32_t>(units < most_units ? 0 : std::min<std::size_t>(units - most_units + 1, no_leaf));
        for (const auto& shape : image.records<ShapeRecord>(Section::shapes)) bills_.emplace_back(shape);
        // A power of two, so that an index needs no question: one of a file that lies gets some shape.
        bills_.resize(std::bit_ceil(std::max<std::size_t>(bills_.size(), 1)), Bill(ShapeRecord{}));
        last_bill_ = bills_.size() - 1;
        if (boundaries_.empty()) until_ = std::numeric_limits<std::int64_t>::max();
    }

    // Whether the lines have decided it; if not, found.look says what is to do.
    [[gnu::always_inline]] bool run_one(const Call& call, Cheapest& answer, Found& found) {
        auto passed = this->passed(call.at);
        auto length = digits_of(call.number);
        found = {.unit = trie_.find(padded(call.number, length)), .slot = 0, .look = Look::decided, .own = 0};
        if (!settle(call, length, passed, answer, found)) find_other(call, length, passed, answer, found);
        return found.is_decided();
    }

    // 1 to `searches_at_once` calls. The searches take their steps in turn, so that one waits for memory while the next
    // computes. Whether all are decided.
    [[gnu::always_inline]] bool run(std::span<const Call> calls, std::span<Cheapest> answers, Found* found) {
        Batch batch;
        find_units(calls, batch, found);
        bool decided = true;
        auto late = settle_all(calls, batch, answers, found, decided);
        if (late.count > 0) find_others(calls, batch, late, answers, found, decided);
        return decided;
    }

    // Where the prefix of a line is said; null of a file that lies.
    [[nodiscard, gnu::always_inline]] const std::uint32_t* place_of(std::uint32_t unit) const {
        auto slot = std::size_t{unit} * slots_in_unit;
        return slot < beside_.size() ? &beside_[slot] : nullptr;
    }

  private:
    // How a shape bills, with its increment as something to multiply by.
    struct Bill {
        std::uint64_t fee;
        std::uint64_t inverse;  // 2^63 / increment, rounded up: exact for durations of up to 32 bits
        std::uint32_t minimum;
        std::uint32_t increment;

        explicit Bill(const ShapeRecord& shape)
            : fee(shape.fee), inverse(), minimum(shape.minimum), increment(std::max(shape.increment, 1U)) {
            inverse = ((std::uint64_t{1} << 63U) + increment - 1) / increment;
        }
        [[gnu::always_inline]] std::uint64_t billed(std::uint64_t seconds) const {
            auto past = std::max<std::uint64_t>(seconds, minimum) - minimum;
            auto times = static_cast<std::uint64_t>((UInt128{past + increment - 1} * inverse) >> 63U);
            return minimum + times * increment;
        }
    };

    // What the searches of a batch know, by call.
    struct Batch {
        std::array<std::uint64_t, searches_at_once> left;     // of DigitsLeft
        std::array<int, searches_at_once> length;             // digits of the number
    };
    // The cheapest so far.
    struct Best {
        std::uint64_t cost;
        const LineCandidate* from;
    };
    // Which searches go on. Added to without a branch.
    struct Going {
        std::array<std::uint8_t, searches_at_once> at;
        std::size_t count = 0;
        [[gnu::always_inline]] void add(std::size_t index, bool goes_on) {
            at[count] = static_cast<std::uint8_t>(index);
            count += goes_on ? 1U : 0U;
        }
    };

    [[gnu::always_inline]] static std::uint64_t padded(std::uint64_t number, int length) {
        return number * powers_of_ten[static_cast<std::size_t>(numbering::max_digits - length)];
    }

    [[gnu::always_inline]] void find_units(std::span<const Call> calls, Batch& batch, Found* found) const {
        std::array<std::uint64_t, searches_at_once> slot;
        for (std::size_t i = 0; i < calls.size(); ++i) {
            batch.length[i] = digits_of(calls[i].number);
            DigitsLeft digits(padded(calls[i].number, batch.length[i]));
            slot[i] = trie_.slot(digits);
            batch.left[i] = digits.fraction();
            __builtin_prefetch(trie_.group(slot[i]));
        }
        Going going;
        for (std::size_t i = 0; i < calls.size(); ++i) take(i, trie_.enter(slot[i]), going, found);
        for (int digits = numbering::max_digits; going.count > 0 && digits > 0; digits -= node_digits) {
            Going still;
            for (std::size_t k = 0; k < going.count; ++k) {
                std::size_t i = going.at[k];
                auto rest = DigitsLeft::of_fraction(batch.left[i]);
                take(i, trie_.step(found[i].unit, rest), still, found);
                batch.left[i] = rest.fraction();
            }
            going = still;
        }
        // What would lead further than a number has digits is a file's that lies.
        for (std::size_t k = 0; k < going.count; ++k) found[going.at[k]].unit = no_leaf;
    }

    // An entry of the trie: the unit of a line, or a node to go on from; either will be looked at soon. A node's entries
    // are mostly in its first two cache lines.
    [[gnu::always_inline]] void take(std::size_t i, std::uint32_t entry, Going& going, Found* found) const {
        bool is_leaf = (entry & leaf_bit) != 0;
        found[i].unit = entry & ~leaf_bit;
        going.add(i, !is_leaf);
        const auto* next = is_leaf ? line(found[i].unit) : static_cast<const std::byte*>(static_cast<const void*>(trie_.at(entry)));
        __builtin_prefetch(next);
        __builtin_prefetch(next + (is_leaf ? 0 : 64));
    }

    // How many boundaries have passed at that time. Calls come in runs of near times.
    [[gnu::always_inline]] std::uint32_t passed(Time at) {
        auto now = at.time_since_epoch().count();
        if (now < since_ || now >= until_) find_stretch(now);
        return passed_;
    }
    void find_stretch(std::int64_t now) {
        auto after = std::upper_bound(boundaries_.begin(), boundaries_.end(), now);
        // Where there are more boundaries than lines can tell apart, lines are of prefixes that do not change.
        passed_ = static_cast<std::uint32_t>(std::min<std::ptrdiff_t>(after - boundaries_.begin(), LineHead::ever - 1));
        since_ = after == boundaries_.begin() ? std::numeric_limits<std::int64_t>::min() : *(after - 1);
        until_ = after == boundaries_.end() ? std::numeric_limits<std::int64_t>::max() : *after;
    }

    [[gnu::always_inline]] const std::byte* line(std::uint32_t unit) const {
        return lines_.data() + std::size_t{unit} * line_unit;
    }
    [[gnu::always_inline]] LineHead head(std::uint32_t unit) const {
        LineHead head;
        std::memcpy(&head, line(unit), sizeof head);
        return head;
    }

    // By the line at found.unit. False, and no answer, if that holds at another time.
    [[gnu::always_inline]] bool settle(const Call& call, int length, std::uint32_t passed, Cheapest& answer, Found& found) const {
        if (found.unit >= beginnings_) [[unlikely]]
            return settle_without(found.unit == no_leaf ? Look::decided : Look::damaged, answer, found);
        auto head = this->head(found.unit);
        if (head.length > length) [[unlikely]]
            return settle_without(Look::ask_rows, answer, found);
        if (!head.holds(passed)) return false;
        if (head.count > most_in_line) [[unlikely]]
            return settle_by_spill(call, head, answer, found);
        if (head.count == 0) [[unlikely]]
            return settle_without(Look::decided, answer, found);
        auto seconds = static_cast<std::uint64_t>(call.seconds);
        const auto* first = candidates(found.unit);
        auto best = cheapest_of(best_of(*first, seconds), {first + 1, head.count - 1U}, seconds);
        found.slot = static_cast<std::uint32_t>(found.unit * slots_in_unit + 1 + static_cast<std::size_t>(best.from - first));
        return settle_with(best, seconds, answer, found);
    }
    [[gnu::always_inline]] bool settle_with(const Best& best, std::uint64_t seconds, Cheapest& answer, Found& found) const {
        if (best.from->carrier >= carriers_) [[unlikely]]
            return settle_without(Look::damaged, answer, found);
        answer = {.carrier = best.from->carrier,
                  .billed_seconds = static_cast<std::int64_t>(bill_of(*best.from).billed(seconds)),
                  .cost = Cost::of_sixtieths(Int128{best.cost} * quantum_)};
        return true;
    }
    static bool settle_without(Look look, Cheapest& answer, Found& found) {
        answer = {};
        found.look = look;
        return true;
    }
    // Of more candidates than the line has room for, or of as many as only the rows can tell.
    [[gnu::noinline]] bool settle_by_spill(const Call& call, const LineHead& head, Cheapest& answer, Found& found) const {
        if (head.count == LineHead::slow) return settle_without(Look::ask_rows, answer, found);
        constexpr auto inlined = most_in_line - 1;
        auto seconds = static_cast<std::uint64_t>(call.seconds);
        const auto* first = candidates(found.unit);
        auto more = spilt(first[inlined], head.count - inlined);
        if (more.empty()) return settle_without(Look::damaged, answer, found);
        auto here = cheapest_of(best_of(*first, seconds), {first + 1, inlined - 1}, seconds);
        auto best = cheapest_of(here, more, seconds);
        found.slot = best.from == here.from
                         ? static_cast<std::uint32_t>(found.unit * slots_in_unit + 1 + static_cast<std::size_t>(best.from - first))
                         : in_spill | static_cast<std::uint32_t>(best.from - spill_.data());
        return settle_with(best, seconds, answer, found);
    }
    // In a function of its own, whose few values stay in registers.
    [[gnu::noinline]] Going settle_all(std::span<const Call> calls, const Batch& batch, std::span<Cheapest> answers, Found* found,
                                       bool& decided) {
        Going late;
        for (std::size_t i = 0; i < calls.size(); ++i) {
            found[i].look = Look::decided;
            late.add(i, !settle(calls[i], batch.length[i], passed(calls[i].at), answers[i], found[i]));
            decided &= found[i].look == Look::decided;
        }
        return late;
    }

    [[gnu::always_inline]] Best best_of(const LineCandidate& candidate, std::uint64_t seconds) const {
        const auto& bill = bill_of(candidate);
        return {.cost = bill.fee + candidate.rate * bill.billed(seconds), .from = &candidate};
    }
    // They are sorted by rate, and a call bills its own seconds at least: some way on none can be cheaper.
    [[gnu::always_inline]] Best cheapest_of(Best best, std::span<const LineCandidate> others, std::uint64_t seconds) const {
        for (const auto& candidate : others) {
            if (candidate.rate * seconds > best.cost) break;
            auto next = best_of(candidate, seconds);
            if (next.cost < best.cost || (next.cost == best.cost && candidate.carrier < best.from->carrier)) best = next;
        }
        return best;
    }
    [[gnu::always_inline]] const Bill& bill_of(const LineCandidate& candidate) const {
        return bills_[candidate.shape & last_bill_];
    }
    [[gnu::always_inline]] const LineCandidate* candidates(std::uint32_t unit) const {
        return static_cast<const LineCandidate*>(static_cast<const void*>(line(unit) + sizeof(LineHead)));
    }

    // What found no room in a line whose last slot says where it is; none of a file that lies.
    [[nodiscard]] std::span<const LineCandidate> spilt(const LineCandidate& pointer, std::size_t count) const {
        if (pointer.rate > spill_.size() || count > spill_.size() - pointer.rate) return {};
        return spill_.subspan(pointer.rate, count);
    }

    // The first of the lines that hold at other times than the one at `unit`, or one of a shorter prefix that holds;
    // `damaged` if there is none.
    static constexpr std::uint32_t damaged = no_leaf - 1;
    [[nodiscard]] std::uint32_t first_other(std::uint32_t unit, std::uint32_t passed) const {
        // The shorter prefix's line may not hold either, and lead on; in a circle in a file that lies.
        for (int left = numbering::max_digits; left > 0; --left) {
            const auto* place = place_of(unit);
            if (place == nullptr || *place >= others_.size()) return damaged;
            unit = others_[*place];
            if ((unit & leaf_bit) == 0) return unit;
            unit &= ~leaf_bit;
            if (unit >= beginnings_) return damaged;
            if (head(unit).holds(passed)) return unit;
        }
        return damaged;
    }
    // Whether the line at `unit` holds, or there is none to look at; if not, `unit` is the next one.
    [[nodiscard]] bool is_there(std::uint32_t& unit, std::uint32_t passed) const {
        if (unit >= beginnings_) {
            unit = damaged;
            return true;
        }
        auto head = this->head(unit);
        if (head.holds(passed)) return true;
        unit += head.units();
        return false;
    }
    void settle_there(const Call& call, int length, std::uint32_t passed, Cheapest& answer, Found& found) const {
        if (!settle(call, length, passed, answer, found)) found.look = Look::damaged;
        if (found.look == Look::decided) found.look = Look::decided_elsewhere;
    }

    void find_other(const Call& call, int length, std::uint32_t passed, Cheapest& answer, Found& found) const {
        found.own = found.unit;
        found.unit = first_other(found.unit, passed);
        for (auto left = most_stretches; !is_there(found.unit, passed);)
            if (--left == 0) found.unit = damaged;
        settle_there(call, length, passed, answer, found);
    }
    // The same for those of a batch that are late, in turn.
    void find_others(std::span<const Call> calls, const Batch& batch, Going late, std::span<Cheapest> answers, Found* found,
                     bool& decided) {
        for (std::size_t k = 0; k < late.count; ++k) __builtin_prefetch(place_of(found[late.at[k]].unit));
        for (std::size_t k = 0; k < late.count; ++k) {
            const auto* place = place_of(found[late.at[k]].unit);
            if (place != nullptr) __builtin_prefetch(others_.data() + *place);
        }
        for (std::size_t k = 0; k < late.count; ++k) {
            auto& [unit, slot, look, own] = found[late.at[k]];
            own = unit;
            unit = first_other(unit, passed(calls[late.at[k]].at));
            __builtin_prefetch(line(unit));
        }
        auto going = late;
        for (auto left = most_stretches; going.count > 0; --left) {
            Going still;
            for (std::size_t k = 0; k < going.count; ++k) {
                auto& unit = found[going.at[k]].unit;
                if (left == 0) unit = damaged;
                still.add(going.at[k], !is_there(unit, passed(calls[going.at[k]].at)));
                __builtin_prefetch(line(unit));
            }
            going = still;
        }
        for (std::size_t k = 0; k < late.count; ++k) {
            auto i = late.at[k];
            settle_there(calls[i], batch.length[i], passed(calls[i].at), answers[i], found[i]);
            decided &= found[i].is_decided();
        }
    }

    TrieView trie_;
    std::span<const std::byte> lines_;
    std::span<const std::uint32_t> beside_;
    std::span<const std::uint32_t> others_;
    std::span<const LineCandidate> spill_;
    std::span<const std::int64_t> boundaries_;
    std::vector<Bill> bills_;  // by shape
    std::size_t last_bill_;
    std::int64_t quantum_;
    std::size_t carriers_;
    std::uint32_t beginnings_;  // units at which a line may begin
    std::int64_t since_ = std::numeric_limits<std::int64_t>::min();  // the stretch between boundaries last asked for
    std::int64_t until_ = std::numeric_limits<std::int64_t>::min();
    std::uint32_t passed_ = 0;
};

}  // namespace trunkbox::lcr

// From a number to the line of its longest prefix, and from the line to the cheapest candidate. Private to lcr.
#pragma once

#include "lcr/cheapest.h"
#include "lcr/image.h"
#include "lcr/trie.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <span>
#include <vector>

namespace trunkbox::lcr {

inline constexpr std::size_t searches_at_once = 32;  // more than a core has misses outstanding

// What came of one look into the lines.
enum class Look { decided, ask_rows, damaged };

// Where the winner stands, for whoever wants its row: in line_rows, or with in_spill in spill_rows.
inline constexpr std::uint32_t in_spill = 0x80000000;
struct Found {
    Look look;
    std::uint32_t slot;
};

class LineSearch {
  public:
    explicit LineSearch(const Image& image)
        : trie_(image), lines_(image.bytes_of(Section::lines)), older_(image.records<std::uint32_t>(Section::older)),
          spill_(image.records<LineCandidate>(Section::spill)), boundaries_(image.records<std::int64_t>(Section::boundaries)),
          quantum_(image.header().quantum), carriers_(image.carriers().size()) {
        for (const auto& shape : image.records<ShapeRecord>(Section::shapes)) shapes_.emplace_back(shape);
        if (boundaries_.empty()) until_ = std::numeric_limits<std::int64_t>::max();
    }

    [[gnu::always_inline]] void run_one(const Call& call, Cheapest& answer, Found& found) {
        Search search{.passed = passed(call.at)};
        search.unit = trie_.find(padded(call.number, search.length));
        see_line(search);
        if (search.state == State::look_back) go_back(search);
        while (search.state == State::walk) walk(search);
        auto best = cheapest_of(candidates(search), call, Best());
        found.look = answer_for(call, search, best, answer, found.slot);
    }

    // 1 to `searches_at_once` calls. The searches take their steps in turn, so that one waits for memory while the next
    // computes.
    [[gnu::always_inline]] void run(std::span<const Call> calls, std::span<Cheapest> answers, Found* found) {
        std::array<Search, searches_at_once> searches;
        find_units(calls, searches);
        find_lines(std::span(searches).first(calls.size()));
        for (std::size_t i = 0; i < calls.size(); ++i) {
            auto best = cheapest_of(candidates(searches[i]), calls[i], Best());
            found[i].look = answer_for(calls[i], searches[i], best, answers[i], found[i].slot);
        }
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

    enum class State : std::uint8_t { found, look_back, walk, ask_rows, none, damaged };
    struct Search {
        std::uint32_t passed = 0;  // boundaries at the call's time
        std::uint32_t unit = 0;    // of the line
        std::uint32_t place = 0;   // of the prefix
        State state = State::found;
        std::uint8_t length = 0;   // digits of the number
        std::uint8_t count = 0;    // candidates in the line
    };
    // The cheapest so far, and where it stands.
    struct Best {
        std::uint64_t cost = std::numeric_limits<std::uint64_t>::max();
        std::uint64_t carrier = Cheapest::none;
        const LineCandidate* from = nullptr;
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

    [[gnu::always_inline]] static std::uint64_t padded(std::uint64_t number, std::uint8_t& length) {
        auto digits = digits_of(number);
        length = static_cast<std::uint8_t>(digits);
        return number * powers_of_ten[static_cast<std::size_t>(numbering::max_digits - digits)];
    }

    [[gnu::always_inline]] void find_units(std::span<const Call> calls, std::array<Search, searches_at_once>& searches) {
        std::array<std::uint64_t, searches_at_once> left;  // of DigitsLeft
        std::array<const std::uint32_t*, searches_at_once> slot;
        for (std::size_t i = 0; i < calls.size(); ++i) {
            searches[i].passed = passed(calls[i].at);
            DigitsLeft digits(padded(calls[i].number, searches[i].length));
            slot[i] = trie_.slot(digits);
            left[i] = digits.fraction();
            __builtin_prefetch(slot[i]);
        }
        std::array<std::uint64_t, searches_at_once> word;
        Going going;
        Going leaves;
        for (std::size_t i = 0; i < calls.size(); ++i) {
            auto entry = *slot[i];
            searches[i].unit = entry & ~leaf_bit;
            word[i] = TrieView::word_of_node(entry);
            going.add(i, (entry & leaf_bit) == 0);
            __builtin_prefetch(trie_.at(word[i]));
        }
        for (int digits = numbering::max_digits; going.count > 0 && digits > 0; digits -= node_digits) {
            Going still;
            for (std::size_t k = 0; k < going.count; ++k) {
                std::size_t i = going.at[k];
                searches[i].unit = no_leaf;
                if (!trie_.is_node(word[i])) continue;
                auto rest = DigitsLeft::of_fraction(left[i]);
                auto next = trie_.step(word[i], rest);
                left[i] = rest.fraction();
                word[i] = next.word;
                still.add(i, next.way == TrieNode::child);
                leaves.add(i, next.way == TrieNode::leaf);
                __builtin_prefetch(trie_.at(next.word));
            }
            going = still;
        }
        for (std::size_t k = 0; k < leaves.count; ++k) searches[leaves.at[k]].unit = trie_.leaf(word[leaves.at[k]]);
        for (std::size_t i = 0; i < calls.size(); ++i) prefetch_line(searches[i].unit);
    }

    [[gnu::always_inline]] void find_lines(std::span<Search> searches) const {
        Going late;
        for (std::size_t i = 0; i < searches.size(); ++i) {
            see_line(searches[i]);
            late.add(i, searches[i].state == State::look_back);
            __builtin_prefetch(older_.data() + searches[i].place);
        }
        for (std::size_t k = 0; k < late.count; ++k) go_back(searches[late.at[k]]);
        while (late.count > 0) {
            Going still;
            for (std::size_t k = 0; k < late.count; ++k) {
                auto& search = searches[late.at[k]];
                walk(search);
                still.add(late.at[k], search.state == State::walk);
            }
            late = still;
        }
    }

    [[gnu::always_inline]] void prefetch_line(std::uint32_t unit) const {
        __builtin_prefetch(lines_.data() + std::size_t{unit} * line_unit);
    }

    // How many boundaries have passed at that time. Calls come in runs of near times.
    [[gnu::always_inline]] std::uint32_t passed(Time at) {
        auto now = at.time_since_epoch().count();
        if (now < since_ || now >= until_) find_stretch(now);
        return passed_;
    }
    void find_stretch(std::int64_t now) {
        auto after = std::upper_bound(boundaries_.begin(), boundaries_.end(), now);
        passed_ = static_cast<std::uint32_t>(after - boundaries_.begin());
        since_ = after == boundaries_.begin() ? std::numeric_limits<std::int64_t>::min() : *(after - 1);
        until_ = after == boundaries_.end() ? std::numeric_limits<std::int64_t>::max() : *after;
    }

    [[gnu::always_inline]] bool read(std::size_t unit, LineHead& head) const {
        if ((unit + 1) * line_unit > lines_.size()) return false;
        std::memcpy(&head, lines_.data() + unit * line_unit, sizeof head);
        return true;
    }

    // The line that holds now, and whether it held at the call's time.
    [[gnu::always_inline]] void see_line(Search& search) const {
        LineHead head;
        if (!read(search.unit, head)) {
            search.state = search.unit == no_leaf ? State::none : State::damaged;
            search.place = 0;
            return;
        }
        search.place = head.place;
        search.count = head.count;
        auto in_time = search.passed >= head.from ? State::found : State::look_back;
        search.state = head.count == LineHead::slow || head.length() > search.length ? State::ask_rows : in_time;
    }
    [[gnu::always_inline]] void go_back(Search& search) const {
        if (search.place >= older_.size()) {
            search.state = State::damaged;
            return;
        }
        search.state = State::walk;
        search.unit = older_[search.place];
        prefetch_line(search.unit);
    }
    // One line further back.
    [[gnu::always_inline]] void walk(Search& search) const {
        LineHead head;
        if (!read(search.unit, head) || head.place != search.place || head.units() == 0) {
            search.state = State::damaged;
            return;
        }
        search.count = head.count;
        bool in_time = search.passed >= head.from;
        search.state = head.count == LineHead::slow ? State::ask_rows : in_time ? State::found : State::walk;
        search.unit += in_time ? 0 : head.units();
    }

    // Those in the line itself; of a line that is cut, none.
    [[gnu::always_inline]] std::span<const LineCandidate> candidates(const Search& search) const {
        auto place = search.unit * line_unit + sizeof(LineHead);
        std::size_t inlined = search.count > most_in_line ? most_in_line - 1 : search.count;
        if (search.state != State::found || place + inlined * sizeof(LineCandidate) > lines_.size()) return {};
        return {static_cast<const LineCandidate*>(static_cast<const void*>(lines_.data() + place)), inlined};
    }

    // They are sorted by rate, and a call bills its own seconds at least: some way on none can be cheaper.
    [[gnu::always_inline]] Best cheapest_of(std::span<const LineCandidate> candidates, const Call& call, Best best) const {
        auto seconds = static_cast<std::uint64_t>(call.seconds);
        for (const auto& candidate : candidates) {
            if (candidate.rate * seconds > best.cost) break;
            if (candidate.shape >= shapes_.size()) continue;  // of a file that lies
            const auto& bill = shapes_[candidate.shape];
            auto cost = bill.fee + candidate.rate * bill.billed(seconds);
            if (cost < best.cost || (cost == best.cost && candidate.carrier < best.carrier))
                best = {.cost = cost, .carrier = candidate.carrier, .from = &candidate};
        }
        return best;
    }

    // What found no room in the line.
    [[nodiscard]] std::span<const LineCandidate> spilt(const Search& search) const {
        auto place = search.unit * line_unit + sizeof(LineHead) + (most_in_line - 1) * sizeof(LineCandidate);
        if (place + sizeof(LineCandidate) > lines_.size()) return {};
        LineCandidate pointer;
        std::memcpy(&pointer, lines_.data() + place, sizeof pointer);
        std::size_t count = search.count - (most_in_line - 1);
        if (pointer.rate > spill_.size() || count > spill_.size() - pointer.rate) return {};
        return spill_.subspan(pointer.rate, count);
    }

    [[gnu::always_inline]] Look answer_for(const Call& call, const Search& search, Best best, Cheapest& answer,
                                           std::uint32_t& slot) const {
        answer = {};
        if (search.state != State::found)
            return search.state == State::none       ? Look::decided
                   : search.state == State::ask_rows ? Look::ask_rows
                                                     : Look::damaged;
        const auto* inlined_best = best.from;
        if (search.count > most_in_line) {
            auto more = spilt(search);
            if (more.empty()) return Look::damaged;
            best = cheapest_of(more, call, best);
        }
        if (best.from == nullptr) return search.count == 0 ? Look::decided : Look::damaged;
        if (best.carrier >= carriers_) return Look::damaged;
        const auto* slots = static_cast<const LineCandidate*>(static_cast<const void*>(lines_.data()));
        slot = best.from == inlined_best ? static_cast<std::uint32_t>(best.from - slots)
                                         : in_spill | static_cast<std::uint32_t>(best.from - spill_.data());
        answer.carrier = static_cast<std::uint32_t>(best.carrier);
        answer.place = search.place;
        answer.billed_seconds = static_cast<std::int64_t>(shapes_[best.from->shape].billed(static_cast<std::uint64_t>(call.seconds)));
        answer.cost = Cost::of_sixtieths(Int128{best.cost} * quantum_);
        return Look::decided;
    }

    TrieView trie_;
    std::span<const std::byte> lines_;
    std::span<const std::uint32_t> older_;
    std::span<const LineCandidate> spill_;
    std::span<const std::int64_t> boundaries_;
    std::vector<Bill> shapes_;
    std::int64_t quantum_;
    std::size_t carriers_;
    std::int64_t since_ = std::numeric_limits<std::int64_t>::min();  // the stretch between boundaries last asked for
    std::int64_t until_ = std::numeric_limits<std::int64_t>::min();
    std::uint32_t passed_ = 0;
};

}  // namespace trunkbox::lcr

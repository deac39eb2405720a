#include "lcr/cheapest.h"

#include "lcr/evaluate.h"
#include "lcr/exchange.h"
#include "lcr/image.h"
#include "lcr/select.h"
#include "lcr/trie.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

constexpr std::size_t batch = 32;  // searches in flight: more than a core has misses outstanding
constexpr std::uint64_t least_number = 1000;
constexpr std::size_t slots_a_unit = line_unit / sizeof(LineCandidate);
constexpr std::uint64_t past_numbers = 1'000'000'000'000'000;

// What came of one look into the lines.
enum class Look { decided, ask_rows, damaged };

// Where the winner stands, for whoever wants its row: in line_rows, or with in_spill in spill_rows.
constexpr std::uint32_t in_spill = 0x80000000;
struct Found {
    Look look = Look::damaged;
    std::uint32_t slot = 0;
};

}  // namespace

class LeastCost::Lookup {
  public:
    explicit Lookup(const Table& table)
        : trie_{table.parts().records<std::uint32_t>(Section::root), table.parts().records<TrieNode>(Section::nodes),
                table.parts().records<std::uint32_t>(Section::leaves)},
          lines_(table.parts().bytes_of(Section::lines)),
          older_(table.parts().records<std::uint32_t>(Section::older)),
          spill_(table.parts().records<LineCandidate>(Section::spill)),
          shapes_(table.parts().records<ShapeRecord>(Section::shapes)),
          boundaries_(table.parts().records<std::int64_t>(Section::boundaries)),
          quantum_(table.parts().header().quantum),
          carriers_(table.carriers().size()) {}

    // 1 to `batch` calls. The searches take their steps in turn, so that one waits for memory while the next computes.
    [[gnu::always_inline]] inline void run(std::span<const Call> calls, std::span<Cheapest> answers, Found* found) {
        std::array<std::uint64_t, batch> rest;
        std::array<std::uint32_t, batch> entry;
        std::array<std::uint8_t, batch> length;
        std::array<bool, batch> in_leaves{};
        auto count = calls.size();
        for (std::size_t i = 0; i < count; ++i) {
            auto padded = calls[i].number;
            std::uint8_t digits = numbering::max_digits;
            for (; padded < past_numbers / 10; padded *= 10) --digits;
            length[i] = digits;
            rest[i] = padded % TrieView::after_root;
            entry[i] = static_cast<std::uint32_t>(padded / TrieView::after_root);
            __builtin_prefetch(&trie_.root[entry[i]]);
        }
        bool going = false;
        for (std::size_t i = 0; i < count; ++i) {
            entry[i] = trie_.root[entry[i]];
            if ((entry[i] & leaf_bit) == 0) {
                going = true;
                prefetch_node(entry[i]);
            } else {
                prefetch_line(entry[i] & ~leaf_bit);
            }
        }
        for (auto scale = TrieView::after_root / 100; going && scale > 0; scale /= 100) {
            going = false;
            for (std::size_t i = 0; i < count; ++i) {
                if ((entry[i] & leaf_bit) != 0) continue;
                entry[i] = trie_.step(entry[i], rest[i] / scale);
                rest[i] %= scale;
                in_leaves[i] = (entry[i] & leaf_bit) != 0;
                if (in_leaves[i]) {
                    __builtin_prefetch(trie_.leaves.data() + (entry[i] & ~leaf_bit));
                } else {
                    going = true;
                    prefetch_node(entry[i]);
                }
            }
        }
        for (std::size_t i = 0; i < count; ++i) {
            if (!in_leaves[i]) continue;
            auto unit = trie_.leaf(entry[i] & ~leaf_bit);
            entry[i] = leaf_bit | unit;
            prefetch_line(unit);
        }
        for (std::size_t i = 0; i < count; ++i) found[i].look = decide(calls[i], entry[i], length[i], answers[i], found[i].slot);
    }

  private:
    // A node may lie across two cache lines.
    [[gnu::always_inline]] inline void prefetch_node(std::uint32_t node) const {
        const auto* at = trie_.nodes.data() + node;
        __builtin_prefetch(at);
        __builtin_prefetch(static_cast<const std::byte*>(static_cast<const void*>(at)) + sizeof(TrieNode) - 1);
    }
    [[gnu::always_inline]] inline void prefetch_line(std::uint32_t unit) const {
        __builtin_prefetch(lines_.data() + std::size_t{unit} * line_unit);
    }

    // How many boundaries have passed at that time. Calls come in runs of equal or near times.
    std::uint32_t passed(Time at) {
        auto now = at.time_since_epoch().count();
        if (now != last_time_) {
            last_time_ = now;
            last_passed_ = static_cast<std::uint32_t>(std::ranges::upper_bound(boundaries_, now) - boundaries_.begin());
        }
        return last_passed_;
    }

    [[gnu::always_inline]] inline Look decide(const Call& call, std::uint32_t entry, int length, Cheapest& answer,
                                              std::uint32_t& slot) {
        answer = {};
        if ((entry & leaf_bit) == 0) return Look::damaged;
        auto unit = entry & ~leaf_bit;
        if (unit == no_leaf) return Look::decided;
        auto now = boundaries_.empty() ? 0 : passed(call.at);
        LineHead head;
        if (!read(unit, head)) return Look::damaged;
        if (head.count == LineHead::slow || head.length() > length) return Look::ask_rows;
        if (now >= head.from) return choose(call, unit, head, answer, slot);
        return look_back(call, now, head.place, answer, slot);
    }

    [[gnu::always_inline]] inline bool read(std::size_t unit, LineHead& head) const {
        if ((unit + 1) * line_unit > lines_.size()) return false;
        std::memcpy(&head, lines_.data() + unit * line_unit, sizeof head);
        return true;
    }

    // What held before.
    Look look_back(const Call& call, std::uint32_t now, std::uint32_t place, Cheapest& answer,
                   std::uint32_t& slot) const {
        if (place >= older_.size()) return Look::damaged;
        for (std::size_t unit = older_[place];;) {
            LineHead head;
            if (!read(unit, head) || head.place != place || head.units() == 0) return Look::damaged;
            if (head.count == LineHead::slow) return Look::ask_rows;
            if (now >= head.from) return choose(call, unit, head, answer, slot);
            unit += head.units();
        }
    }

    [[gnu::always_inline]] inline Look choose(const Call& call, std::size_t unit, const LineHead& head,
                                              Cheapest& answer, std::uint32_t& slot) const {
        auto place = unit * line_unit + sizeof head;
        bool spilt = head.count > most_in_line;
        std::size_t inlined = spilt ? most_in_line - 1 : head.count;
        if (place + (spilt ? most_in_line : inlined) * sizeof(LineCandidate) > lines_.size()) return Look::damaged;
        const auto* first = static_cast<const LineCandidate*>(static_cast<const void*>(lines_.data() + place));
        auto seconds = static_cast<std::uint64_t>(call.seconds);
        Best best;
        bool open = weigh({first, inlined}, seconds, best);
        const auto* winner_in_line = best.from;
        if (spilt && open) {
            auto from = std::size_t{first[inlined].rate};
            auto more = head.count - inlined;
            if (from > spill_.size() || more > spill_.size() - from) return Look::damaged;
            weigh(spill_.subspan(from, more), seconds, best);
        }
        if (best.damaged) return Look::damaged;
        if (best.carrier == Cheapest::none) return Look::decided;
        answer.carrier = best.carrier;
        answer.place = head.place;
        slot = best.from == winner_in_line
                   ? static_cast<std::uint32_t>(unit * slots_a_unit + 1) + static_cast<std::uint32_t>(best.from - first)
                   : in_spill | static_cast<std::uint32_t>(best.from - spill_.data());
        answer.billed_seconds = static_cast<std::int64_t>(best.billed);
        answer.cost = Cost::of_sixtieths(Int128{best.cost} * quantum_);
        return Look::decided;
    }

    struct Best {
        std::uint64_t cost = std::numeric_limits<std::uint64_t>::max();
        std::uint64_t billed = 0;
        std::uint32_t carrier = Cheapest::none;
        const LineCandidate* from = nullptr;
        bool damaged = false;
    };

    // False when no candidate further on can be cheaper: they are sorted by rate, and a call bills its own seconds at
    // least.
    [[gnu::always_inline]] inline bool weigh(std::span<const LineCandidate> candidates, std::uint64_t seconds,
                                             Best& best) const {
        for (const auto& candidate : candidates) {
            if (candidate.rate * seconds > best.cost) return false;
            if (candidate.shape >= shapes_.size() || candidate.carrier >= carriers_) {
                best.damaged = true;
                return false;
            }
            const auto& shape = shapes_[candidate.shape];
            std::uint64_t billed = shape.minimum;
            if (seconds > billed && shape.increment != 0) {
                // Both fit 32 bits, where dividing is cheap.
                auto past = static_cast<std::uint32_t>(seconds - billed);
                billed += std::uint64_t{(past + shape.increment - 1) / shape.increment} * shape.increment;
            }
            auto cost = shape.fee + candidate.rate * billed;
            if (cost < best.cost || (cost == best.cost && candidate.carrier < best.carrier))
                best = {cost, billed, candidate.carrier, &candidate, false};
        }
        return true;
    }

    TrieView trie_;
    std::span<const std::byte> lines_;
    std::span<const std::uint32_t> older_;
    std::span<const LineCandidate> spill_;
    std::span<const ShapeRecord> shapes_;
    std::span<const std::int64_t> boundaries_;
    std::int64_t quantum_;
    std::size_t carriers_;
    std::int64_t last_time_ = std::numeric_limits<std::int64_t>::min();
    std::uint32_t last_passed_ = 0;
};

namespace {

#if defined(__x86_64__)
template <class Lookup>
__attribute__((target("popcnt"))) void run_popcnt(Lookup& lookup, std::span<const Call> calls,
                                                  std::span<Cheapest> answers, Found* found) {
    lookup.run(calls, answers, found);
}
#endif
template <class Lookup>
void run_plain(Lookup& lookup, std::span<const Call> calls, std::span<Cheapest> answers, Found* found) {
    lookup.run(calls, answers, found);
}

Result<numbering::E164> number_of(const Call& call) {
    return numbering::E164::parse_digits(fmt::format_int(call.number).str());
}

// What the lines do not decide: by the rows, as evaluate does it.
Result<void> ask_rows(const Table& table, const Call& call, Cheapest& answer) {
    auto number = number_of(call);
    if (!number) return tl::unexpected(number.error());
    Facts facts{.number = *number, .at = call.at, .duration = std::chrono::seconds(call.seconds)};
    auto findings = select_rows(table, facts);
    if (!findings) return tl::unexpected(findings.error());
    for (std::size_t i = 0; i < findings->size(); ++i) {
        const auto& placed = (*findings)[i].row;
        if (!placed || !table.carriers()[i].enabled) continue;
        auto row = table.row(placed->position);
        if (!row) return tl::unexpected(row.error());
        auto exchange = exchange_at(table.settings(), row->terms.currency, call.at);
        if (row->terms.blocked || !exchange) continue;
        auto [billed, cost] = bill(row->rate, row->terms, facts.duration);
        if (row->terms.currency != table.currency()) cost = cost.exchanged(*exchange);
        // The carriers stand by priority and name, so that of equals the first stays.
        if (answer.carrier != Cheapest::none && cost >= answer.cost) continue;
        answer = {.carrier = static_cast<std::uint32_t>(i),
                  .place = placed->place,
                  .row = placed->position,
                  .billed_seconds = billed,
                  .cost = cost};
    }
    return {};
}

// A row's own prefix: the number's longest one, or one of the shorter ones.
Result<void> find_place(const Table& table, Cheapest& answer) {
    for (std::optional<std::uint32_t> place = answer.place; place;) {
        auto range = table.rows_of(*place);
        if (!range) return tl::unexpected(range.error());
        answer.place = *place;
        if (answer.row >= range->first && answer.row < range->last) return {};
        auto next = table.shorter(*place);
        if (!next) return tl::unexpected(next.error());
        place = *next;
    }
    return table.parts().damaged(Section::line_rows, "a candidate that no row gives");
}

// In rounds, each of which calls for the memory that the next one, or the caller, will look at.
Result<void> find_rows(const Table& table, std::span<Cheapest> answers, std::span<const Found> found) {
    auto prefixes = table.parts().records<PrefixRecord>(Section::prefixes);
    auto rows = table.parts().records<RowRecord>(Section::rows);
    auto in_line = table.parts().records<std::uint32_t>(Section::line_rows);
    auto spilt = table.parts().records<std::uint32_t>(Section::spill_rows);
    auto row_of = [&](std::uint32_t slot) {
        auto positions = (slot & in_spill) != 0 ? spilt : in_line;
        auto index = slot & ~in_spill;
        return index < positions.size() ? &positions[index] : nullptr;
    };
    auto missing = [](const Cheapest& answer) {
        return answer.carrier != Cheapest::none && answer.row == Cheapest::none;
    };
    for (std::size_t i = 0; i < answers.size(); ++i) {
        if (!missing(answers[i])) continue;
        if (const auto* row = row_of(found[i].slot)) __builtin_prefetch(row);
        if (answers[i].place < prefixes.size()) __builtin_prefetch(&prefixes[answers[i].place]);
    }
    for (std::size_t i = 0; i < answers.size(); ++i) {
        if (!missing(answers[i])) continue;
        const auto* row = row_of(found[i].slot);
        if (row == nullptr) return table.parts().damaged(Section::line_rows, "a candidate without a row");
        answers[i].row = *row;
        if (*row < rows.size()) __builtin_prefetch(&rows[*row]);
    }
    for (auto& answer : answers)
        if (answer.carrier != Cheapest::none)
            if (auto done = find_place(table, answer); !done) return done;
    return {};
}

Result<void> check(std::span<const Call> calls) {
    for (const auto& call : calls) {
        if (call.number < least_number || call.number >= past_numbers)
            return failure(Fault::usage, "", fmt::format("'{}' is not an E.164 number", call.number),
                           "it has 4 to 15 digits");
        if (call.seconds < 1 || call.seconds > longest_call)
            return failure(Fault::usage, "", fmt::format("a call of {} s", call.seconds),
                           fmt::format("1 to {} s can be rated", longest_call));
    }
    return {};
}

}  // namespace

LeastCost::LeastCost(const Table& table) : table_(table), lookup_(std::make_unique<Lookup>(table)) {
#if defined(__x86_64__)
    counts_bits_ = __builtin_cpu_supports("popcnt") != 0;
#endif
}
LeastCost::~LeastCost() = default;

Result<void> LeastCost::decide(std::span<const Call> calls, std::span<Cheapest> answers, bool with_row) {
    std::array<Found, batch> found;
    for (std::size_t first = 0; first < calls.size(); first += batch) {
        auto some = calls.subspan(first, std::min(batch, calls.size() - first));
        auto theirs = answers.subspan(first, some.size());
        if (auto good = check(some); !good) return good;
#if defined(__x86_64__)
        if (counts_bits_)
            run_popcnt(*lookup_, some, theirs, found.data());
        else
#endif
            run_plain(*lookup_, some, theirs, found.data());
        for (std::size_t i = 0; i < some.size(); ++i) {
            if (found[i].look == Look::damaged) return table_.parts().damaged(Section::lines, "the way to a number");
            if (found[i].look == Look::ask_rows)
                if (auto done = ask_rows(table_, some[i], theirs[i]); !done) return done;
        }
        if (with_row)
            if (auto done = find_rows(table_, theirs, std::span(found).first(some.size())); !done) return done;
    }
    return {};
}

Result<void> cheapest(const Table& table, std::span<const Call> calls, std::span<Cheapest> answers, bool with_row) {
    return LeastCost(table).decide(calls, answers, with_row);
}

}  // namespace trunkbox::lcr

#include "lcr/trie.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstring>

namespace trunkbox::lcr {

namespace {

// What a slot of the root is worth: one step of most searches, where there are many prefixes to tell apart.
std::uint32_t root_digits_for(std::size_t prefixes) { return prefixes < 1000 ? 3 : prefixes < 50'000 ? 5 : 6; }

// Longer prefixes behind one value of the digits looked at: places first to last.
struct Below {
    std::uint32_t digits = 0;
    std::uint32_t first = 0;
    std::uint32_t last = 0;
};

// Calls start(i) for each slot that leads elsewhere than the one before it; what is below leads to a node.
template <class Start>
void find_starts(std::span<const std::uint32_t> slots, std::span<const Below> below, Start start) {
    auto child = below.begin();
    bool was_child = false;
    for (std::size_t i = 0; i < slots.size(); ++i) {
        bool is_child = child != below.end() && child->digits == i;
        if (i == 0 || is_child || was_child || slots[i] != slots[i - 1]) start(i);
        if (is_child) ++child;
        was_child = is_child;
    }
}

constexpr std::size_t nodes_in_piece = 4096;  // that the root leads to

std::size_t aligned(std::size_t words) { return (words + node_unit - 1) / node_unit * node_unit; }

}  // namespace

class Trie::Builder {
  public:
    Builder(std::span<const PrefixRecord> prefixes, std::span<const std::uint32_t> values)
        : prefixes_(prefixes), values_(values) {}

    // Writes what the prefixes that end within these digits give, gathers those that do not. In tree order a family
    // comes before its members, so that the longer ones write over the shorter.
    void spread(std::uint32_t first, std::uint32_t last, int from, int count, std::span<std::uint32_t> slots,
                std::vector<Below>& below) const {
        for (auto place = first; place < last; ++place) {
            auto value = digits(place, from, count);
            auto over = length(place) - from - count;
            if (over > 0) {
                if (below.empty() || below.back().digits != value) below.push_back({value, place, place});
                below.back().last = place + 1;
                continue;
            }
            auto covered = powers_of_ten[static_cast<std::size_t>(-over)];
            for (std::uint64_t i = 0; i < covered; ++i) slots[value + i] = leaf_bit | values_[place];
        }
    }

    // Adds the node and all that it leads to, and gives its place in the piece. `inherited` is where numbers lead that go
    // on with no prefix of its own.
    std::uint32_t make_node(const Below& part, int from, std::uint32_t inherited, Piece& piece) const {
        std::array<std::uint32_t, 100> slots;
        slots.fill(inherited);
        std::vector<Below> below;
        spread(part.first, part.last, from, node_digits, slots, below);
        auto& words = piece.words;
        auto begin = aligned(words.size());
        words.resize(begin + starts_words);
        NodeStarts starts;
        std::array<std::size_t, 100> entry_of;
        find_starts(slots, below, [&](std::size_t way) {
            starts.bits[way / 64] |= std::uint64_t{1} << (way % 64);
            entry_of[way] = words.size();
            words.push_back(slots[way]);
        });
        std::memcpy(&words[begin], &starts, sizeof starts);
        for (const auto& child : below) {
            auto node = make_node(child, from + node_digits, slots[child.digits], piece);
            words[entry_of[child.digits]] = node;
            piece.ways.push_back(entry_of[child.digits]);
        }
        return static_cast<std::uint32_t>(begin / node_unit);
    }

  private:
    [[nodiscard]] int length(std::uint32_t place) const { return static_cast<int>(prefixes_[place].key & 15U); }
    // `count` digits of the prefix from position `from` on, padded with 0.
    [[nodiscard]] std::uint32_t digits(std::uint32_t place, int from, int count) const {
        // A place more, for the last digit of a root with an even number of them.
        auto padded = (prefixes_[place].key >> 4U) * 10;
        auto rest = static_cast<std::size_t>(numbering::max_digits + 1 - from - count);
        return static_cast<std::uint32_t>(padded / powers_of_ten[rest] % powers_of_ten[static_cast<std::size_t>(count)]);
    }

    std::span<const PrefixRecord> prefixes_;
    std::span<const std::uint32_t> values_;
};

Trie::Trie(std::span<const PrefixRecord> prefixes, std::span<const std::uint32_t> values, const Parallel& parallel)
    : root_digits(root_digits_for(prefixes.size())) {
    Builder builder(prefixes, values);
    auto from = static_cast<int>(root_digits);
    std::vector<std::uint32_t> slots(powers_of_ten[root_digits], leaf_bit | no_leaf);
    std::vector<Below> below;
    builder.spread(0, static_cast<std::uint32_t>(prefixes.size()), 0, from, slots, below);

    pieces_.resize((below.size() + nodes_in_piece - 1) / nodes_in_piece);
    parallel(pieces_.size(), [&](std::size_t i) {
        auto& piece = pieces_[i];
        auto first = i * nodes_in_piece;
        for (const auto& part : std::span(below).subspan(first, std::min(nodes_in_piece, below.size() - first)))
            piece.beginnings.push_back(builder.make_node(part, from, slots[part.digits], piece));
    });
    root.resize(root_groups(slots.size()));
    std::vector<std::size_t> ways;  // entries that lead to nodes
    find_starts(slots, below, [&](std::size_t slot) {
        root[slot / 64].starts |= std::uint64_t{1} << (slot % 64);
        if (ways.size() < below.size() && below[ways.size()].digits == slot) ways.push_back(entries_.size());
        entries_.push_back(slots[slot]);
    });
    for (std::size_t i = 1; i < root.size(); ++i)
        root[i].before = root[i - 1].before + static_cast<std::uint32_t>(std::popcount(root[i - 1].starts));
    place_pieces(ways);
}

// `ways`: the entries of the root that lead to the pieces' nodes, in their order.
void Trie::place_pieces(std::span<const std::size_t> ways) {
    entries_.resize(aligned(entries_.size()));
    size_ = entries_.size();
    auto way = ways.begin();
    for (auto& piece : pieces_) {
        piece.begin = static_cast<std::uint32_t>(size_ / node_unit);
        for (auto node : piece.beginnings) entries_[*way++] = piece.begin + node;
        piece.words.resize(aligned(piece.words.size()));
        size_ += piece.words.size();
    }
    size_ += most_node_words;
}

void Trie::write(std::span<std::uint32_t> words, const Parallel& parallel) {
    std::ranges::copy(entries_, words.begin());
    parallel(pieces_.size(), [&](std::size_t i) {
        auto& piece = pieces_[i];
        for (auto way : piece.ways) piece.words[way] += piece.begin;
        std::ranges::copy(piece.words, words.subspan(std::size_t{piece.begin} * node_unit).begin());
        piece = {};
    });
    std::ranges::fill(words.last(most_node_words), 0);
}

}  // namespace trunkbox::lcr

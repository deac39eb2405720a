#include "lcr/trie.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

namespace trunkbox::lcr {

namespace {

// What a slot of the root is worth: one step of most searches, where there are many prefixes to tell apart.
std::uint32_t root_digits_for(std::size_t prefixes) { return prefixes < 1000 ? 3 : prefixes < 50'000 ? 5 : 6; }

class Builder {
  public:
    Builder(std::span<const PrefixRecord> prefixes, std::span<const std::uint32_t> values)
        : prefixes_(prefixes), values_(values) {}

    Trie build() {
        trie_.root_digits = root_digits_for(prefixes_.size());
        auto root_digits = static_cast<int>(trie_.root_digits);
        trie_.root.assign(powers_of_ten[trie_.root_digits], leaf_bit | no_leaf);
        std::vector<Below> below;
        spread(0, static_cast<std::uint32_t>(prefixes_.size()), 0, root_digits, trie_.root, below);
        for (const auto& part : below) {
            auto inherited = trie_.root[part.digits];
            auto node = static_cast<std::uint32_t>(nodes_.size());
            nodes_.emplace_back();
            fill(node, part, root_digits, inherited);
            trie_.root[part.digits] = node;
        }
        put_together();
        return std::move(trie_);
    }

  private:
    // Longer prefixes behind one value of the digits looked at: places first to last.
    struct Below {
        std::uint32_t digits = 0;
        std::uint32_t first = 0;
        std::uint32_t last = 0;
    };

    [[nodiscard]] int length(std::uint32_t place) const { return static_cast<int>(prefixes_[place].key & 15U); }
    // `count` digits of the prefix from position `from` on, padded with 0.
    [[nodiscard]] std::uint32_t digits(std::uint32_t place, int from, int count) const {
        // A place more, for the last digit of a root with an even number of them.
        auto padded = (prefixes_[place].key >> 4U) * 10;
        auto rest = static_cast<std::size_t>(numbering::max_digits + 1 - from - count);
        return static_cast<std::uint32_t>(padded / powers_of_ten[rest] % powers_of_ten[static_cast<std::size_t>(count)]);
    }

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

    void fill(std::uint32_t node, const Below& part, int from, std::uint32_t inherited) {
        std::array<std::uint32_t, 100> slots{};
        slots.fill(inherited);
        std::vector<Below> below;
        spread(part.first, part.last, from, node_digits, slots, below);
        TrieNode made;
        for (const auto& child : below) mark(made.bits[TrieNode::child], child.digits);
        std::vector<std::uint32_t> leaves;
        for (std::uint32_t d = 0; d < slots.size(); ++d) {
            auto leaf = slots[d] & ~leaf_bit;
            if (is_marked(made.bits[TrieNode::child], d) || (!leaves.empty() && leaves.back() == leaf)) continue;
            mark(made.bits[TrieNode::leaf], d);
            leaves.push_back(leaf);
        }
        auto first_child = static_cast<std::uint32_t>(nodes_.size());
        made.first[TrieNode::child] = first_child;
        nodes_[node] = made;
        place_leaves(node, leaves);
        nodes_.resize(nodes_.size() + below.size());
        for (std::uint32_t i = 0; i < below.size(); ++i)
            fill(first_child + i, below[i], from + node_digits, slots[below[i].digits]);
    }

    static void mark(std::array<std::uint64_t, 2>& bits, std::uint32_t d) {
        bits[d >> 6U] |= std::uint64_t{1} << (d & 63U);
    }
    static bool is_marked(const std::array<std::uint64_t, 2>& bits, std::uint32_t d) {
        return (bits[d >> 6U] >> (d & 63U) & 1U) != 0;
    }

    void place_leaves(std::uint32_t place, const std::vector<std::uint32_t>& leaves) {
        auto& node = nodes_[place];
        if (leaves.size() <= node.leaves.size()) {
            std::ranges::copy(leaves, node.leaves.begin());
            node.first[TrieNode::leaf] =
                static_cast<std::uint32_t>(place * node_words + offsetof(TrieNode, leaves) / sizeof(std::uint32_t));
            return;
        }
        apart_.push_back(place);
        node.first[TrieNode::leaf] = static_cast<std::uint32_t>(leaves_.size());
        leaves_.insert(leaves_.end(), leaves.begin(), leaves.end());
    }

    void put_together() {
        auto nodes = nodes_.size() * node_words;
        for (auto place : apart_) nodes_[place].first[TrieNode::leaf] += static_cast<std::uint32_t>(nodes);
        trie_.words.resize(nodes + leaves_.size());
        if (!nodes_.empty()) std::memcpy(trie_.words.data(), nodes_.data(), nodes * sizeof(std::uint32_t));
        std::ranges::copy(leaves_, trie_.words.begin() + static_cast<std::ptrdiff_t>(nodes));
    }

    std::span<const PrefixRecord> prefixes_;
    std::span<const std::uint32_t> values_;
    Trie trie_;
    std::vector<TrieNode> nodes_;
    std::vector<std::uint32_t> leaves_;  // of nodes that have more than fit in
    std::vector<std::uint32_t> apart_;   // those nodes
};

}  // namespace

Trie build_trie(std::span<const PrefixRecord> prefixes, std::span<const std::uint32_t> values) {
    return Builder(prefixes, values).build();
}

}  // namespace trunkbox::lcr

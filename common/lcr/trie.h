// The search for the longest prefix: the first digits choose a slot, then two digits a node.
#pragma once

#include "lcr/image.h"

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

namespace trunkbox::lcr {

inline constexpr int root_digits = 5;
inline constexpr int node_digits = 2;
static_assert((numbering::max_digits - root_digits) % node_digits == 0);

struct Trie {
    std::vector<std::uint32_t> root;
    std::vector<TrieNode> nodes;
    std::vector<std::uint32_t> leaves;
};
// values[i] is what a number gets whose longest prefix is prefixes[i]; prefixes by tree_key, without the one
// behind the last.
[[nodiscard]] Trie build_trie(std::span<const PrefixRecord> prefixes, std::span<const std::uint32_t> values);

// Where a search stands. Taking the steps of many searches in turn hides the memory's delay.
struct TrieView {
    std::span<const std::uint32_t> root;
    std::span<const TrieNode> nodes;
    std::span<const std::uint32_t> leaves;

    static constexpr std::uint64_t after_root = 10'000'000'000;  // 10^(15 - root_digits)

    [[nodiscard]] std::uint32_t slot(std::uint64_t padded) const { return root[padded / after_root]; }

    // Where one node leads: to a node below, or to a place in `leaves`, with leaf_bit. A file that lies leads to
    // leaf_bit | no_leaf.
    [[gnu::always_inline]] inline std::uint32_t step(std::uint32_t node, std::uint64_t digits) const {
        if (node >= nodes.size()) return leaf_bit | no_leaf;
        const auto& at = nodes[node];
        auto word = digits >> 6U;
        auto bit = std::uint64_t{1} << (digits & 63U);
        if ((at.child[word] & bit) != 0) return at.first_child + below(at.child, word, bit - 1);
        return leaf_bit | (at.first_leaf + below(at.run, word, bit - 1 + bit) - 1);
    }
    [[gnu::always_inline]] inline std::uint32_t leaf(std::uint32_t place) const {
        return place < leaves.size() ? leaves[place] : no_leaf;
    }

  private:
    [[gnu::always_inline]] static inline std::uint32_t below(const std::array<std::uint64_t, 2>& bits,
                                                             std::uint64_t word, std::uint64_t mask) {
        auto low = std::popcount(word == 0 ? bits[0] & mask : bits[0]);
        auto high = word == 0 ? 0 : std::popcount(bits[1] & mask);
        return static_cast<std::uint32_t>(low + high);
    }
};

// The whole search for one number of 15 padded digits.
[[nodiscard]] inline std::uint32_t find(const TrieView& trie, std::uint64_t padded) {
    auto entry = trie.slot(padded);
    if ((entry & leaf_bit) != 0) return entry & ~leaf_bit;
    auto scale = TrieView::after_root;
    auto rest = padded % scale;
    while ((entry & leaf_bit) == 0) {
        if (scale == 1) return no_leaf;  // a file whose nodes run in a circle
        scale /= 100;
        entry = trie.step(entry, rest / scale);
        rest %= scale;
    }
    return trie.leaf(entry & ~leaf_bit);
}

}  // namespace trunkbox::lcr

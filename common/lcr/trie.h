// The search for the longest prefix: the first digits choose a slot, then two digits a node.
#pragma once

#include "base/money.h"
#include "lcr/deck.h"
#include "lcr/image.h"

#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

namespace trunkbox::lcr {

inline constexpr int node_digits = 2;

struct Trie {
    std::uint32_t root_digits = 0;
    std::vector<std::uint32_t> root;
    std::vector<std::uint32_t> words;  // of the nodes section
};
// values[i] is what a number gets whose longest prefix is prefixes[i]; prefixes by tree_key, without the one
// behind the last.
[[nodiscard]] Trie build_trie(std::span<const PrefixRecord> prefixes, std::span<const std::uint32_t> values);

// How many digits a number below 10^16 has; 0 has one.
[[gnu::always_inline]] inline int digits_of(std::uint64_t number) {
    auto about = static_cast<std::size_t>(std::bit_width(number | 1) * 1233) >> 12U;  // × log10(2)
    return static_cast<int>(about) + (number >= powers_of_ten[about] ? 1 : 0);
}

// 15 padded digits from the left, so many at a time, as a fraction of 2^64 without a division. It is at most three too
// large, which 15 digits cannot show: 3 × 10^15 is below 2^64.
class DigitsLeft {
  public:
    [[gnu::always_inline]] explicit DigitsLeft(std::uint64_t padded)
        : fraction_(static_cast<std::uint64_t>((UInt128{padded} * scale) >> 49U) + 1) {}
    // The next digits; ten_to: 10 to the power of how many.
    [[gnu::always_inline]] std::uint64_t take(std::uint64_t ten_to) {
        auto product = UInt128{fraction_} * ten_to;
        fraction_ = static_cast<std::uint64_t>(product);
        return static_cast<std::uint64_t>(product >> 64U);
    }

    // To be carried on later.
    [[nodiscard]] std::uint64_t fraction() const { return fraction_; }
    [[gnu::always_inline]] static DigitsLeft of_fraction(std::uint64_t fraction) {
        DigitsLeft digits(0);
        digits.fraction_ = fraction;
        return digits;
    }

  private:
    static constexpr auto scale = static_cast<std::uint64_t>((UInt128{1} << 113U) / powers_of_ten[15]) + 1;
    std::uint64_t fraction_;
};

// Taking the steps of many searches in turn hides the memory's delay.
class TrieView {
  public:
    explicit TrieView(const Image& image)
        : root_(image.records<std::uint32_t>(Section::root)), words_(image.records<std::uint32_t>(Section::nodes)),
          root_slots_(powers_of_ten[image.header().root_digits]) {}

    // leaf_bit and a leaf's value, or the place of the first node.
    [[nodiscard, gnu::always_inline]] const std::uint32_t* slot(DigitsLeft& digits) const {
        return root_.data() + digits.take(root_slots_);
    }
    [[nodiscard, gnu::always_inline]] static std::uint64_t word_of_node(std::uint32_t place) {
        return std::uint64_t{place} * node_words;
    }

    struct Step {
        std::uint64_t word = 0;  // where the node begins, or where the leaf is
        std::uint64_t way = TrieNode::leaf;
    };
    // From the node at `word`, which is_node. Without a branch that depends on the digits: no processor foretells those.
    [[nodiscard, gnu::always_inline]] Step step(std::uint64_t word, DigitsLeft& digits) const {
        const auto& node = *static_cast<const TrieNode*>(static_cast<const void*>(words_.data() + word));
        auto two = digits.take(100);
        auto high = 0 - (two >> 6U);  // all bits, or none
        auto bit = two & 63U;
        auto way = (node.bits[TrieNode::child][two >> 6U] >> bit) & 1U;
        auto up_to = (std::uint64_t{2} << bit) - 1;
        const auto& bits = node.bits[way];
        auto index = std::popcount(bits[0] & (up_to | high)) + std::popcount(bits[1] & up_to & high) - 1;
        auto place = node.first[way] + static_cast<std::uint32_t>(index);
        return {.word = std::uint64_t{place} << (way * std::countr_zero(node_words)), .way = way};
    }
    // Of a file that lies, false.
    [[nodiscard, gnu::always_inline]] bool is_node(std::uint64_t word) const { return word + node_words <= words_.size(); }
    [[nodiscard, gnu::always_inline]] std::uint32_t leaf(std::uint64_t word) const {
        return word < words_.size() ? words_[word] : no_leaf;
    }
    [[nodiscard, gnu::always_inline]] const std::uint32_t* at(std::uint64_t word) const { return words_.data() + word; }

    // The whole search for one number.
    [[nodiscard, gnu::always_inline]] std::uint32_t find(std::uint64_t padded) const {
        DigitsLeft digits(padded);
        auto entry = *slot(digits);
        if ((entry & leaf_bit) != 0) return entry & ~leaf_bit;
        Step at{.word = word_of_node(entry), .way = TrieNode::child};
        // A number has no more digits; nodes that run in a circle are a file's that lies.
        for (int left = numbering::max_digits; at.way == TrieNode::child && left > 0; left -= node_digits) {
            if (!is_node(at.word)) return no_leaf;
            at = step(at.word, digits);
        }
        return at.way == TrieNode::child ? no_leaf : leaf(at.word);
    }

  private:
    std::span<const std::uint32_t> root_;
    std::span<const std::uint32_t> words_;
    std::uint64_t root_slots_;
};

}  // namespace trunkbox::lcr

// The search for the longest prefix: the first digits choose a slot, then two digits a way of a node.
#pragma once

#include "base/money.h"
#include "lcr/deck.h"
#include "lcr/image.h"
#include "lcr/parallel.h"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace trunkbox::lcr {

inline constexpr int node_digits = 2;

// Made piece by piece, and written once it is known how much there is.
class Trie {
  public:
    // values[i] is what a number gets whose longest prefix is prefixes[i]; prefixes by tree_key, without the one behind
    // the last.
    Trie(std::span<const PrefixRecord> prefixes, std::span<const std::uint32_t> values, const Parallel& parallel);

    std::uint32_t root_digits = 0;
    std::vector<RootGroup> root;
    [[nodiscard]] std::size_t size() const { return size_; }  // words of the nodes section
    // The pieces are not kept.
    void write(std::span<std::uint32_t> words, const Parallel& parallel);

  private:
    struct Piece {
        std::vector<std::uint32_t> words{};       // of its nodes, which lead to each other as if the piece stood first
        std::vector<std::size_t> ways{};          // indices of the words that hold one of its nodes
        std::vector<std::uint32_t> beginnings{};  // the nodes that the root leads to
        std::uint32_t begin = 0;                  // to be added to each node; in units of nodes, like them
    };
    class Builder;
    void place_pieces(std::span<const std::size_t> ways);

    std::vector<std::uint32_t> entries_;  // of the root
    std::vector<Piece> pieces_;
    std::size_t size_ = 0;
};

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
        : root_(image.records<RootGroup>(Section::root)), words_(image.records<std::uint32_t>(Section::nodes)),
          nodes_(words_.size() < most_node_words ? 0 : (words_.size() - most_node_words) / node_unit + 1),
          root_slots_(powers_of_ten[image.header().root_digits]) {}

    // Takes the first digits.
    [[nodiscard, gnu::always_inline]] std::uint64_t slot(DigitsLeft& digits) const { return digits.take(root_slots_); }
    [[nodiscard, gnu::always_inline]] const RootGroup* group(std::uint64_t slot) const { return &root_[slot >> 6U]; }
    // leaf_bit and a leaf's value, or a node. Of a file that lies, no leaf.
    [[nodiscard, gnu::always_inline]] std::uint32_t enter(std::uint64_t slot) const {
        const auto& group = root_[slot >> 6U];
        auto up_to = (std::uint64_t{2} << (slot & 63U)) - 1;
        auto index = group.before + static_cast<std::uint32_t>(std::popcount(group.starts & up_to)) - 1;
        return index < words_.size() ? words_[index] : leaf_bit | no_leaf;
    }
    // The same from a node on, by two digits. Without a branch that depends on them: no processor foretells those.
    [[nodiscard, gnu::always_inline]] std::uint32_t step(std::uint32_t node, DigitsLeft& digits) const {
        if (node >= nodes_) [[unlikely]]
            return leaf_bit | no_leaf;
        const auto* words = at(node);
        std::array<std::uint64_t, 2> starts;
        std::memcpy(&starts, words, sizeof starts);
        auto two = digits.take(100);
        auto second = 0 - (two >> 6U);  // all bits, or none
        auto up_to = (std::uint64_t{2} << (two & 63U)) - 1;
        auto rank = std::popcount(starts[0] & (up_to | second)) + std::popcount(starts[1] & up_to & second);
        return words[starts_words - 1 + static_cast<std::size_t>(rank)];
    }
    [[nodiscard, gnu::always_inline]] const std::uint32_t* at(std::uint32_t node) const {
        return words_.data() + std::size_t{node} * node_unit;
    }

    // The whole search for one number.
    [[nodiscard, gnu::always_inline]] std::uint32_t find(std::uint64_t padded) const {
        DigitsLeft digits(padded);
        auto entry = enter(slot(digits));
        // A number has no more digits; nodes that run in a circle are a file's that lies.
        for (int left = numbering::max_digits; (entry & leaf_bit) == 0 && left > 0; left -= node_digits)
            entry = step(entry, digits);
        return (entry & leaf_bit) == 0 ? no_leaf : entry & ~leaf_bit;
    }

  private:
    std::span<const RootGroup> root_;
    std::span<const std::uint32_t> words_;
    std::size_t nodes_;  // at which one may begin
    std::uint64_t root_slots_;
};

}  // namespace trunkbox::lcr

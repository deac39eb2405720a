// A set of rules, by their places in the table.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace trunkbox::sbc {

class RuleSet {
  public:
    static constexpr std::size_t capacity = 128;

    constexpr void add(std::size_t rule) { words_[rule / 64] |= 1ULL << (rule % 64); }
    constexpr void remove(std::size_t rule) { words_[rule / 64] &= ~(1ULL << (rule % 64)); }
    [[nodiscard]] constexpr bool has(std::size_t rule) const { return (words_[rule / 64] >> (rule % 64) & 1U) != 0; }

    [[nodiscard]] constexpr bool empty() const { return (words_[0] | words_[1]) == 0; }

    constexpr RuleSet& operator|=(const RuleSet& other) {
        words_[0] |= other.words_[0];
        words_[1] |= other.words_[1];
        return *this;
    }
    constexpr RuleSet& operator&=(const RuleSet& other) {
        words_[0] &= other.words_[0];
        words_[1] &= other.words_[1];
        return *this;
    }

    // visit(place) for each, in the order of the table.
    template <class Visit>
    constexpr void each(Visit visit) const {
        for (std::size_t word = 0; word < words_.size(); ++word)
            for (std::uint64_t left = words_[word]; left != 0; left &= left - 1)
                visit(word * 64 + static_cast<std::size_t>(std::countr_zero(left)));
    }

  private:
    std::array<std::uint64_t, 2> words_{};
};

}  // namespace trunkbox::sbc

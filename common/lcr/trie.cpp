#include "lcr/trie.h"

#include <array>

namespace trunkbox::lcr {

namespace {

constexpr std::array<std::uint64_t, 16> powers = [] {
    std::array<std::uint64_t, 16> p{};
    p[0] = 1;
    for (std::size_t i = 1; i < p.size(); ++i) p[i] = p[i - 1] * 10;
    return p;
}();

class Builder {
  public:
    Builder(std::span<const PrefixRecord> prefixes, std::span<const std::uint32_t> values)
        : prefixes_(prefixes), values_(values) {}

    Trie build() {
        auto slots = powers[root_digits];
        trie_.root.assign(slots, leaf_bit | no_leaf);
        std::vector<Below> below;
        spread(0, static_cast<std::uint32_t>(prefixes_.size()), 0, root_digits, trie_.root, below);
        for (const auto& part : below) {
            auto inherited = trie_.root[part.digits];
            auto node = static_cast<std::uint32_t>(trie_.nodes.size());
            trie_.nodes.emplace_back();
            fill(node, part, root_digits, inherited);
            trie_.root[part.digits] = node;
        }
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
        auto padded = prefixes_[place].key >> 4U;
        auto rest = static_cast<std::size_t>(numbering::max_digits - from - count);
        return static_cast<std::uint32_t>(padded / powers[rest] % powers[static_cast<std::size_t>(count)]);
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
            auto covered = powers[static_cast<std::size_t>(-over)];
            for (std::uint64_t i = 0; i < covered; ++i) slots[value + i] = leaf_bit | values_[place];
        }
    }

    void fill(std::uint32_t node, const Below& part, int from, std::uint32_t inherited) {
        std::array<std::uint32_t, 100> slots{};
        slots.fill(inherited);
        std::vector<Below> below;
        spread(part.first, part.last, from, node_digits, slots, below);
        auto first_child = static_cast<std::uint32_t>(trie_.nodes.size());
        trie_.nodes.resize(trie_.nodes.size() + below.size());
        TrieNode made{.first_child = first_child, .first_leaf = static_cast<std::uint32_t>(trie_.leaves.size())};
        for (const auto& child : below) made.child[child.digits >> 6U] |= std::uint64_t{1} << (child.digits & 63U);
        auto before = std::uint32_t{0};
        for (std::uint32_t d = 0; d < slots.size(); ++d) {
            auto bit = std::uint64_t{1} << (d & 63U);
            if ((made.child[d >> 6U] & bit) != 0 || slots[d] == before) continue;
            before = slots[d];
            made.run[d >> 6U] |= bit;
            trie_.leaves.push_back(before & ~leaf_bit);
        }
        trie_.nodes[node] = made;
        for (std::uint32_t i = 0; i < below.size(); ++i)
            fill(first_child + i, below[i], from + node_digits, slots[below[i].digits]);
    }

    std::span<const PrefixRecord> prefixes_;
    std::span<const std::uint32_t> values_;
    Trie trie_;
};

}  // namespace

Trie build_trie(std::span<const PrefixRecord> prefixes, std::span<const std::uint32_t> values) {
    return Builder(prefixes, values).build();
}

}  // namespace trunkbox::lcr

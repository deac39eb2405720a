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

class Builder {
  public:
    Builder(std::span<const PrefixRecord> prefixes, std::span<const std::uint32_t> values)
        : prefixes_(prefixes), values_(values) {}

    Trie build() {
        trie_.root_digits = root_digits_for(prefixes_.size());
        auto root_digits = static_cast<int>(trie_.root_digits);
        std::vector<std::uint32_t> slots(powers_of_ten[trie_.root_digits], leaf_bit | no_leaf);
        std::vector<Below> below;
        spread(0, static_cast<std::uint32_t>(prefixes_.size()), 0, root_digits, slots, below);
        trie_.root.resize(root_groups(slots.size()));
        find_starts(slots, below, [&](std::size_t slot) {
            trie_.root[slot / 64].starts |= std::uint64_t{1} << (slot % 64);
            trie_.words.push_back(slots[slot]);
        });
        for (std::size_t i = 1; i < trie_.root.size(); ++i)
            trie_.root[i].before = trie_.root[i - 1].before + static_cast<std::uint32_t>(std::popcount(trie_.root[i - 1].starts));
        for (const auto& part : below) {
            const auto& group = trie_.root[part.digits / 64];
            auto up_to = (std::uint64_t{2} << (part.digits % 64)) - 1;
            auto entry = group.before + static_cast<std::uint32_t>(std::popcount(group.starts & up_to)) - 1;
            auto node = make_node(part, root_digits, slots[part.digits]);
            trie_.words[entry] = node;
        }
        trie_.words.resize(trie_.words.size() + most_node_words);
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

    // Calls start(i) for each slot that leads elsewhere than the one before it; what is below leads to a node.
    template <class Start>
    static void find_starts(std::span<const std::uint32_t> slots, std::span<const Below> below, Start start) {
        auto child = below.begin();
        bool was_child = false;
        for (std::size_t i = 0; i < slots.size(); ++i) {
            bool is_child = child != below.end() && child->digits == i;
            if (i == 0 || is_child || was_child || slots[i] != slots[i - 1]) start(i);
            if (is_child) ++child;
            was_child = is_child;
        }
    }

    // Gives its place. `inherited` is where numbers lead that go on with no prefix of its own.
    std::uint32_t make_node(const Below& part, int from, std::uint32_t inherited) {
        std::array<std::uint32_t, 100> slots;
        slots.fill(inherited);
        std::vector<Below> below;
        spread(part.first, part.last, from, node_digits, slots, below);
        auto& words = trie_.words;
        words.resize((words.size() + node_unit - 1) / node_unit * node_unit);
        auto begin = words.size();
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
            auto node = make_node(child, from + node_digits, slots[child.digits]);
            words[entry_of[child.digits]] = node;
        }
        return static_cast<std::uint32_t>(begin / node_unit);
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

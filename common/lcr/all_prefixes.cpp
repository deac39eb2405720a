#include "lcr/all_prefixes.h"

#include <algorithm>
#include <iterator>
#include <limits>

namespace trunkbox::lcr {

namespace {

constexpr std::size_t stretch_count = 64;
constexpr std::uint64_t behind_all = std::numeric_limits<std::uint64_t>::max();

using Keys = std::vector<std::uint64_t>;

Keys keys_of(std::span<const Deck::Packed> rows) {
    Keys keys;
    keys.reserve(rows.size());
    for (const auto& row : rows) {
        auto key = tree_key(row.prefix);
        if (keys.empty() || keys.back() != key) keys.push_back(key);
    }
    return keys;
}

void merge_last_two(std::vector<Keys>& lists) {
    auto& a = lists[lists.size() - 2];
    auto& b = lists.back();
    Keys merged(a.size() + b.size());
    auto end = std::ranges::set_union(a, b, merged.begin()).out;
    merged.resize(static_cast<std::size_t>(end - merged.begin()));
    lists.pop_back();
    lists.back() = std::move(merged);
}

// Those from `first` up to below `last`.
Keys merge(std::span<const Deck* const> decks, std::uint64_t first, std::uint64_t last) {
    std::vector<Keys> lists;
    for (const auto* deck : decks) {
        auto rows = deck->packed();
        auto begin = first_row(rows, first);
        lists.push_back(keys_of(rows.subspan(begin, first_row(rows, last) - begin)));
        // Equal sizes meet, as in a merge sort.
        while (lists.size() >= 2 && lists[lists.size() - 2].size() <= 2 * lists.back().size()) merge_last_two(lists);
    }
    while (lists.size() >= 2) merge_last_two(lists);
    return lists.empty() ? Keys{} : std::move(lists.front());
}

// Keys that part all decks into stretches, as the largest deck suggests; the last one is behind all.
Keys part(std::span<const Deck* const> decks) {
    Keys ends;
    auto largest = std::ranges::max_element(decks, {}, [](const Deck* deck) { return deck->size(); });
    if (largest != decks.end())
        for (std::size_t i = 1; i < stretch_count; ++i) {
            auto rows = (*largest)->packed();
            if (!rows.empty()) ends.push_back(tree_key(rows[rows.size() * i / stretch_count].prefix));
        }
    ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
    ends.push_back(behind_all);
    return ends;
}

}  // namespace

std::size_t first_row(std::span<const Deck::Packed> rows, std::uint64_t key) {
    auto found = std::ranges::lower_bound(rows, key, {}, [](const auto& row) { return tree_key(row.prefix); });
    return static_cast<std::size_t>(found - rows.begin());
}

std::vector<PrefixRecord> all_prefixes(std::span<const Deck* const> decks, const Parallel& parallel) {
    auto ends = part(decks);
    std::vector<Keys> stretches(ends.size());
    parallel(ends.size(), [&](std::size_t i) { stretches[i] = merge(decks, i == 0 ? 0 : ends[i - 1], ends[i]); });

    std::size_t count = 0;
    for (const auto& keys : stretches) count += keys.size();
    std::vector<PrefixRecord> prefixes;
    prefixes.reserve(count + 1);
    std::vector<std::uint32_t> open;  // the families that the last prefix stands in
    for (const auto& keys : stretches)
        for (auto key : keys) {
            while (!open.empty() && !key_begins_with(key, prefixes[open.back()].key)) open.pop_back();
            prefixes.push_back({.key = key, .shorter = open.empty() ? PrefixRecord::none : open.back()});
            open.push_back(static_cast<std::uint32_t>(prefixes.size() - 1));
        }
    prefixes.emplace_back();
    return prefixes;
}

}  // namespace trunkbox::lcr

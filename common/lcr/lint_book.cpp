#include "lcr/lint_book.h"

#include <algorithm>
#include <tuple>

namespace trunkbox::lcr {

Book::Book(const CarrierDecks& carrier, std::size_t first_deck, Vocabulary& vocabulary, std::optional<Time> at)
    : carrier_(carrier), first_deck_(first_deck) {
    gather(vocabulary);
    link();
    choose(at, vocabulary.lanes());
}

void Book::gather(Vocabulary& vocabulary) {
    for (std::uint32_t number = 0; number < carrier_.decks.size(); ++number) {
        const auto& deck = carrier_.decks[number];
        std::vector<Lane> lanes;
        for (const auto& scope : deck.scopes()) lanes.push_back(vocabulary.lane(scope));
        for (std::uint32_t index = 0; index < deck.size(); ++index) {
            const auto& row = deck.packed()[index];
            entries_.push_back({tree_key(row.prefix), number, index, lanes[row.scope]});
        }
    }
    std::ranges::sort(entries_, {}, [](const Entry& entry) { return std::tuple(entry.key, entry.deck, entry.index); });
}

void Book::link() {
    std::vector<std::uint32_t> open;
    for (std::uint32_t i = 0; i < entries_.size(); ++i) {
        auto key = entries_[i].key;
        if (!families_.empty() && families_.back().key == key) {
            ++families_.back().last;
            continue;
        }
        while (!open.empty() && !key_begins_with(key, families_[open.back()].key)) open.pop_back();
        families_.push_back({key, i, i + 1, open.empty() ? none : open.back()});
        open.push_back(static_cast<std::uint32_t>(families_.size() - 1));
    }
}

void Book::choose(std::optional<Time> at, std::size_t lanes) {
    std::vector<std::vector<std::uint32_t>> open(lanes);
    std::vector<Lane> here;
    for (std::uint32_t number = 0; number < families_.size(); ++number) {
        const auto& family = families_[number];
        here.clear();
        for (auto i = family.first; i < family.last; ++i) here.push_back(entries_[i].lane);
        std::ranges::sort(here);
        for (auto lane = here.begin(); lane != here.end();) {
            auto next = std::find_if(lane, here.end(), [&](Lane other) { return other != *lane; });
            auto entry = first_of(family, *lane, [&](const Entry& candidate) {
                const auto& end = scope(candidate).end;
                return !at || !end || *end > *at;
            });
            auto& above = open[*lane];
            while (!above.empty() && !key_begins_with(family.key, this->entry(currents_[above.back()]).key)) above.pop_back();
            if (entry != none) {
                currents_.push_back({entry, above.empty() ? none : above.back(), number, next - lane == 1});
                above.push_back(static_cast<std::uint32_t>(currents_.size() - 1));
            }
            lane = next;
        }
    }
}

// As a table has it: the later effective, then the later amendment, then the one that asks more.
bool Book::stands_before(const Entry& a, const Entry& b) const {
    auto key = [&](const Entry& entry) {
        return std::tuple(scope(entry).effective, entry.deck, terms(entry).blocked, row(entry).rate);
    };
    return key(a) > key(b);
}

template <class Counts>
std::uint32_t Book::first_of(const Family& family, Lane lane, Counts counts) const {
    auto best = none;
    for (auto i = family.first; i < family.last; ++i) {
        const auto& candidate = entries_[i];
        if (candidate.lane != lane || !counts(candidate)) continue;
        if (best == none || stands_before(candidate, entries_[best])) best = i;
    }
    return best;
}

std::uint32_t Book::winner(const Family& family, Lane lane, Time at, std::size_t decks) const {
    return first_of(family, lane, [&](const Entry& entry) {
        const auto& dates = scope(entry);
        bool begun = !dates.effective || *dates.effective <= at;
        bool ended = dates.end && *dates.end <= at;
        return entry.deck < decks && begun && !ended;
    });
}

std::uint32_t Book::in_force(std::uint32_t family, Lane lane, Time at, std::size_t decks) const {
    for (; family != none; family = families_[family].parent)
        if (auto entry = winner(families_[family], lane, at, decks); entry != none) return entry;
    return none;
}

std::uint32_t Book::covering(std::string_view digits) const {
    for (auto length = digits.size(); length > 0; --length) {
        auto prefix = numbering::Prefix::parse(digits.substr(0, length));
        if (!prefix) return none;
        auto key = tree_key(*prefix);
        auto found = std::ranges::lower_bound(currents_, key, {}, [&](const Current& c) { return entry(c).key; });
        for (; found != currents_.end() && entry(*found).key == key; ++found)
            if (entry(*found).lane == 0) return static_cast<std::uint32_t>(found - currents_.begin());
    }
    return none;
}

}  // namespace trunkbox::lcr

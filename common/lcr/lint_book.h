// What the checks look at: one carrier's rows as a tree, and which of them count.
#pragma once

#include "lcr/diff_side.h"
#include "lcr/lint.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::lcr {

class Book {
  public:
    static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

    // A row by its deck and its place there, in tree order.
    struct Entry {
        std::uint64_t key = 0;
        std::uint32_t deck = 0, index = 0;
        Lane lane = 0;
    };
    // The rows of one prefix; `parent` is the family of the longest prefix that this one begins with.
    struct Family {
        std::uint64_t key = 0;
        std::uint32_t first = 0, last = 0;
        std::uint32_t parent = none;
    };
    // The row of a prefix and lane that counts: the last one that has not ended by then, so that what is announced
    // is looked at before it begins. `parent` is the next shorter current of the same lane.
    struct Current {
        std::uint32_t entry = none;
        std::uint32_t parent = none;
        std::uint32_t family = none;
        bool only = false;  // the prefix has no other row in this lane
    };

    // `first_deck`: decks of the carriers before it. The decks outlive the book.
    Book(const CarrierDecks& carrier, std::size_t first_deck, Vocabulary& vocabulary, std::optional<Time> at);

    [[nodiscard]] const CarrierDecks& carrier() const { return carrier_; }
    [[nodiscard]] std::size_t first_deck() const { return first_deck_; }
    [[nodiscard]] std::span<const Entry> entries() const { return entries_; }
    [[nodiscard]] std::span<const Family> families() const { return families_; }
    [[nodiscard]] std::span<const Current> currents() const { return currents_; }

    [[nodiscard]] const Deck& deck(const Entry& entry) const { return carrier_.decks[entry.deck]; }
    [[nodiscard]] const Deck::Packed& row(const Entry& entry) const { return deck(entry).packed()[entry.index]; }
    [[nodiscard]] const Terms& terms(const Entry& entry) const { return deck(entry).terms()[row(entry).terms]; }
    [[nodiscard]] const Scope& scope(const Entry& entry) const { return deck(entry).scopes()[row(entry).scope]; }
    [[nodiscard]] std::string_view destination(const Entry& entry) const {
        return deck(entry).destinations()[row(entry).destination];
    }
    [[nodiscard]] const Entry& entry(const Current& current) const { return entries_[current.entry]; }

    // The row of a family that wins in this lane at that moment, of the first `decks` decks.
    [[nodiscard]] std::uint32_t winner(const Family& family, Lane lane, Time at, std::size_t decks) const;
    // The same for a number below the family: its own row, or that of the nearest family that has one.
    [[nodiscard]] std::uint32_t in_force(std::uint32_t family, Lane lane, Time at, std::size_t decks) const;
    // The current row of everybody's lane with the longest prefix that the digits begin with.
    [[nodiscard]] std::uint32_t covering(std::string_view digits) const;

  private:
    void gather(Vocabulary& vocabulary);
    void link();
    void choose(std::optional<Time> at, std::size_t lanes);
    template <class Counts>
    [[nodiscard]] std::uint32_t first_of(const Family& family, Lane lane, Counts counts) const;
    [[nodiscard]] bool stands_before(const Entry& a, const Entry& b) const;

    const CarrierDecks& carrier_;
    std::size_t first_deck_;
    std::vector<Entry> entries_;
    std::vector<Family> families_;
    std::vector<Current> currents_;
};

}  // namespace trunkbox::lcr

// A rate deck: what one carrier asks for calls, by prefix, as its CSV file says.
#pragma once

#include "base/money.h"
#include "base/result.h"
#include "lcr/scope.h"
#include "lcr/terms.h"
#include "numbering/prefix.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::lcr {

struct DeckRow {
    numbering::Prefix prefix;
    std::string destination{};
    Money rate{};  // a minute
    Terms terms{};
    Scope scope{};
    std::size_t line = 0;  // in the file
    bool operator==(const DeckRow&) const = default;
};

// Rows as they stand in the file. What many rows have in common (terms, scope, destination) is kept once, so
// that a deck of millions of rows takes 32 bytes a row.
class Deck {
  public:
    explicit Deck(std::string file = {});
    Deck(Deck&&) noexcept;
    Deck& operator=(Deck&&) noexcept;
    Deck(const Deck&);
    Deck& operator=(const Deck&);
    ~Deck();

    struct Packed {
        numbering::Prefix prefix;
        Money rate{};
        std::uint32_t terms = 0;        // index into terms()
        std::uint32_t scope = 0;        // index into scopes()
        std::uint32_t destination = 0;  // index into destinations()
        std::uint32_t line = 0;
    };

    [[nodiscard]] const std::string& file() const { return file_; }
    void rename(std::string file) { file_ = std::move(file); }
    [[nodiscard]] std::size_t size() const { return rows_.size(); }
    [[nodiscard]] bool empty() const { return rows_.empty(); }
    [[nodiscard]] DeckRow row(std::size_t index) const;
    void add(const DeckRow& row);

    // Below add: the parts one by one, each kept once. The indices are valid for this deck.
    [[nodiscard]] std::uint32_t intern(const Terms& terms);
    [[nodiscard]] std::uint32_t intern(const Scope& scope);
    [[nodiscard]] std::uint32_t intern_destination(std::string_view destination);
    void add(const Packed& row) { rows_.push_back(row); }
    void reserve(std::size_t rows) { rows_.reserve(rows); }
    // The other's rows behind these, each so many lines further down.
    void append(const Deck& other, std::uint32_t lines);

    [[nodiscard]] std::span<const Packed> packed() const { return rows_; }
    [[nodiscard]] std::span<const Terms> terms() const;
    [[nodiscard]] std::span<const Scope> scopes() const;
    [[nodiscard]] std::span<const std::string> destinations() const;

    // By prefix as a tree is walked (a family before its members, then by digits); rows of one prefix keep
    // their order.
    void sort();

  private:
    struct Pools;
    std::string file_;
    std::vector<Packed> rows_;
    std::unique_ptr<Pools> pools_;
};

inline constexpr auto powers_of_ten = [] {
    std::array<std::uint64_t, numbering::max_digits + 1> powers{1};
    for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
    return powers;
}();

// Order of a walk through the tree of prefixes: "44" before "441" before "4412" before "442".
[[nodiscard]] inline std::uint64_t tree_key(numbering::Prefix prefix) {
    auto length = static_cast<std::size_t>(prefix.length());
    return prefix.value() * powers_of_ten[numbering::max_digits - length] << 4U | length;
}
// Whether the digits of one begin with those of the other, both by tree_key; a key begins with itself.
[[nodiscard]] inline bool key_begins_with(std::uint64_t longer, std::uint64_t shorter) {
    auto length = [](std::uint64_t key) { return static_cast<std::size_t>(key & 15U); };
    if (length(shorter) > length(longer)) return false;
    // The digits behind the shorter one are 0; what is smaller than it wraps to what is far larger.
    return (longer >> 4U) - (shorter >> 4U) < powers_of_ten[numbering::max_digits - length(shorter)];
}

}  // namespace trunkbox::lcr

// What routing looks a number up in: the decks of all carriers, compiled for longest-prefix search.
#pragma once

#include "base/money.h"
#include "base/result.h"
#include "base/time.h"
#include "lcr/deck.h"
#include "numbering/e164.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::lcr {

struct Carrier {
    std::string name{};
    int priority = 0;  // decides between equal costs, lower first
    bool enabled = true;
};

struct CarrierDecks {
    Carrier carrier{};
    std::vector<Deck> decks{};  // the later amends the earlier
};

// Immutable. The answers depend on what the rows say, not on the order they stand in.
class Table {
  public:
    // Errors: a carrier without a name or named twice, and two currencies, which cannot be compared without
    // rates of exchange.
    [[nodiscard]] static Result<Table> compile(std::vector<CarrierDecks> carriers);

    Table(Table&&) noexcept;
    Table& operator=(Table&&) noexcept;
    ~Table();

    [[nodiscard]] std::size_t rows() const;
    [[nodiscard]] Currency currency() const;
    [[nodiscard]] std::span<const Carrier> carriers() const;  // by name

    struct Match {
        const DeckRow* row = nullptr;  // lives as long as the table
        std::string_view file{};
    };
    // What one carrier's decks say about a number at a time.
    struct Finding {
        Match row{};        // the longest prefix in force; null when none is
        Match ended{};      // the longest prefix whose time is over, if any
        Match not_begun{};  // the longest prefix whose time has not come, if any
    };
    // carrier: index into carriers().
    [[nodiscard]] Finding find(std::size_t carrier, const numbering::E164& number, Time at) const;

  private:
    struct Body;
    explicit Table(std::unique_ptr<const Body> body);
    std::unique_ptr<const Body> body_;
};

}  // namespace trunkbox::lcr

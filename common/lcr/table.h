// What routing looks a number up in: the decks of all carriers, compiled into one image that is used where it
// lies, in memory or mapped from a file.
#pragma once

#include "base/money.h"
#include "base/result.h"
#include "base/time.h"
#include "lcr/deck.h"
#include "lcr/parallel.h"
#include "lcr/settings.h"
#include "lcr/storage.h"
#include "numbering/e164.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::lcr {

struct CarrierDecks {
    Carrier carrier{};
    std::vector<Deck> decks{};  // the later amends the earlier
};

class Image;

// Immutable. The answers depend on what the rows say, not on the order they stand in.
class Table {
  public:
    // Errors: a carrier without a name or named twice, a currency without a rate of exchange, a time class or
    // origin that the settings do not know, more than 4095 carriers.
    // `parallel` does the work, whose result does not depend on how. The image is put together in `storage`, whose
    // errors are given too, and which is kept as long as the table.
    [[nodiscard]] static Result<Table> compile(std::vector<CarrierDecks> carriers, Settings settings = {},
                                               const Parallel& parallel = one_by_one,
                                               std::shared_ptr<Storage> storage = on_heap());

    // An image that compile made; `keep` holds the memory and is kept as long as the table. Reads the header and
    // the settings only: what else is damaged is found by verify, or where it is met. `name` is for errors.
    [[nodiscard]] static Result<Table> open(std::span<const std::byte> image, std::shared_ptr<const void> keep,
                                            std::string name);
    // All checksums and every index. Fault::input names the section that is damaged.
    [[nodiscard]] Result<void> verify() const;
    [[nodiscard]] std::span<const std::byte> image() const;

    Table(Table&&) noexcept;
    Table& operator=(Table&&) noexcept;
    ~Table();

    [[nodiscard]] const std::string& name() const;
    [[nodiscard]] std::size_t rows() const;
    [[nodiscard]] std::size_t prefixes() const;  // different ones
    [[nodiscard]] const Settings& settings() const;
    [[nodiscard]] Currency currency() const { return settings().currency; }
    // By priority, then by name: of two candidates that cost the same, the one that stands first here wins.
    [[nodiscard]] std::span<const Carrier> carriers() const;
    [[nodiscard]] std::optional<std::size_t> carrier(std::string_view name) const;  // index into carriers()

    // What names a row and its price. The views live as long as the table.
    struct Entry {
        std::size_t carrier = 0;  // index into carriers()
        std::string_view destination{};
        Money rate{};
        Currency currency{};
        std::string_view file{};
        std::size_t line = 0;
        std::uint32_t amendment = 0;  // which of its carrier's decks
        [[nodiscard]] std::string source() const;  // "FILE:LINE"
    };
    // One row as it was compiled.
    struct Row : Entry {
        Terms terms{};
        Scope scope{};
    };
    // Positions of rows: those of one prefix are consecutive, within them those of one carrier, and of these
    // the one in front wins when both are in force: the later effective, then the later amendment, then the
    // one that asks more.
    struct Range {
        std::uint32_t first = 0;
        std::uint32_t last = 0;  // excluded
    };

    // A prefix of the table by its place in the order of tree_key, 0 to prefixes() - 1.
    [[nodiscard]] Result<numbering::Prefix> prefix(std::uint32_t place) const;
    [[nodiscard]] Result<Range> rows_of(std::uint32_t place) const;
    [[nodiscard]] Result<Row> row(std::uint32_t position) const;
    [[nodiscard]] Result<Entry> entry(std::uint32_t position) const;  // for less work
    // The longest prefix of the table that the number begins with, and the next shorter one of a place.
    [[nodiscard]] Result<std::optional<std::uint32_t>> longest(const numbering::E164& number) const;
    [[nodiscard]] Result<std::optional<std::uint32_t>> shorter(std::uint32_t place) const;
    // Where the prefix stands, or the first behind it.
    [[nodiscard]] std::uint32_t lower_bound(numbering::Prefix prefix) const;

    [[nodiscard]] const Image& parts() const { return *image_; }

  private:
    explicit Table(std::unique_ptr<const Image> image);
    std::unique_ptr<const Image> image_;
};

}  // namespace trunkbox::lcr

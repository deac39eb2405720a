// Rate decks in the dialects that carriers send: which column is what, and what stands in it.
#pragma once

#include "base/result.h"
#include "lcr/deck.h"
#include "lcr/parallel.h"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::lcr {

struct ReadOptions {
    // What the deck's own header calls each of our columns, for a deck whose header is not recognised:
    // {"prefix", "Ziel"}, {"rate", "3"} (a number counts columns from 1).
    std::map<std::string, std::string, std::less<>> map{};
    bool skip_bad = false;       // leave out rows that cannot be understood, and count them
    std::size_t most_bad = 100;  // errors that are kept of these
    Currency currency{};         // of rows that name none
};

struct ReadDeck {
    Deck deck;
    std::size_t skipped = 0;               // rows left out
    std::vector<Error> skipped_because{};  // the first most_bad of them, each with its place
};

// One row of a file can be several of the deck: a cell "4475-4479, 4485" or "066[1-3]" is expanded, inter and
// intra rates of one record become a row each. Without skip_bad the first row that cannot be understood is
// the error, with its FILE:LINE:COLUMN; `file` is only its name.
[[nodiscard]] Result<ReadDeck> read_deck(std::string_view csv, std::string_view file,
                                         const ReadOptions& options);
// The same, so many parts of a large file at once. Where one has an error, or two do not agree on the decimal mark or a
// constant, all is read once more in one piece, so that the result does not depend on the parts.
[[nodiscard]] Result<ReadDeck> read_deck(std::string_view csv, std::string_view file, const ReadOptions& options,
                                         std::size_t parts, const Parallel& parallel);
// With the options' defaults.
[[nodiscard]] Result<Deck> read_deck(std::string_view csv, std::string_view file);

}  // namespace trunkbox::lcr

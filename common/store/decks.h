// Rate decks from files, many at once, and what is made of them.
#pragma once

#include "base/result.h"
#include "config/lcr_settings.h"
#include "lcr/deck_reader.h"
#include "lcr/settings.h"
#include "lcr/table.h"
#include "store/routes_file.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace trunkbox::store {

// The files of one carrier; the later amends the earlier.
struct DeckFiles {
    std::string carrier{};
    std::vector<std::string> paths{};
};

struct Skipped {
    std::size_t rows = 0;              // left out in all
    std::vector<Error> because{};      // the first ReadOptions::most_bad of them, in the order of the files
};

struct ReadDecks {
    std::vector<config::NamedDecks> carriers{};  // as they were asked for; each deck sorted
    Skipped skipped{};
};
// Reads with up to `threads` threads (0: one for each processor). Of several files with an error the first one's is
// given, whichever was read first. Each file is at most 4 GiB; pipes will do.
[[nodiscard]] Result<ReadDecks> read_decks(std::span<const DeckFiles> files, const lcr::ReadOptions& options,
                                           unsigned threads = 0);

struct OpenedTable {
    lcr::Table table;
    Skipped skipped{};
};
// The decks and the settings as a table, put together in `storage`. `settings_file` names the settings in errors; a
// carrier of theirs without a deck is one.
[[nodiscard]] Result<OpenedTable> compile_decks(std::span<const DeckFiles> files, const lcr::ReadOptions& options,
                                                lcr::Settings settings, const std::string& settings_file,
                                                unsigned threads = 0,
                                                std::shared_ptr<lcr::Storage> storage = in_memory());

// A compiled table, or a CSV deck, which is compiled in memory as one carrier named after the file ("alpha" of
// "decks/alpha.csv"); of the settings' carriers only this one counts then. A compiled table brings its own settings.
[[nodiscard]] Result<OpenedTable> open_table(const std::string& path, const lcr::ReadOptions& options = {},
                                             const lcr::Settings& settings = {});

}  // namespace trunkbox::store

// The settings document: what a route table holds besides its decks.
#pragma once

#include "base/result.h"
#include "lcr/deck.h"
#include "lcr/settings.h"
#include "lcr/table.h"

#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::config {

// Errors have their place. The carriers of an emergency and of 'carriers' need not have a deck yet.
[[nodiscard]] Result<lcr::Settings> read_lcr_settings(std::string_view json, std::string_view file);

// A complete document with a comment on every key.
[[nodiscard]] std::string sample_lcr_settings();

// The decks of a carrier as the command line names it; the later amends the earlier.
struct NamedDecks {
    std::string carrier{};
    std::vector<lcr::Deck> decks{};
};
// Each carrier with the settings' terms for it, or the defaults. A carrier of the settings without a deck is an
// error, most likely a misspelt name; `file` is the settings' name in it.
[[nodiscard]] Result<std::vector<lcr::CarrierDecks>> with_settings(std::vector<NamedDecks> decks,
                                                                   const lcr::Settings& settings,
                                                                   std::string_view file);

}  // namespace trunkbox::config

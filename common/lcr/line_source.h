// What the lines of a table are made from. Private to lcr.
#pragma once

#include "lcr/image.h"

#include <cstdint>
#include <span>

namespace trunkbox::lcr {

struct LineSource {
    std::span<const PrefixRecord> prefixes;  // and one behind the last
    std::span<const RowRecord> rows;
    std::span<const TermsRecord> terms;
    std::span<const ScopeRecord> scopes;
    std::span<const DeckRecord> decks;
    std::span<const std::int64_t> boundaries;
    std::span<const ShapeRecord> shapes;
    std::span<const Carrier> carriers;
};

}  // namespace trunkbox::lcr

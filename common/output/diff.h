// What a new price list changes, as records and as text.
#pragma once

#include "lcr/diff.h"
#include "output/value.h"

#include <string>

namespace trunkbox::output {

// The tables that were compared live as long as this is used.
struct DiffView {
    const lcr::Table& old_table;
    const lcr::Table& new_table;
    const lcr::Diff& diff;
};

// {"changes":[…],"counts":{…},"prefixes"} and, with traffic, {"before","after","moves":[…]}. Fault::input for a damaged
// table.
[[nodiscard]] Result<Record> record(const DiffView& view);
[[nodiscard]] Result<std::string> text(const DiffView& view);
// One change, for a list of them.
[[nodiscard]] Result<Record> record(const DiffView& view, const lcr::Change& change);

}  // namespace trunkbox::output

// Findings in rate decks as records and as text.
#pragma once

#include "lcr/lint.h"
#include "output/value.h"

#include <span>
#include <string>

namespace trunkbox::output {

[[nodiscard]] Record record(const lcr::LintFinding& finding);
// "gamma.csv:9: error excel-damage: prefix 44 …; write …"
[[nodiscard]] std::string text(const lcr::LintFinding& finding);

// How many of each severity: {"errors","warnings","notes"}.
[[nodiscard]] std::string summary(std::span<const lcr::LintFinding> findings);

}  // namespace trunkbox::output

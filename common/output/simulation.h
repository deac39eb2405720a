// Call records replayed against a route table, as a record and as text.
#pragma once

#include "lcr/simulate.h"
#include "output/value.h"

#include <string>

namespace trunkbox::output {

// {"calls","answered","first","last","currency","total":{…},"carriers":[…],"unrouted":{…},…}. Money is a decimal string
// with its currency beside it; shares are of 1, as strings; what was not asked for is left out.
[[nodiscard]] Record record(const lcr::Simulation& simulation);
// For a terminal: a table of the carriers, then a paragraph for each question that has an answer.
[[nodiscard]] std::string text(const lcr::Simulation& simulation);

}  // namespace trunkbox::output

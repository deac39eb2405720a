// A routing decision as a record and as text.
#pragma once

#include "lcr/evaluate.h"
#include "output/value.h"

#include <string>
#include <vector>

namespace trunkbox::output {

// {"number","at","duration","routes":[…],"rejected":[…]}; `explain` adds to each route why it stands where it does.
[[nodiscard]] Record record(const lcr::Decision& decision, bool explain);
// For a terminal: the routes as a table, what was left out below them.
[[nodiscard]] std::string text(const lcr::Decision& decision, bool explain);

// The same decision as rows of a table, one a route; a number without a route has one row that names only the number.
[[nodiscard]] const std::vector<std::string>& route_columns();
[[nodiscard]] std::vector<Record> route_rows(const lcr::Decision& decision);

// An emergency number is routed by no cost: the carriers in the order of the settings. `digits` need not be E.164.
[[nodiscard]] Record emergency_record(std::string_view digits, const std::vector<std::string>& carriers, Time at,
                                      Duration duration);

}  // namespace trunkbox::output

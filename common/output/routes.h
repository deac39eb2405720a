// The contents of a route table as records and as text.
#pragma once

#include "lcr/contents.h"
#include "output/value.h"

#include <string>
#include <vector>

namespace trunkbox::output {

[[nodiscard]] Record record(const lcr::Table& table, const std::vector<lcr::CarrierContents>& contents);
[[nodiscard]] std::string text(const lcr::Table& table, const std::vector<lcr::CarrierContents>& contents);

// One row.
[[nodiscard]] Record record(const lcr::Table& table, numbering::Prefix prefix, const lcr::Table::Row& row);
[[nodiscard]] std::string text(const lcr::Table& table, numbering::Prefix prefix, const lcr::Table::Row& row);

}  // namespace trunkbox::output

// The tables of a running Kamailio as lines of a sheet.
#pragma once

#include "base/result.h"
#include "centrex/sheet.h"

#include <string>
#include <vector>

namespace trunkbox::store {

// Of its SQLite file, which is only read: each contact of "location" as a phone at `site`, its user's own; each row of
// "dbaliases" as a number of its user. Only those of `domain`, unless it is "". Fault::input: no such tables.
[[nodiscard]] Result<std::vector<centrex::SheetLine>> read_kamailio(const std::string& path, const std::string& domain,
                                                                    const std::string& site);

}  // namespace trunkbox::store

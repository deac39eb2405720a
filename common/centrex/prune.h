// What a sheet of everybody does not name, taken away.
#pragma once

#include "centrex/edits.h"
#include "centrex/sheet.h"

#include <cstdint>
#include <set>
#include <string>

namespace trunkbox::centrex {

// What the lines of a sheet name, of one tenant. A kind that no line names is not what the sheet is about.
struct Named {
    std::set<std::string> users{};
    std::set<std::string> phones{};
    std::set<std::int64_t> numbers{};
    std::set<std::string> extensions{};

    // `region`: the tenant's, that numbers are spelt by.
    void note(const SheetLine& line, std::string_view region);
};

// Of a tenant: assigned numbers of people that are not named are taken back, or whose people are not named; their extensions go
// alike; phones and people that are not named go, with their logins. Rule "in-use": somebody else names them.
[[nodiscard]] Result<void> prune(Edits& edits, const std::string& tenant, const Named& named);

}  // namespace trunkbox::centrex

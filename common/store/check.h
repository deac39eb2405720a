// What must hold in every directory, whoever wrote to it: each invariant is a question of which nothing may be the answer.
#pragma once

#include "store/directory.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::store {

struct Invariant {
    std::string_view id;    // "I4"
    std::string_view name;  // "assigned-target"
    std::string_view text;  // what holds
};
[[nodiscard]] std::span<const Invariant> invariants();

struct Finding {
    const Invariant* invariant;
    std::string what;
};
// At most `most` of each invariant, in one snapshot.
[[nodiscard]] Result<std::vector<Finding>> check(Directory& directory, std::size_t most = 100);

}  // namespace trunkbox::store

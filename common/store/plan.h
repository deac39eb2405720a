// A plan: what an edit would change, row by row, written down to be looked at and applied later, or not at all.
#pragma once

#include "store/directory.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::store {

struct Plan {
    std::int64_t base_change = 0;  // the last change when it was made
    std::vector<centrex::RowChange> rows{};
    std::string sha256{};
};

// JSON lines: {"trunkbox_plan":1,"base_change":N,"rows":M}, a line a row, {"sha256":"…"} of all before it.
[[nodiscard]] std::string plan_text(std::int64_t base_change, std::span<const centrex::RowChange> rows);
[[nodiscard]] bool is_plan(std::string_view text);
// Errors: no plan, cut, altered since.
[[nodiscard]] Result<Plan> read_plan(std::string_view text, const std::string& name);

// All of it or nothing. Rule "plan": a row that it touches is not as it was; unrelated changes since do not matter. Nothing
// changes when all of it is so already.
[[nodiscard]] Result<Directory::Outcome> apply_plan(Directory& directory, const Plan& plan, Edit edit);

}  // namespace trunkbox::store

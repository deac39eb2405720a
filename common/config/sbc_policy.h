// The policy document: what an SBC does with what, and with whom.
#pragma once

#include "base/result.h"
#include "sbc/policy.h"

#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::config {

// Errors have their place. What the document does not say is as the policy that it is based on has it.
[[nodiscard]] Result<sbc::Policy> read_sbc_policy(std::string_view json, std::string_view file);

// "strict", "lenient", "observe", or the path of such a document.
[[nodiscard]] Result<sbc::Policy> load_sbc_policy(std::string_view name_or_path);

// What can be read but is probably not meant, in the order of the document: a rule that never applies, a change that
// changes nothing, peers whose networks overlap.
[[nodiscard]] Result<std::vector<Error>> lint_sbc_policy(std::string_view json, std::string_view file);

// A complete document with a comment on every key and rule. Read back it gives the same policy.
[[nodiscard]] std::string print_sbc_policy(const sbc::Policy& policy);

}  // namespace trunkbox::config

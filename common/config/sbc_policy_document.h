// A policy document with what only its lint wants to know: where it says what. Private to config/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/json.h"
#include "sbc/policy.h"
#include "sbc/rule.h"

namespace trunkbox::config {

// One place that says something of a rule.
struct RuleMention {
    const sbc::Rule* rule = nullptr;
    std::string peer{};  // "" for all
    sbc::Direction direction = sbc::Direction::unknown;  // unknown: always
    std::string where{};
};

struct PolicyDocument {
    sbc::Policy policy{};  // with all that it says, were it so anyway
    std::vector<RuleMention> mentions{};
    std::vector<std::string> peers{};  // where each begins
};

[[nodiscard]] Result<PolicyDocument> read_policy_document(std::string_view json, std::string_view file);

}  // namespace trunkbox::config

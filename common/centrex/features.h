// What users and schedules are told to do with calls: forwards, do not disturb, overrides.
#pragma once

#include "centrex/edits.h"

#include <cstdint>
#include <optional>
#include <string>

namespace trunkbox::centrex {

struct ForwardEdit {
    std::string tenant{};
    std::string user{};
    std::string condition{};  // "cfu", "cfb", "cfnr", "cfnrc"
    // "voicemail", "bob", "user:bob", "group:sales", a number as the tenant's country spells it; with cfnr a time may stand
    // before it: "20s:voicemail".
    std::string to{};
};
// False: it is so already. Rules: "reference", "loop".
[[nodiscard]] Result<bool> set_forward(Edits& edits, const ForwardEdit& forward);
// All of a user's, or one; false: there was none.
[[nodiscard]] Result<bool> clear_forward(Edits& edits, const std::string& tenant, const std::string& user,
                                         const std::string& condition = {});

[[nodiscard]] Result<bool> set_dnd(Edits& edits, const std::string& tenant, const std::string& user, bool on);
// "open", "closed" or "auto".
[[nodiscard]] Result<bool> set_override(Edits& edits, const std::string& tenant, const std::string& schedule,
                                        const std::string& how, std::optional<std::int64_t> until);

}  // namespace trunkbox::centrex

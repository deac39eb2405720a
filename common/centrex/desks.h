// Hot desks: who logs in and out where.
#pragma once

#include "centrex/edits.h"

#include <cstdint>
#include <optional>
#include <string>

namespace trunkbox::centrex {

struct LoginEdit {
    std::string tenant{};
    std::string phone{};
    std::string user{};
    std::optional<std::int64_t> until{};  // seconds since 1970
    bool takeover = false;                // whoever is logged in there goes
};
// A login elsewhere of the same user ends. False: logged in there already. Rules: "hot-desk" (not one, and not their own),
// "occupied" (somebody is logged in there), "until" (over already), "reference".
[[nodiscard]] Result<bool> log_in(Edits& edits, const LoginEdit& login);
// False: nobody was logged in.
[[nodiscard]] Result<bool> log_out(Edits& edits, const std::string& tenant, const std::string& phone);

}  // namespace trunkbox::centrex

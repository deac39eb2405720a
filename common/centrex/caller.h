// Who calls: what they may dial, what they may show, where help has to go when they call for it.
#pragma once

#include "base/time.h"
#include "centrex/facts.h"

#include <optional>
#include <string>
#include <string_view>

namespace trunkbox::centrex {

// Somebody of a tenant, or, without a user, a number from elsewhere.
struct Caller {
    Name user{};
    std::optional<Phone> phone{};                // that they sit at
    std::optional<numbering::E164> shows{};      // what the called party sees
    [[nodiscard]] bool inside() const { return !user.name.empty(); }
};

// "user:alice", "phone:desk-7", an extension, or a number: whose it is, if one of the tenant's people. What they show is
// `shows`, else the number that was said, else their default. Errors: input, and rule "reference" for who is not there.
[[nodiscard]] Result<Caller> read_caller(const Facts& facts, const std::string& tenant, std::string_view text, Time at,
                                         std::optional<numbering::E164> shows = {});

// A user may show their own numbers and those that the tenant allows them.
[[nodiscard]] bool may_show(const Facts& facts, const Name& user, const numbering::E164& number);

// What somebody inside dialled: an emergency number of their country, an extension of their tenant, else a number as their
// country spells it; from outside it is a number. In that order, so that nothing stands in the way of help.
struct Dialling {
    enum class What { emergency, extension, number } what = What::number;
    std::string text{};  // "112", "214", "+33199000001"
};
[[nodiscard]] Result<Dialling> read_dialling(const Facts& facts, const Caller* caller, std::string_view region,
                                             std::string_view text);

}  // namespace trunkbox::centrex

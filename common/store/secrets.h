// Passwords and PINs as the directory keeps them: never themselves.
#pragma once

#include "centrex/edits.h"

#include <string>
#include <string_view>

namespace trunkbox::store {

// scrypt (RFC 7914) with a salt of its own: "scrypt$16384$8$1$SALT$KEY" in hexadecimal.
[[nodiscard]] Result<std::string> hash_pin(std::string_view pin);
[[nodiscard]] bool pin_matches(std::string_view pin, std::string_view kept);

// What the secret column of a row keeps of `plain`: a phone's HA1 (MD5 of its SIP user, its tenant's domain and the password,
// RFC 7616 section 3.4.2), a user's PIN as scrypt. The same as before when the secret is the same. Rule "realm": the tenant has
// no domain.
[[nodiscard]] Result<centrex::Cell> seal(centrex::Rows& rows, const centrex::Table& table, const centrex::Row& row,
                                         const centrex::Column& column, std::string_view plain);

// Rule "pin": it is not the user's, or they have none.
[[nodiscard]] Result<void> check_pin(centrex::Rows& rows, const std::string& tenant, const std::string& user,
                                     std::string_view pin);

}  // namespace trunkbox::store

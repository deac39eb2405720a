// From the reference in a profile to the password.
#pragma once

#include "base/result.h"
#include "sip/trunk_profile.h"

#include <functional>
#include <optional>
#include <string>

namespace trunkbox::config {

using Environment = std::function<std::optional<std::string>(const std::string& name)>;

// The password, without the line's end. Errors (of kind system) never hold it: no such file or variable,
// empty, over 4 KiB, more than one line, or a file that others than its owner can read.
[[nodiscard]] Result<std::string> read_secret(const sip::CredentialsReference& reference,
                                              const Environment& environment);

}  // namespace trunkbox::config

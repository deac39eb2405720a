// The files that a provider writes for its customers.
#pragma once

#include <string>

#include "base/result.h"
#include "provider/provider.h"

namespace trunkbox::provider {

// The profile of a trunk ("" for the first) at `path`, its password in a file of mode 600 beside it, named after it
// with ".secret". Errors: Fault::usage when there is no such trunk, Fault::system when it cannot be written.
[[nodiscard]] trunkbox::Result<void> write_trunk(const Provider& provider, const std::string& path,
                                                 const std::string& trunk);

}  // namespace trunkbox::provider

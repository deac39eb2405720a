// What may be dialled inside, so that every call has one meaning.
#pragma once

#include "centrex/edits.h"

#include <string>

namespace trunkbox::centrex {

// A row of "extension". Rules "service-code" ('*' and '#' begin the codes of services), "emergency" (it is an emergency number
// of the tenant's country, or what one begins with), "extension-overlap" (the same of another extension, unless one of the two
// may).
[[nodiscard]] Result<void> check_extension(Rows& rows, const Row& extension);

}  // namespace trunkbox::centrex

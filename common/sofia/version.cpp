#include "sofia/version.h"

#include "sofia/sofia_headers.h"

namespace trunkbox::sofia {

std::string library_version() { return SOFIA_SIP_VERSION; }

}  // namespace trunkbox::sofia

#include "media/version.h"

#include <spandsp/version.h>

namespace trunkbox::media {

// It has no number, only the day on which it was made.
std::string spandsp_version() { return std::to_string(SPANDSP_RELEASE_DATE); }

}  // namespace trunkbox::media

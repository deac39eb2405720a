#pragma once

#include <string>

namespace trunkbox::media {

// Of libsndfile and of spandsp.
[[nodiscard]] std::string sndfile_version();
[[nodiscard]] std::string spandsp_version();

}  // namespace trunkbox::media

#include "media/version.h"

#include <string_view>

#include <sndfile.h>
#include <spandsp/version.h>

namespace trunkbox::media {

// "libsndfile-1.2.0": the number alone.
std::string sndfile_version() {
    std::string_view text = sf_version_string();
    auto digit = text.find_first_of("0123456789");
    return std::string(digit == std::string_view::npos ? text : text.substr(digit));
}

// It has no number, only the day on which it was made.
std::string spandsp_version() { return std::to_string(SPANDSP_RELEASE_DATE); }

}  // namespace trunkbox::media

#pragma once

#include <string>

namespace trunkbox::sip {

// Of OpenSSL, which computes the digests, as it is loaded now.
[[nodiscard]] std::string library_version();

}  // namespace trunkbox::sip

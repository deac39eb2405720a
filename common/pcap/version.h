#pragma once

#include <string>

namespace trunkbox::pcap {

// Of the library that this folder stands on, as it is loaded now.
[[nodiscard]] std::string library_version();

}  // namespace trunkbox::pcap

// Trunk profiles as JSON with comments, and where they are found.
#pragma once

#include "base/result.h"
#include "sip/trunk_profile.h"

#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::config {

// `file` is the name in errors; a relative password_file is taken from its directory.
[[nodiscard]] Result<sip::TrunkProfile> read_trunk_profile(std::string_view json, std::string_view file);

// JSON that reads back as the same profile; paths are written as they stand.
[[nodiscard]] std::string write_trunk_profile(const sip::TrunkProfile& profile);

// --trunk NAME|FILE: what holds a '/' or ends in ".json" is a file, another word is NAME.json in the first of
// `directories` that has it. A name that is nowhere is an error (of kind system) that names the nearest, or
// lists what is there.
[[nodiscard]] Result<std::string> find_trunk_profile(std::string_view name_or_file,
                                                     const std::vector<std::string>& directories);

// find, read the file, read the profile.
[[nodiscard]] Result<sip::TrunkProfile> load_trunk_profile(std::string_view name_or_file,
                                                           const std::vector<std::string>& directories);

// The names to be had in the directories, sorted, each once.
[[nodiscard]] std::vector<std::string> trunk_profile_names(const std::vector<std::string>& directories);

}  // namespace trunkbox::config

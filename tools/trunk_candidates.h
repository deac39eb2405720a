// What completes --trunk.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "cli/tool.h"
#include "ua/trunk.h"

namespace trunkbox::tools {

// The trunks that have a profile among the user's, as words to choose from.
inline std::vector<cli::Candidate> trunk_candidates(cli::Env& env, std::string_view, std::string_view) {
    std::vector<cli::Candidate> names;
    for (auto& name : ua::trunk_names(env.variable)) names.push_back({std::move(name), {}});
    return names;
}

}  // namespace trunkbox::tools

// The policy that a command of `sbc` judges by.
#pragma once

#include "cli/arguments.h"
#include "cli/tool.h"

namespace trunkbox::tools {

inline cli::Option policy_option() {
    return {.name = "policy",
            .type = cli::Type::text,
            .metavar = "POLICY",
            .help = "strict, lenient, observe, or a policy document",
            .fallback = "strict",
            .complete = cli::Complete::file};
}

}  // namespace trunkbox::tools

// A step in a number's life as a command: `number assign`, `number port in`.
#pragma once

#include <string>
#include <vector>

#include "centrex/lifecycle.h"
#include "cli/tool.h"

namespace trunkbox::tools {

struct NumberVerb {
    centrex::Action action;
    std::string name;
    std::string summary;
    std::string says;                     // of the example
    std::vector<std::string> commands{};  // the example
    std::string target{};                 // help of --to; "": it takes none
    std::string date{};                   // the option of its date; "": it has none
    std::string date_help{};
    bool reason = false;
    bool destructive = false;
};

[[nodiscard]] cli::Tool number_verb_command(const NumberVerb& verb);

}  // namespace trunkbox::tools

// Options of `lcr` that are about what a call leaves.
#pragma once

#include <string>

#include "base/money.h"
#include "base/text.h"
#include "cli/arguments.h"

namespace trunkbox::tools {

// A share of 1: "10%" or "0.1".
inline Result<Money> share_option(const cli::Arguments& arguments, const std::string& name) {
    auto text = arguments.text(name);
    bool percent = text.ends_with('%');
    auto number = Money::parse(percent ? text.substr(0, text.size() - 1) : text);
    if (!number)
        return failure(Fault::usage, "option '--" + name + "'", "'" + printable(text) + "' is not a share",
                       "write e.g. '10%' or '0.1'");
    return percent ? Money::of_units(number->units() / 100) : *number;
}

}  // namespace trunkbox::tools

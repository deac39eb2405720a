// Standard input a line at a time.
#pragma once

#include "base/result.h"
#include "cli/env.h"
#include "output/printer.h"

#include <cstddef>
#include <functional>
#include <istream>
#include <string_view>

namespace trunkbox::cli {

// Whether more input is there to be read without waiting.
[[nodiscard]] bool has_more(std::istream& in);

// Every line that is not blank, trimmed, with its number from 1, until one is an error. What is printed about a line is seen
// before anybody waits for the next one, and no earlier.
[[nodiscard]] Result<void> each_line(Env& env, output::Printer& printer,
                                     const std::function<Result<void>(std::string_view line, std::size_t number)>& take);

}  // namespace trunkbox::cli

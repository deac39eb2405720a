#include "cli/input.h"

#include "base/text.h"

#include <string>

namespace trunkbox::cli {

bool has_more(std::istream& in) { return in.rdbuf()->in_avail() > 0; }

Result<void> each_line(Env& env, output::Printer& printer,
                       const std::function<Result<void>(std::string_view line, std::size_t number)>& take) {
    std::string line;
    for (std::size_t number = 1; std::getline(env.in, line); ++number) {
        auto text = trim(line);
        if (text.empty()) continue;
        printer.flush_each(!has_more(env.in));
        if (auto done = take(text, number); !done) return done;
    }
    return {};
}

}  // namespace trunkbox::cli

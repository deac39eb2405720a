// What a tool sees of the process that it runs in. Tests make one from string streams.
#pragma once

#include "base/result.h"
#include "cli/exit.h"

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

namespace trunkbox::cli {

struct Env {
    std::istream& in;
    std::ostream& out;
    std::ostream& err;
    bool in_is_terminal = false;
    bool out_is_terminal = false;
    bool err_is_terminal = false;
    int width = 80;  // columns of the terminal
    // The environment variable of that name; may be empty, then there is none.
    std::function<std::optional<std::string>(const std::string&)> variable = {};
    std::string program = "trunkbox";
    std::string version = {};
    std::string executable = {};  // absolute path of the running binary
    std::string tool = {};        // what is running, "call" or "lcr route"; set by the dispatch

    // The variable's value, nothing if it is unset.
    [[nodiscard]] std::optional<std::string> lookup(const std::string& name) const {
        return variable ? variable(name) : std::nullopt;
    }
};

// The process's own: standard streams, terminal, environment.
[[nodiscard]] Env process_env(std::string version);

// One line on env.err, "trunkbox TOOL: …"; a broken pipe says nothing. Returns the exit status of the error's
// fault.
Exit fail(Env& env, const Error& error);

// The same line for what is no error: "trunkbox TOOL: note".
void note(Env& env, std::string_view text);

}  // namespace trunkbox::cli

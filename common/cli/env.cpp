#include "cli/env.h"

#include "base/text.h"
#include "output/printer.h"

#include <algorithm>
#include <array>
#include <climits>
#include <cstdlib>
#include <iostream>

#include <sys/ioctl.h>
#include <unistd.h>

namespace trunkbox::cli {
namespace {

constexpr int default_width = 80;

int terminal_width() {
    constexpr int narrowest = 40;
    constexpr int widest = 120;  // longer lines are hard to read
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return default_width;
    return std::clamp<int>(size.ws_col, narrowest, widest);
}

std::string own_path() {
    std::array<char, PATH_MAX> path{};
    auto length = ::readlink("/proc/self/exe", path.data(), path.size());
    return length > 0 ? std::string(path.data(), static_cast<std::size_t>(length)) : std::string();
}

}  // namespace

Env process_env(std::string version) {
    Env env{.in = std::cin, .out = std::cout, .err = std::cerr};
    env.in_is_terminal = ::isatty(STDIN_FILENO) == 1;
    env.out_is_terminal = ::isatty(STDOUT_FILENO) == 1;
    env.err_is_terminal = ::isatty(STDERR_FILENO) == 1;
    env.width = env.out_is_terminal ? terminal_width() : default_width;
    env.variable = [](const std::string& name) -> std::optional<std::string> {
        const char* value = std::getenv(name.c_str());
        return value ? std::optional<std::string>(value) : std::nullopt;
    };
    env.version = std::move(version);
    env.executable = own_path();
    return env;
}

void note(Env& env, std::string_view text) {
    env.err << env.program;
    if (!env.tool.empty()) env.err << ' ' << env.tool;
    env.err << ": " << text << '\n' << std::flush;
}

Exit fail(Env& env, const Error& error) {
    if (!output::is_broken_pipe(error)) note(env, error.text());
    return exit_of(error.fault);
}

}  // namespace trunkbox::cli

#include "cli/command.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace trunkbox::cli {
namespace {

void add_commands(std::vector<Command>& commands, const Command& parent) {
    for (const auto& tool : parent.tool->commands) {
        commands.emplace_back(parent, tool);
        add_commands(commands, Command(commands.back()));  // a copy: the vector grows
    }
}

void check_definition(const Command& command) {
    const auto& tool = *command.tool;
    if (tool.commands.empty() ? !tool.run : static_cast<bool>(tool.run))
        throw std::logic_error(fmt::format("'{}' must either run or have commands", command.words));
    constexpr std::size_t help_alone = 1;
    if (!tool.commands.empty() && (!tool.positionals.empty() || options_of(tool).size() > help_alone))
        throw std::logic_error(fmt::format("'{}' has commands, which must take its options", command.words));
}

}  // namespace

std::vector<Command> commands_of(const Tool& tool) {
    std::vector<Command> commands{tool};
    add_commands(commands, tool);
    return commands;
}

Found find_command(const Tool& tool, std::span<const std::string> words) {
    Found found{tool, words};
    check_definition(found.command);
    while (!found.rest.empty()) {
        const auto& below = found.command.tool->commands;
        auto next = std::find_if(below.begin(), below.end(),
                                 [&](const Tool& command) { return command.name == found.rest[0]; });
        if (next == below.end()) break;
        found = {Command(found.command, *next), found.rest.subspan(1)};
        check_definition(found.command);
    }
    return found;
}

}  // namespace trunkbox::cli

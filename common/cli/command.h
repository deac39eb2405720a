// Tools that have commands: "trunkbox lcr route" is the command "route" of the tool "lcr".
#pragma once

#include "cli/tool.h"

#include <span>
#include <string>
#include <vector>

namespace trunkbox::cli {

// A tool or a command of one, and the words that call it: "lcr", "lcr route". A tool stands for itself.
struct Command {
    std::string words;
    const Tool* tool;  // borrowed

    Command(const Tool& itself) : words(itself.name), tool(&itself) {}
    Command(const Command& parent, const Tool& command)
        : words(parent.words + ' ' + command.name), tool(&command) {}
};

// The tool, then its commands in their order, each followed by its own.
[[nodiscard]] std::vector<Command> commands_of(const Tool& tool);

struct Found {
    Command command;
    std::span<const std::string> rest;  // the words that follow, part of those given
};
// The deepest command that the words after the tool's name lead to. If it has commands itself, the next word
// is none of them. Throws std::logic_error if a definition on the way neither runs nor has commands, or both,
// or has options or positionals beside commands.
[[nodiscard]] Found find_command(const Tool& tool, std::span<const std::string> words);

}  // namespace trunkbox::cli

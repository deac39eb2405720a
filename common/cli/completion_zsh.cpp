#include "cli/command.h"
#include "cli/completion.h"

#include <algorithm>

#include <fmt/format.h>

namespace trunkbox::cli {
namespace {

constexpr std::string_view zsh_machinery = R"zsh(
_trunkbox_live() {
    local -a found
    found=(${(f)"$(_call_program values trunkbox --complete ${(q)1} $2 ${(q)PREFIX} 2>/dev/null)"})
    found=(${found//:/\\:})
    found=(${found//$'\t'/:})
    _describe value found
}

# Hands over to the command that the next word calls.
_trunkbox_descend() {
    local next=_trunkbox_tool_${1}_$words[2]
    shift words
    (( CURRENT-- ))
    (( $+functions[$next] )) && $next
}

# What can be explained: a tool, then the commands below it.
_trunkbox_explain() {
    local list=_trunkbox_tools below=_trunkbox_commands
    while (( CURRENT > 2 )); do
        below+=_${words[2]//-/_}
        list=$below
        shift words
        (( CURRENT-- ))
    done
    (( $+parameters[$list] )) && _describe -t tools tool $list
}

_trunkbox() {
    local tool=${service#trunkbox-}
    if [[ $tool == trunkbox ]]; then
        if (( CURRENT == 2 )); then
            _describe -t tools tool _trunkbox_tools -- _trunkbox_own
            return
        fi
        tool=$words[2]
        shift words
        (( CURRENT-- ))
        case $tool in
        help) _trunkbox_explain; return ;;
        --install) _files -/; return ;;
        esac
    fi
    (( $+functions[_trunkbox_tool_$tool] )) && _trunkbox_tool_$tool
}

_trunkbox "$@"
)zsh";

// Text inside an _arguments specification or a _describe entry.
std::string escaped(std::string_view text) {
    std::string spec;
    for (char c : text) {
        if (c == '[' || c == ']' || c == ':' || c == '\\') spec += '\\';
        spec += c;
    }
    return spec;
}

// One word of the shell.
std::string word(const std::string& text) {
    return text.find(' ') == std::string::npos ? text : shell_quoted(text);
}

std::string action(const Command& command, Type type, Complete complete,
                   const std::vector<std::string>& choices, std::string_view name) {
    switch (completion_of(type, complete)) {
        case Complete::by_type: return fmt::format("({})", fmt::join(choices, " "));
        case Complete::file: return "_files";
        case Complete::directory: return "_files -/";
        case Complete::live: return fmt::format("{{_trunkbox_live {} {}}}", word(command.words), name);
        case Complete::nothing: break;
    }
    return " ";
}

std::string option_spec(const Command& command, const Option& option) {
    std::string excluded = option.repeatable ? "" : "--" + option.name;
    if (option.letter && !option.repeatable) excluded += fmt::format(" -{}", option.letter);
    for (const auto& other : option.excludes) excluded += " --" + other;
    auto tail = fmt::format("[{}]", escaped(option.help));
    if (option.type != Type::flag)
        tail += fmt::format(":{}:{}", escaped(metavar_of(option)),
                            action(command, option.type, option.complete, option.choices, option.name));
    auto head = option.repeatable ? std::string("*") : fmt::format("({})", excluded);
    auto equals = option.type == Type::flag ? "" : "=";
    auto spec = "        " + shell_quoted(fmt::format("{}--{}{}{}", head, option.name, equals, tail));
    if (option.letter) {
        auto plus = option.type == Type::flag ? "" : "+";
        spec += " \\\n        " + shell_quoted(fmt::format("{}-{}{}{}", head, option.letter, plus, tail));
    }
    return spec;
}

std::string positional_specs(const Command& command) {
    std::string specs;
    for (const auto& positional : command.tool->positionals) {
        auto tail = fmt::format(
            ":{}:{}", escaped(metavar_of(positional)),
            action(command, positional.type, positional.complete, positional.choices, positional.name));
        if (positional.max == 0) {
            specs += " \\\n        " + shell_quoted("*" + tail);
            continue;
        }
        for (std::size_t i = 0; i < positional.max; ++i)
            specs += " \\\n        " + shell_quoted((i < positional.min ? ":" : "::") + tail.substr(1));
    }
    return specs;
}

// An entry of a list for _describe.
std::string described(const Tool& tool) {
    return "    " + shell_quoted(escaped(tool.name) + ":" + escaped(tool.summary)) + '\n';
}

// "lcr route" as part of the name of a function or parameter.
std::string joined(std::string words) {
    std::replace(words.begin(), words.end(), ' ', '_');
    return words;
}

// Functions for a tool that runs and for one that has commands; for the latter also the list of them.
std::string command_function(const Command& command) {
    std::string specs;
    for (const auto& option : options_of(*command.tool)) specs += " \\\n" + option_spec(command, option);
    auto name = joined(command.words);
    if (command.tool->commands.empty())
        return fmt::format("\n_trunkbox_tool_{}() {{\n    _arguments -s -S{}{}\n}}\n", name, specs,
                           positional_specs(command));
    auto list = "_trunkbox_commands_" + name;
    std::replace(list.begin(), list.end(), '-', '_');
    std::string entries;
    for (const auto& below : command.tool->commands) entries += described(below);
    return fmt::format(
        "\ntypeset -ga {0}=(\n{1})\n\n_trunkbox_tool_{2}() {{\n"
        "    (( CURRENT > 2 )) && {{ _trunkbox_descend {2}; return; }}\n"
        "    _arguments -s -S{3} \\\n        ':COMMAND:{{_describe -t commands command {0}}}'\n}}\n",
        list, entries, name, specs);
}

}  // namespace

std::string zsh_completion(const Program& program) {
    std::string services = "trunkbox";
    std::string names;
    std::string functions;
    for (const auto* tool : sorted_tools(program)) {
        services += fmt::format(" trunkbox-{0} {0}", tool->name);
        names += described(*tool);
        for (const auto& command : commands_of(*tool)) functions += command_function(command);
    }
    std::string own = "    'help:explain one tool'\n";
    for (const auto& option : program_options())
        own += "    " + shell_quoted("--" + option.name + ":" + escaped(option.help)) + '\n';
    return fmt::format(
               "#compdef {}\n# zsh completion for trunkbox; generated by 'trunkbox --generate zsh', do not "
               "edit.\n"
               "\ntypeset -ga _trunkbox_tools=(\n{})\ntypeset -ga _trunkbox_own=(\n{})\n",
               services, names, own) +
           functions + std::string(zsh_machinery);
}

}  // namespace trunkbox::cli

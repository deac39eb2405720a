#include "cli/tool.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace trunkbox::cli {
namespace {

std::string metavar_from(std::string_view name) {
    std::string text(name);
    for (char& c : text) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
        if (c == '-') c = '_';
    }
    return text;
}

std::string metavar_of(Type type) {
    switch (type) {
        case Type::flag: return {};
        case Type::text: return "TEXT";
        case Type::integer: return "N";
        case Type::number: return "NUMBER";
        case Type::duration: return "DURATION";
        case Type::file: return "FILE";
        case Type::directory: return "DIR";
        case Type::address: return "ADDRESS";
        case Type::uri: return "URI";
        case Type::choice: return "WORD";
        case Type::secret: return {};
    }
    throw std::logic_error("type without a metavar");
}

void add_secret(std::vector<Option>& options, const Option& secret) {
    Option file = secret;
    file.name += "-file";
    file.type = Type::file;
    file.metavar = "FILE";
    file.help = fmt::format("{}: the first line of FILE, '-' is standard input", secret.help);
    file.excludes.push_back(secret.name + "-env");
    options.push_back(std::move(file));

    Option variable = secret;
    variable.name += "-env";
    variable.letter = 0;
    variable.type = Type::text;
    variable.metavar = "NAME";
    variable.help = fmt::format("{}: the value of the environment variable NAME", secret.help);
    variable.complete = Complete::nothing;
    options.push_back(std::move(variable));
}

Option format_option(const std::vector<output::Format>& formats) {
    Option option{
        .name = "format", .type = Type::choice, .metavar = "FORMAT", .help = "how to print the answer"};
    for (auto format : formats) option.choices.emplace_back(output::name_of(format));
    option.fallback = option.choices.front();
    option.group = "Output";
    return option;
}

void add_common(std::vector<Option>& options, const Common& common) {
    auto add = [&](const char* name, char letter, const char* help) {
        options.push_back({.name = name, .letter = letter, .help = help, .group = "Output"});
    };
    if (!common.formats.empty()) options.push_back(format_option(common.formats));
    if (common.output)
        options.push_back({.name = "output",
                           .letter = 'o',
                           .type = Type::file,
                           .help = "write the answer to FILE instead of standard output",
                           .group = "Output"});
    if (common.explain) add("explain", 0, "say why, with every reason");
    if (common.color)
        options.push_back({.name = "color",
                           .type = Type::choice,
                           .metavar = "WHEN",
                           .help = "color the text; auto: on a terminal, unless NO_COLOR is set",
                           .fallback = "auto",
                           .choices = {"auto", "always", "never"},
                           .group = "Output"});
    if (common.quiet) add("quiet", 'q', "print no notes and no progress");
    if (common.verbose) add("verbose", 'v', "say more about what happens, on standard error");
}

}  // namespace

std::vector<Option> options_of(const Tool& tool) {
    std::vector<Option> options;
    for (const auto& option : tool.options) {
        if (option.type == Type::secret)
            add_secret(options, option);
        else
            options.push_back(option);
    }
    add_common(options, tool.common);
    options.push_back({.name = "help", .letter = 'h', .help = "print this help", .group = "Output"});
    if (tool.common.formats.empty() && !tool.common.output) options.back().group = "Options";
    return options;
}

std::string metavar_of(const Option& option) {
    return option.metavar.empty() ? metavar_of(option.type) : option.metavar;
}

std::string metavar_of(const Positional& positional) {
    return positional.metavar.empty() ? metavar_from(positional.name) : positional.metavar;
}

std::string usage_of(const Positional& positional) {
    auto text = metavar_of(positional);
    if (positional.min == 0) text = "[" + text + "]";
    return positional.max == 1 ? text : text + "...";
}

Complete completion_of(Type type, Complete complete) {
    if (complete != Complete::by_type) return complete;
    if (type == Type::file) return Complete::file;
    if (type == Type::directory) return Complete::directory;
    return type == Type::choice ? Complete::by_type : Complete::nothing;
}

std::vector<ExitNote> exits_of(const Tool& tool) {
    std::vector<ExitNote> exits;
    for (const auto& general : exit_meanings()) {
        auto exit = general.exit;  // clang 14 captures no structured binding
        auto own =
            std::find_if(tool.exits.begin(), tool.exits.end(), [&](const auto& n) { return n.exit == exit; });
        bool everyone = exit == Exit::ok || exit == Exit::usage || exit == Exit::system;
        if (own == tool.exits.end() && !everyone) continue;
        bool said = own != tool.exits.end() && !own->meaning.empty();
        exits.push_back({exit, said ? own->meaning : std::string(general.meaning)});
    }
    return exits;
}

}  // namespace trunkbox::cli

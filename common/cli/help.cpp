#include "cli/help.h"

#include "base/text.h"

#include <algorithm>

#include <fmt/format.h>

namespace trunkbox::cli {
namespace {

constexpr int narrowest = 40;
constexpr int indent = 2;

// Columns that UTF-8 text takes, every character counted as one.
std::size_t columns(std::string_view text) {
    auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80; };
    return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues));
}

struct Row {
    std::string left;
    std::string right;
};

// Two columns; what is too wide for the left one stands on its own line.
std::string rows_text(const std::vector<Row>& rows, int width) {
    constexpr std::size_t widest = 26;
    constexpr std::size_t gap = 2;
    std::size_t left = 0;
    for (const auto& row : rows)
        if (columns(row.left) <= widest) left = std::max(left, columns(row.left));
    auto margin = static_cast<int>(indent + left + gap);
    std::string text;
    for (const auto& [name, help] : rows) {
        auto filled = fill(help, margin, width);
        auto head = std::string(indent, ' ') + name;
        if (columns(name) > left || filled.empty())
            text += head + '\n' + filled;
        else
            text += head + std::string(static_cast<std::size_t>(margin) - columns(head), ' ') +
                    filled.substr(static_cast<std::size_t>(margin));
    }
    return text;
}

std::string section(std::string_view heading, const std::string& body) {
    return body.empty() ? std::string() : fmt::format("\n{}:\n{}", heading, body);
}

std::string option_head(const Option& option) {
    auto head = option.letter ? fmt::format("-{}, ", option.letter) : std::string("    ");
    head += "--" + option.name;
    auto metavar = metavar_of(option);
    return metavar.empty() ? head : head + ' ' + metavar;
}

std::string with_particulars(const Option& option) {
    auto more = particulars(option);
    return more.empty() ? option.help : fmt::format("{} ({})", option.help, more);
}

std::string options_text(const Tool& tool, int width) {
    auto options = options_of(tool);
    std::vector<std::string> groups;
    for (const auto& option : options)
        if (std::find(groups.begin(), groups.end(), option.group) == groups.end())
            groups.push_back(option.group);
    std::string text;
    for (const auto& group : groups) {
        std::vector<Row> rows;
        for (const auto& option : options)
            if (option.group == group) rows.push_back({option_head(option), with_particulars(option)});
        text += section(group, rows_text(rows, width));
    }
    return text;
}

std::string commands_text(const Tool& tool, int width) {
    std::vector<Row> rows;
    for (const auto& command : tool.commands) rows.push_back({command.name, command.summary});
    return section("Commands", rows_text(rows, width));
}

std::string positionals_text(const Tool& tool, int width) {
    std::vector<Row> rows;
    for (const auto& positional : tool.positionals) rows.push_back({metavar_of(positional), positional.help});
    return section("Arguments", rows_text(rows, width));
}

std::string statuses_text(const Tool& tool, int width) {
    std::vector<Row> rows;
    for (const auto& [exit, meaning] : exits_of(tool))
        rows.push_back({fmt::to_string(static_cast<int>(exit)), meaning});
    return section("Exit status", rows_text(rows, width));
}

std::string examples_text(const Tool& tool, int width) {
    std::string text;
    for (const auto& example : tool.examples) {
        if (!text.empty()) text += '\n';
        text += fill(example.says, indent, width);
        // Commands are for copying: never broken.
        for (const auto& command : example.commands) text += fmt::format("    $ {}\n", command);
    }
    return section("Examples", text);
}

}  // namespace

std::string fill(std::string_view text, int margin, int width) {
    std::string filled;
    std::string line;
    std::size_t used = 0;
    auto room = static_cast<std::size_t>(std::max(width - margin, narrowest / 2));
    auto end_line = [&] {
        if (!line.empty()) filled += std::string(static_cast<std::size_t>(margin), ' ') + line + '\n';
        line.clear();
        used = 0;
    };
    for (auto word : split(text, ' ')) {
        if (word.empty()) continue;
        if (used > 0 && used + 1 + columns(word) > room) end_line();
        if (used > 0) line += ' ';
        used += columns(word) + (used > 0 ? 1 : 0);
        line += word;
    }
    end_line();
    return filled;
}

std::string particulars(const Option& option) {
    std::vector<std::string> parts;
    if (option.required) parts.emplace_back("required");
    if (!option.choices.empty()) parts.push_back(fmt::format("one of {}", fmt::join(option.choices, ", ")));
    const char* unit = option.type == Type::duration ? " s" : "";
    if (option.min && option.max)
        parts.push_back(fmt::format("{} to {}{}", *option.min, *option.max, unit));
    else if (option.min && *option.min != 0)
        parts.push_back(fmt::format("at least {}{}", *option.min, unit));
    else if (option.max)
        parts.push_back(fmt::format("at most {}{}", *option.max, unit));
    if (option.repeatable) parts.emplace_back("may be given again");
    if (!option.fallback.empty()) parts.push_back(fmt::format("default: {}", option.fallback));
    return fmt::format("{}", fmt::join(parts, "; "));
}

std::string help_text(const Command& command, int asked_width) {
    const auto& tool = *command.tool;
    auto width = std::max(asked_width, narrowest);
    bool runs = tool.commands.empty();
    auto usage = fmt::format("Usage: trunkbox {} {}", command.words,
                             runs ? "[OPTION]..." : "COMMAND [OPTION]... [ARGUMENT]...");
    for (const auto& positional : tool.positionals) usage += ' ' + usage_of(positional);
    auto text = usage + "\n\n" + fill(tool.summary + ".", 0, width);
    for (const auto& paragraph : tool.description) text += '\n' + fill(paragraph, 0, width);
    text += commands_text(tool, width);
    text += positionals_text(tool, width);
    text += options_text(tool, width);
    if (runs) text += statuses_text(tool, width);
    text += examples_text(tool, width);
    if (!runs) text += fmt::format("\n'trunkbox help {} COMMAND' explains one.", command.words);
    return text + fmt::format("\nThe manual: man trunkbox-{}\n", split_once(command.words, ' ').first);
}

std::string list_text(const Program& program, int asked_width) {
    auto width = std::max(asked_width, narrowest);
    auto text = fill(program.summary, 0, width);
    text += "\nUsage: trunkbox TOOL [OPTION]... [ARGUMENT]...\n";
    std::size_t longest = 0;
    for (const auto& tool : program.tools) longest = std::max(longest, tool.name.size());
    std::string heading;
    std::vector<Row> rows;
    auto end_section = [&] {
        text += section(heading, rows_text(rows, width));
        rows.clear();
    };
    for (const auto* tool : sorted_tools(program)) {
        if (tool->section != heading) end_section();
        heading = tool->section;
        rows.push_back({tool->name + std::string(longest - tool->name.size(), ' '), tool->summary});
    }
    end_section();
    return text + "\n'trunkbox help TOOL' explains one.\n";
}

}  // namespace trunkbox::cli

#include "cli/program.h"

#include "base/text.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/completion.h"
#include "cli/help.h"
#include "cli/manual.h"
#include "output/printer.h"
#include "output/rules_page.h"

#include <algorithm>
#include <array>
#include <new>
#include <ostream>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>

namespace trunkbox::cli {
namespace {

using Words = std::span<const std::string>;

Exit usage(Env& env, std::string what, std::string fix) {
    return fail(env, Error{Fault::usage, {}, std::move(what), std::move(fix)});
}

Exit unknown_tool(Env& env, const Program& program, std::string_view name) {
    std::vector<std::string_view> names;
    for (const auto* tool : sorted_tools(program)) names.emplace_back(tool->name);
    auto meant = nearest(name, names);
    return usage(env, fmt::format("unknown tool '{}'", printable(name)),
                 meant.empty() ? "'trunkbox' lists the tools" : fmt::format("did you mean '{}'?", meant));
}

Exit unknown_command(Env& env, const Command& parent, std::string_view name) {
    std::vector<std::string_view> names;
    for (const auto& command : parent.tool->commands) names.emplace_back(command.name);
    auto meant = nearest(name, names);
    env.tool = parent.words;
    return usage(env, fmt::format("unknown command '{}'", printable(name)),
                 meant.empty() ? fmt::format("'trunkbox help {}' lists the commands", parent.words)
                               : fmt::format("did you mean '{}'?", meant));
}

Exit run_tool(Env& env, const Tool& tool, Words words) {
    const auto [command, rest] = find_command(tool, words);
    env.tool = command.words;
    bool runs = command.tool->commands.empty();
    if (!runs && !rest.empty() && !rest[0].starts_with('-')) return unknown_command(env, command, rest[0]);
    auto arguments = parse(command, rest);
    if (!arguments) return fail(env, arguments.error());
    if (arguments->given("help")) {
        env.out << help_text(command, env.width);
        return Exit::ok;
    }
    if (runs) return command.tool->run(env, *arguments);
    env.err << help_text(command, env.width);
    return Exit::usage;
}

Exit help(Env& env, const Program& program, Words words) {
    if (words.empty()) {
        env.out << list_text(program, env.width);
        return Exit::ok;
    }
    const auto* tool = find_tool(program, words[0]);
    if (!tool) return unknown_tool(env, program, words[0]);
    const auto [command, rest] = find_command(*tool, words.subspan(1));
    if (!rest.empty() && !command.tool->commands.empty()) return unknown_command(env, command, rest[0]);
    if (!rest.empty())
        return usage(env, fmt::format("unexpected argument '{}'", printable(rest[0])),
                     "write 'trunkbox help TOOL'");
    env.out << help_text(command, env.width);
    return Exit::ok;
}

Exit list_names(Env& env, const Program& program, Words words) {
    if (!words.empty()) return usage(env, "--list takes no argument", "write 'trunkbox --list'");
    for (const auto* tool : sorted_tools(program)) env.out << tool->name << '\n';
    return Exit::ok;
}

Exit version(Env& env, const Program& program, Words words) {
    bool verbose = words.size() == 1 && (words[0] == "-v" || words[0] == "--verbose");
    if (!words.empty() && !verbose)
        return usage(env, fmt::format("unexpected argument '{}'", printable(words[0])),
                     "write 'trunkbox --version -v'");
    env.out << "trunkbox " << env.version << '\n';
    if (!verbose || !program.libraries) return Exit::ok;
    for (const auto& library : program.libraries())
        env.out << "  " << library.name << ' ' << library.version << '\n';
    return Exit::ok;
}

Exit install(Env& env, const Program& program, Words words) {
    if (words.size() != 1 || words[0].empty())
        return usage(env, "--install needs one directory", "write e.g. 'trunkbox --install /usr/local/bin'");
    auto links = install_links(program, env.executable, words[0]);
    if (!links) return fail(env, links.error());
    for (const auto& link : *links) env.out << link << '\n';
    return Exit::ok;
}

Exit generate_manual(Env& env, const Program& program, const std::string& name) {
    if (name == "rules") {
        env.out << output::rules_page();
        return Exit::ok;
    }
    const auto* tool = find_tool(program, name);
    if (!tool && name != "trunkbox") return unknown_tool(env, program, name);
    env.out << (tool ? manual_page(*tool, env.version) : overview_page(program, env.version));
    return Exit::ok;
}

// What can be run: "call", "lcr route".
void list_commands(Env& env, const Program& program) {
    for (const auto* tool : sorted_tools(program))
        for (const auto& command : commands_of(*tool))
            if (command.tool->commands.empty()) env.out << command.words << '\n';
}

// For packagers and for the files under man/ and completions/; not in the list.
Exit generate(Env& env, const Program& program, Words words) {
    if (words.size() == 2 && words[0] == "man") return generate_manual(env, program, words[1]);
    if (words.size() == 1 && words[0] == "commands")
        list_commands(env, program);
    else if (words.size() == 1 && words[0] == "bash")
        env.out << bash_completion(program);
    else if (words.size() == 1 && words[0] == "zsh")
        env.out << zsh_completion(program);
    else if (words.size() == 1 && words[0] == "fish")
        env.out << fish_completion(program);
    else
        return usage(env, "--generate does not know that",
                     "write 'man TOOL', 'commands', 'bash', 'zsh' or 'fish'");
    return Exit::ok;
}

// What "lcr route" calls; nothing if that is not a tool or command in full.
const Tool* find_called(const Program& program, std::string_view called) {
    auto parts = split(called, ' ');
    std::vector<std::string> words(parts.begin() + 1, parts.end());
    const auto* tool = find_tool(program, parts[0]);
    if (!tool) return nullptr;
    const auto [command, rest] = find_command(*tool, words);
    return rest.empty() ? command.tool : nullptr;
}

// One candidate a line. Whatever is wrong, a shell that asks gets silence.
Exit complete(Env& env, const Program& program, Words words) {
    const auto* tool = words.size() == 3 ? find_called(program, words[0]) : nullptr;
    if (!tool || !tool->complete) return Exit::ok;
    auto one_line = [](std::string_view text) {
        return text.find_first_of("\t\r\n") == std::string_view::npos;
    };
    for (const auto& candidate : tool->complete(env, words[1], words[2])) {
        if (!candidate.value.starts_with(words[2]) || !one_line(candidate.value)) continue;
        env.out << candidate.value;
        if (!candidate.help.empty() && one_line(candidate.help)) env.out << '\t' << candidate.help;
        env.out << '\n';
    }
    return Exit::ok;
}

// What the program does itself.
struct Own {
    std::string_view name;
    Exit (*run)(Env&, const Program&, Words);
};
constexpr std::array<Own, 8> own_words{{{"help", help},
                                        {"--help", help},
                                        {"-h", help},
                                        {"--list", list_names},
                                        {"--version", version},
                                        {"--install", install},
                                        {"--generate", generate},
                                        {"--complete", complete}}};

Exit dispatch(Env& env, const Program& program, Words argv) {
    auto called = argv.empty() ? std::string_view() : std::string_view(argv[0]);
    called = called.substr(called.rfind('/') + 1);  // npos + 1 is 0
    constexpr std::string_view prefix = "trunkbox-";
    if (called.starts_with(prefix)) called.remove_prefix(prefix.size());
    auto words = argv.empty() ? argv : argv.subspan(1);
    if (const auto* tool = find_tool(program, called)) return run_tool(env, *tool, words);
    if (words.empty()) return help(env, program, {});

    const auto& first = words[0];
    if (const auto* tool = find_tool(program, first)) return run_tool(env, *tool, words.subspan(1));
    for (const auto& own : own_words)
        if (own.name == first) return own.run(env, program, words.subspan(1));
    if (!first.starts_with('-')) return unknown_tool(env, program, first);
    std::vector<std::string> known;
    for (const auto& option : program_options()) known.push_back("--" + option.name);
    std::vector<std::string_view> views(known.begin(), known.end());
    auto meant = nearest(split_once(first, '=').first, views);
    return usage(env, fmt::format("unknown option '{}'", printable(first)),
                 meant.empty() ? "'trunkbox' lists the tools" : fmt::format("did you mean '{}'?", meant));
}

// What was printed is only printed when the system has it.
Exit settle(Env& env, Exit exit) {
    auto flushed = output::flush(env.out, "standard output");
    if (flushed) return exit;
    return exit == Exit::ok ? fail(env, flushed.error()) : exit;
}

}  // namespace

std::vector<Option> program_options() {
    return {
        {.name = "help", .letter = 'h', .help = "list the tools; 'trunkbox help TOOL' explains one"},
        {.name = "list", .help = "print the names of the tools, one a line"},
        {.name = "install", .type = Type::directory, .help = "make a link to trunkbox in DIR for every tool"},
        {.name = "version", .help = "print the version; followed by -v, also those of the libraries"}};
}

std::vector<const Tool*> sorted_tools(const Program& program) {
    auto rank = [&](const Tool* tool) {
        return std::find(program.sections.begin(), program.sections.end(), tool->section) -
               program.sections.begin();
    };
    std::vector<const Tool*> tools;
    for (const auto& entry : program.tools) tools.push_back(&entry.tool());
    std::sort(tools.begin(), tools.end(), [&](const Tool* a, const Tool* b) {
        return std::pair(rank(a), a->section + '\n' + a->name) <
               std::pair(rank(b), b->section + '\n' + b->name);
    });
    return tools;
}

const Tool* find_tool(const Program& program, std::string_view name) {
    auto found = std::ranges::find(program.tools, name, &ToolEntry::name);
    return found == program.tools.end() ? nullptr : &found->tool();
}

Exit run(Env& env, const Program& program, std::span<const std::string> argv) {
    try {
        return settle(env, dispatch(env, program, argv));
    } catch (const std::bad_alloc&) {
        note(env, "out of memory");
    } catch (const std::system_error& failed) {
        note(env, printable(failed.what(), 200));
    } catch (const std::exception& bug) {
        note(env, fmt::format("internal error: {}", printable(bug.what(), 200)));
    } catch (...) {
        note(env, "internal error: an exception of no known kind");
    }
    return Exit::system;
}

}  // namespace trunkbox::cli

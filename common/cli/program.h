// The whole program: the table of tools, and the dispatch.
#pragma once

#include "cli/env.h"
#include "cli/tool.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::cli {

struct Library {
    std::string name;
    std::string version;
};

// A tool under its name, made when it is wanted: to make all of them takes longer than many a tool runs.
struct ToolEntry {
    std::string name;
    std::function<const Tool&()> tool;  // the same one each time; outlives the program
};

struct Program {
    std::string summary;                        // one line
    std::vector<std::string> description = {};  // paragraphs of the overview page
    std::vector<std::string> sections = {};     // headings of the list, in order
    std::vector<ToolEntry> tools = {};          // any order
    std::function<std::vector<Library>()> libraries = {};
};

// The tools of a section, by name; an unknown section's tools come last.
[[nodiscard]] std::vector<const Tool*> sorted_tools(const Program& program);
[[nodiscard]] const Tool* find_tool(const Program& program, std::string_view name);

// What trunkbox takes in place of a tool's name.
[[nodiscard]] std::vector<Option> program_options();

// argv[0] chooses the tool if a link is named after it ("call", "trunkbox-call"), otherwise the first word
// does; the words after it choose its command. Never throws: a bug ends as one line on env.err and
// Exit::system. Everything written to env.out has reached the system, or the status says that it has not.
[[nodiscard]] Exit run(Env& env, const Program& program, std::span<const std::string> argv);

// Links DIR/TOOL to `executable` for every tool, prints each new link. Changes nothing and fails with
// Fault::system if a name is taken by what is not a link to a trunkbox.
[[nodiscard]] Result<std::vector<std::string>> install_links(const Program& program,
                                                             const std::string& executable,
                                                             const std::string& directory);

// The version of the command line library.
[[nodiscard]] std::string library_version();

}  // namespace trunkbox::cli

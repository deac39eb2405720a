// A tool is data: its options, help, manual page, completion and line in the list all come from this one
// definition. A tool of several commands ("trunkbox lcr route") is a tool that holds others.
#pragma once

#include "cli/env.h"
#include "cli/exit.h"
#include "output/printer.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::cli {

class Arguments;

enum class Type {
    flag,  // takes no value
    text,
    integer,
    number,
    duration,  // "2", "500ms", "1h"
    file,      // not opened here; "-" is for the tool to read as standard input or output
    directory,
    address,  // one word without blanks; its grammar is the tool's
    uri,      // SCHEME:…
    choice,   // one of Option::choices
    secret,   // declares --NAME-file FILE and --NAME-env VARIABLE; never an argument, never printed
};

// What completes the value.
enum class Complete {
    by_type,  // choices, files and directories as the type says
    nothing,
    file,
    directory,
    live,  // Tool::complete is asked
};

struct Option {
    std::string name;  // without the dashes
    char letter = 0;   // the short form, 0: none
    Type type = Type::flag;
    std::string metavar = {};   // empty: by type
    std::string help = {};      // a phrase, lower-case, no full stop
    std::string fallback = {};  // the value when the option is not given; empty: none
    std::vector<std::string> choices = {};
    std::optional<double> min = {};  // integer, number; duration in seconds
    std::optional<double> max = {};
    bool repeatable = false;
    bool required = false;
    std::vector<std::string> excludes = {};  // names of options that cannot be given together with this one
    std::string example = {};                // of a good value, for error messages; empty: by type
    Complete complete = Complete::by_type;
    std::string group = "Options";  // heading in the help
};

struct Positional {
    std::string name;
    std::string metavar = {};  // empty: the name in capitals
    std::string help = {};
    Type type = Type::text;  // any but flag and secret
    std::vector<std::string> choices = {};
    std::size_t min = 1;
    std::size_t max = 1;  // 0: no limit; only for the last one
    Complete complete = Complete::by_type;
};

// The options that many tools share, each taken only where it means something.
struct Common {
    std::vector<output::Format> formats = {};  // the first is the default; empty: no --format
    bool output = false;                       // -o, --output FILE
    bool explain = false;
    bool color = false;
    bool quiet = false;
    bool verbose = false;
};

struct ExitNote {
    Exit exit;
    std::string meaning = {};  // for this tool; empty: the general meaning
};

// A transcript that runs (tests/cli reads these).
struct Example {
    std::string says;                      // a sentence
    std::vector<std::string> commands;     // shell, one a line
    std::vector<std::string> prints = {};  // expected lines of output; "…" stands for any text
    Exit exit = Exit::ok;                  // of the last command
};

struct Candidate {
    std::string value;
    std::string help = {};
};

// Either runs or has commands. What has commands takes no option but --help, and no positional; what it says
// in prose holds for all of them. A command has a summary, options, examples … of its own, or commands again.
struct Tool {
    std::string name;
    std::string section = {};  // heading in the list, one of Program::sections; not of a command
    std::string summary;       // one line, imperative, no full stop
    std::vector<std::string> description = {};  // paragraphs
    std::vector<Tool> commands = {};            // in the order in which they are listed
    std::vector<Positional> positionals = {};
    std::vector<Option> options = {};
    Common common = {};
    std::vector<ExitNote> exits =
        {};  // beyond 0, 2 and 4, which every tool has, or with the tool's own meaning
    std::vector<std::string> notes = {};
    std::vector<Example> examples = {};
    std::vector<std::string> see_also = {};                           // "trunkbox-answer(1)"
    std::vector<std::pair<std::string, std::string>> files = {};      // path, what it is
    std::vector<std::pair<std::string, std::string>> variables = {};  // environment variable, what it does
    std::function<Exit(Env&, const Arguments&)> run = {};
    // Live values for an option ("from") or positional ("target") with Complete::live; `word` is what is
    // typed so far. Must be quick and quiet; may be empty.
    std::function<std::vector<Candidate>(Env&, std::string_view option, std::string_view word)> complete = {};
};

// The tool's own options, then those that it takes of the common ones, then --help; secrets as their two
// options.
[[nodiscard]] std::vector<Option> options_of(const Tool& tool);

// "FILE", "SECONDS" …: what stands for the value in help.
[[nodiscard]] std::string metavar_of(const Option& option);
[[nodiscard]] std::string metavar_of(const Positional& positional);
// "TARGET", "[FILE]...".
[[nodiscard]] std::string usage_of(const Positional& positional);
// The completion of a value, by_type resolved.
[[nodiscard]] Complete completion_of(Type type, Complete complete);

// The statuses that the tool ends with, each with its meaning, ascending.
[[nodiscard]] std::vector<ExitNote> exits_of(const Tool& tool);

}  // namespace trunkbox::cli

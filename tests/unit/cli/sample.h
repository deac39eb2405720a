// A tool and a program to test the command line with.
#pragma once

#include "cli/arguments.h"
#include "cli/program.h"

#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace trunkbox::cli::sample {

inline Tool call_tool() {
    return {
        .name = "call",
        .section = "Calls",
        .summary = "Place one call and say how it went",
        .description = {"Calls TARGET.", ".leading dot and a \\ backslash, 'quoted' with --dashes."},
        .positionals =
            {{.name = "target", .help = "a number or a URI", .complete = Complete::live},
             {.name = "extra", .metavar = "FILE", .help = "more", .type = Type::file, .min = 0, .max = 2}},
        .options =
            {{.name = "duration",
              .type = Type::duration,
              .help = "how long to talk",
              .fallback = "2s",
              .max = 3600},
             {.name = "from",
              .letter = 'f',
              .type = Type::uri,
              .help = "who calls [us: it's us]",
              .complete = Complete::live},
             {.name = "count",
              .type = Type::integer,
              .help = "how often",
              .fallback = "1",
              .min = 1,
              .max = 10},
             {.name = "gain", .type = Type::number, .help = "in dB", .fallback = "0", .min = -20, .max = 20},
             {.name = "digits", .type = Type::text, .help = "to press"},
             {.name = "header", .letter = 'H', .type = Type::text, .help = "to add", .repeatable = true},
             {.name = "pcap", .type = Type::file, .help = "capture to write"},
             {.name = "echo", .letter = 'e', .help = "send back what comes", .excludes = {"play"}},
             {.name = "play", .type = Type::file, .help = "WAV file to play"},
             {.name = "codec",
              .type = Type::choice,
              .help = "what to offer",
              .fallback = "PCMA",
              .choices = {"PCMA", "PCMU"},
              .group = "Media"},
             {.name = "via", .type = Type::address, .help = "next hop"},
             {.name = "dir", .type = Type::directory, .help = "where"},
             {.name = "password", .type = Type::secret, .help = "of the trunk"}},
        .common = {.formats = {output::Format::text, output::Format::json},
                   .output = true,
                   .explain = true,
                   .color = true,
                   .quiet = true,
                   .verbose = true},
        .exits = {{.exit = Exit::refused, .meaning = "the called party refused"}, {.exit = Exit::unanswered}},
        .notes = {"A note."},
        .examples = {{.says = "Call a number.",
                      .commands = {"trunkbox call +442079460123 --duration 2"},
                      .prints = {".answered …"}}},
        .see_also = {"trunkbox-answer(1)"},
        .files = {{"trunks/acme.json", "a profile"}},
        .variables = {{"NO_COLOR", "no color"}},
        .run =
            [](Env& env, const Arguments& arguments) {
                if (arguments.text("target") == "throw") throw std::logic_error("a bug");
                env.out << "called " << arguments.text("target") << '\n';
                return arguments.text("target") == "busy" ? Exit::refused : Exit::ok;
            },
        .complete = [](Env&, std::string_view option, std::string_view) -> std::vector<Candidate> {
            return {{"sip:100@example.com", std::string(option)},
                    {"sip:200@example.com"},
                    {"tel:1", "bad\nhelp"},
                    {"two\nlines"}};
        },
    };
}

inline Tool answer_tool() {
    return {
        .name = "answer", .section = "Calls", .summary = "Take calls", .run = [](Env& env, const Arguments&) {
            env.out << "answered\n";
            return Exit::ok;
        }};
}

inline Tool show_tool() {
    return {.name = "show",
            .section = "Show",
            .summary = "Show everything",
            .positionals = {{.name = "word", .min = 0, .max = 0}},
            .run = [](Env&, const Arguments&) { return Exit::no; }};
}

// A tool with commands, one of them with commands again.
inline Tool deck_tool() {
    auto says = [](std::string word) {
        return [word](Env& env, const Arguments& arguments) {
            if (arguments.text_or_empty("file") == "bad")
                return fail(env, Error{Fault::input, {}, "'bad' is no deck", {}});
            env.out << word << ' ' << env.tool << '\n';
            return Exit::ok;
        };
    };
    Positional file{.name = "file", .help = "the deck", .type = Type::file, .min = 0};
    Tool load{
        .name = "load",
        .summary = "Read a deck",
        .description = {"Loads FILE."},
        .positionals = {file, {.name = "prefix", .help = "alone", .min = 0, .complete = Complete::live}},
        .options = {{.name = "carrier",
                     .letter = 'c',
                     .type = Type::text,
                     .help = "whose deck",
                     .complete = Complete::live},
                    {.name = "strict", .help = "fail early", .group = "Errors"}},
        .common = {.formats = {output::Format::text, output::Format::json}, .output = true},
        .exits = {{.exit = Exit::input, .meaning = "the deck was not understood"}},
        .notes = {"A note on loading."},
        .examples = {{.says = "Load one.", .commands = {"trunkbox deck load a.csv"}}},
        .see_also = {"trunkbox-call(1)", "trunkbox-deck(5)"},
        .files = {{"a.csv", "a deck"}},
        .run = says("loaded"),
        .complete = [](Env&, std::string_view option, std::string_view) -> std::vector<Candidate> {
            return {{std::string(option) + "-1", "one"}};
        }};
    Tool print{.name = "print",
               .summary = "Print the rules",
               .positionals = {file},
               .examples = {{.says = "Print.", .commands = {"trunkbox deck rules print"}}},
               .run = says("printed")};
    Tool lint{.name = "lint", .summary = "Check the rules", .positionals = {file}, .run = says("checked")};
    return {.name = "deck",
            .section = "Show",
            .summary = "Keep decks of rates",
            .description = {"A deck is a list."},
            .commands =
                {load,
                 {.name = "rules", .summary = "Keep the rules", .commands = {print, lint}},
                 {.name = "list", .summary = "List the decks", .positionals = {file}, .run = says("listed")}},
            .notes = {"A note on decks."},
            .examples = {{.says = "See what there is.", .commands = {"trunkbox deck list"}}},
            .see_also = {"trunkbox-call(1)"},
            .variables = {{"DECKS", "where they are"}}};
}

inline ToolEntry entry_of(const Tool& tool) {
    return {tool.name, [&tool]() -> const Tool& { return tool; }};
}

struct House {
    House() = default;
    House(const House&) = delete;  // the program points into it
    House& operator=(const House&) = delete;

    Tool call = call_tool();
    Tool answer = answer_tool();
    Tool show = show_tool();
    Program program{.summary = "The multi-call tool.",
                    .description = {"It calls."},
                    .sections = {"Calls", "Show"},
                    .tools = {entry_of(show), entry_of(call), entry_of(answer)},
                    .libraries = [] {
                        return std::vector<Library>{{"lib", "1.2"}};
                    }};
};

// One that has a tool with commands, too.
struct Annex : House {
    Annex() { program.tools.push_back(entry_of(deck)); }

    Tool deck = deck_tool();
};

// A process that a test looks into.
struct Process {
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    std::map<std::string, std::string> variables;
    Env env{.in = in, .out = out, .err = err, .version = "1.0"};

    Process() {
        env.variable = [this](const std::string& name) -> std::optional<std::string> {
            auto place = variables.find(name);
            return place == variables.end() ? std::nullopt : std::optional(place->second);
        };
    }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    Exit run(const std::vector<std::string>& argv) { return run(House{}.program, argv); }
    Exit run(const Program& program, const std::vector<std::string>& argv) {
        out.str({});
        err.str({});
        env.tool.clear();
        return cli::run(env, program, argv);
    }
};

}  // namespace trunkbox::cli::sample

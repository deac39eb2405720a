// What is committed about the tools is what the tools say of themselves, and every tool is documented in full.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "contract/source.h"
#include "support/process.h"
#include "support/script.h"
#include "support/session.h"

namespace {

namespace fs = std::filesystem;

fs::path variable(const char* name) {
    const char* value = std::getenv(name);
    REQUIRE_MESSAGE(value != nullptr, name);
    return value;
}

fs::path tree() { return variable("TRUNKBOX_SOURCE"); }
std::string trunkbox() { return variable("TRUNKBOX").string(); }

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::vector<std::string> tools() {
    const auto listed = process::run({trunkbox(), "--list"});
    REQUIRE(listed.status == 0);
    const auto names = contract::lines_of(listed.out);
    REQUIRE_FALSE(names.empty());
    return names;
}

// What can be run, by the words that call it: {"lcr", "route"}, {"call"}.
std::vector<std::vector<std::string>> commands() {
    const auto listed = process::run({trunkbox(), "--generate", "commands"});
    REQUIRE(listed.status == 0);
    std::vector<std::vector<std::string>> all;
    for (const auto& line : contract::lines_of(listed.out)) {
        std::vector<std::string> words;
        std::istringstream stream(line);
        for (std::string word; stream >> word;) words.push_back(word);
        REQUIRE_FALSE(words.empty());
        all.push_back(std::move(words));
    }
    return all;
}

std::string joined(const std::vector<std::string>& words, const char* mark = " ") {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : mark) + word;
    return text;
}

fs::path page_of(const std::string& tool) { return tree() / "man" / ("trunkbox-" + tool + ".1"); }

// Filled text, however its lines are broken.
std::string one_line(std::string_view text) {
    std::string line;
    for (const char c : text) {
        const bool blank = c == ' ' || c == '\n';
        if (blank && (line.empty() || line.back() == ' ')) continue;
        line += blank ? ' ' : c;
    }
    return line;
}

// What follows "trunkbox-call \- " below .SH NAME.
std::string summary_of(const std::string& tool) {
    const auto lines = contract::lines_of(contract::read_text(page_of(tool)));
    for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
        if (!lines[i].starts_with(".SH NAME") && !lines[i].starts_with(".SH \"NAME\"")) continue;
        const std::size_t dash = lines[i + 1].find(" \\- ");
        if (dash != std::string::npos) return transcript::roff_text(lines[i + 1].substr(dash + 4));
    }
    return {};
}

// The page as its reader sees it, more or less: one line, without macros.
std::string text_of_page(const std::string& tool) {
    std::string text;
    for (const auto& line : contract::lines_of(contract::read_text(page_of(tool))))
        text += transcript::roff_text(line) + ' ';
    return one_line(text);
}

// What help says behind the usage, on one line: "Read a deck."
std::string summary_in(const std::string& help) {
    const std::size_t start = help.find("\n\n");
    if (start == std::string::npos) return {};
    return one_line(help.substr(start + 2, help.find("\n\n", start + 2) - start - 2));
}

bool has_heading(const std::string& tool, std::string heading) {
    for (char& c : heading)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    for (const auto& line : contract::lines_of(contract::read_text(page_of(tool))))
        if (line.starts_with(".SH ") && transcript::roff_text(line.substr(4)) == heading) return true;
    return false;
}

std::map<std::string, std::string> files_in(const fs::path& directory) {
    std::map<std::string, std::string> files;
    if (!fs::is_directory(directory)) return files;
    for (const auto& entry : fs::directory_iterator(directory)) {
        if (!entry.is_regular_file() || entry.path().extension() == ".cmake") continue;  // how they are made
        files[entry.path().filename().string()] = contract::read_text(entry.path());
    }
    return files;
}

// What a shell printed for each of the lines that it was asked about. It reads the completions, which takes longer than an
// answer, once for twenty of them: all at once may last longer than a process is waited for on a busy machine.
class Candidates {
  public:
    using Lines = std::span<const std::string>;
    Candidates(const std::vector<std::string>& lines, const std::function<process::Outcome(Lines)>& ask) {
        constexpr std::size_t at_once = 20;
        for (Lines rest = lines; !rest.empty(); rest = rest.subspan(std::min(at_once, rest.size()))) {
            const Lines some = rest.first(std::min(at_once, rest.size()));
            take(some, ask(some));
        }
    }
    const std::string& of(const std::string& line) const { return by_line_.at(line); }

    static constexpr char mark = '\x1e';

  private:
    void take(Lines lines, const process::Outcome& outcome) {
        CHECK_MESSAGE(outcome.err.empty(), outcome.err);
        std::size_t start = 0;
        for (const std::string& line : lines) {
            const std::size_t end = outcome.out.find(mark, start);
            REQUIRE_MESSAGE(end != std::string::npos, "no answer to '", line, "'");
            by_line_[line] = outcome.out.substr(start, end - start);
            start = end + 1;
        }
    }

    std::map<std::string, std::string> by_line_;
};

// What completes from files asks the binary.
std::string path_to_trunkbox() { return fs::path(trunkbox()).parent_path().string() + ":/usr/bin:/bin"; }

// One after the other, between blanks.
Candidates bash_candidates(const std::vector<std::string>& lines) {
    std::string script = "source '" + (tree() / "completions/trunkbox.bash").string() + "'\nask() { COMP_LINE=$1\n";
    script += "COMP_POINT=${#COMP_LINE}; COMP_WORDS=($COMP_LINE); [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')\n"
              "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _trunkbox; printf ' %s \\x1e' \"${COMPREPLY[*]}\"; }\n";
    return {lines, [&](Candidates::Lines some) {
                std::string asking = script;
                for (const std::string& line : some) asking += "ask '" + line + "'\n";
                return process::run({"bash", "--norc", "-c", asking}, {{"PATH", path_to_trunkbox()}});
            }};
}

// Each on a line, with what is said about it.
Candidates fish_candidates(const std::vector<std::string>& lines) {
    const transcript::TemporaryDirectory home;
    return {lines, [&](Candidates::Lines some) {
                std::string asking = "source " + (tree() / "completions/trunkbox.fish").string() + "\n";
                for (const std::string& line : some) asking += "complete -C '" + line + "'; printf '\\x1e'\n";
                return process::run({"fish", "--no-config", "-c", asking},
                                    {{"HOME", home.path().string()}, {"LC_ALL", "C.UTF-8"}, {"PATH", path_to_trunkbox()}});
            }};
}

}  // namespace

TEST_CASE("man/ and completions/ are what the binary generates; the target 'generate' renews them") {
    const transcript::TemporaryDirectory fresh;
    const auto outcome =
        process::run({"cmake", "-DTRUNKBOX=" + trunkbox(), "-DDIRECTORY=" + fresh.path().string(), "-P",
                      (tree() / "man/generate.cmake").string()});
    REQUIRE_MESSAGE(outcome.status == 0, outcome.err);
    for (const char* directory : {"man", "completions"}) {
        const auto expected = files_in(fresh.path() / directory);
        const auto committed = files_in(tree() / directory);
        for (const auto& [file, text] : expected) {
            const std::string name = file;  // clang 14 lets no lambda have a structured binding
            CAPTURE(name);
            CHECK_MESSAGE(committed.contains(name), directory, "/", name, " is missing");
            if (committed.contains(name))
                CHECK_MESSAGE(committed.at(name) == text, directory, "/", name, " is not what the binary generates");
        }
        for (const auto& [file, text] : committed) {
            const std::string name = file;
            const bool by_hand = name.ends_with(".5") || name.ends_with(".7");
            CHECK_MESSAGE((by_hand || expected.contains(name)), directory, "/", name, " belongs to no tool");
        }
    }
}

TEST_CASE("every tool has help, a page with an example, a transcript and a word in README") {
    const std::string readme = contract::read_text(tree() / "README.md");
    for (const std::string& tool : tools()) {
        CAPTURE(tool);
        const std::string summary = summary_of(tool);
        CHECK_FALSE(summary.empty());
        for (const auto& words : {std::vector<std::string>{trunkbox(), tool, "--help"}, {trunkbox(), "help", tool}}) {
            const auto help = process::run(words);
            CHECK(help.status == 0);
            CHECK(help.err.empty());
            CHECK(holds(one_line(help.out), one_line(summary)));
        }
        const std::string page = page_of(tool).string();
        CHECK_FALSE(transcript::read_script(page, contract::read_text(page)).steps.empty());
        bool shown = false;
        for (const auto& [name, text] : files_in(tree() / "tests/cli"))
            shown |= name.starts_with(tool) && name.ends_with(".transcript") && holds(text, "trunkbox " + tool);
        CHECK_MESSAGE(shown, "no tests/cli/", tool, "*.transcript");
        CHECK_MESSAGE((holds(readme, "trunkbox " + tool) || holds(readme, "`" + tool + "`")), "not in README.md");
    }
}

TEST_CASE("the manual pages are clean, and those written by hand have examples too") {
    std::size_t pages = 0;
    for (const auto& [file, text] : files_in(tree() / "man")) {
        const std::string name = file;
        CAPTURE(name);
        ++pages;
        const auto outcome = process::run({"man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", (tree() / "man" / name).string()},
                                          {{"LC_ALL", "C.UTF-8"}, {"MANWIDTH", "80"}, {"MANROFFSEQ", ""}});
        CHECK(outcome.status == 0);
        CHECK_MESSAGE(outcome.err.empty(), outcome.err);
        CHECK(outcome.out.size() > 200);
        if (!name.ends_with(".1")) CHECK_FALSE(transcript::read_script(name, text).steps.empty());
    }
    CHECK(pages > 0);
}

TEST_CASE("the completions load in their shells") {
    const fs::path completions = tree() / "completions";
    const transcript::TemporaryDirectory home;
    const std::map<std::string, std::string> changes{{"HOME", home.path().string()}, {"LC_ALL", "C.UTF-8"}};
    for (const std::vector<std::string>& words : {
             std::vector<std::string>{"bash", "-n", (completions / "trunkbox.bash").string()},
             {"bash", "-c", "source \"$0\" && complete -p trunkbox >/dev/null", (completions / "trunkbox.bash").string()},
             {"zsh", "-n", (completions / "_trunkbox").string()},
             {"zsh", "-f", "-c", "fpath=(\"$0\" $fpath); autoload -Uz compinit && compinit -u -D && [[ $_comps[trunkbox] == _trunkbox ]] "
                                 "&& autoload +X _trunkbox", completions.string()},
             {"fish", "-n", (completions / "trunkbox.fish").string()},
         }) {
        const auto outcome = process::run(words, changes);
        CAPTURE(words[0]);
        CHECK(outcome.status == 0);
        CHECK_MESSAGE(outcome.err.empty(), outcome.err);
    }
}

TEST_CASE("bash and fish complete tools and options") {
    std::vector<std::string> lines{"trunkbox call --dur"};
    for (const std::string& tool : tools())
        for (const std::string& line : {tool.substr(0, 1), tool + " --hel", tool + " --no-such-thing"})
            lines.push_back("trunkbox " + line);
    const auto bash = bash_candidates(lines);
    const auto fish = fish_candidates(lines);
    CHECK(holds(bash.of("trunkbox call --dur"), " --duration "));
    for (const std::string& tool : tools()) {
        CHECK(holds(bash.of("trunkbox " + tool.substr(0, 1)), " " + tool + " "));
        CHECK(holds(bash.of("trunkbox " + tool + " --hel"), " --help "));
        CHECK(bash.of("trunkbox " + tool + " --no-such-thing") == "  ");
        CHECK(holds(fish.of("trunkbox " + tool + " --hel"), "--help"));
    }
}

TEST_CASE("every command has a summary, help, a part of its tool's page and an example there") {
    std::set<std::string> called;
    std::map<std::string, std::string> texts;
    std::map<std::string, transcript::Script> scripts;
    for (const auto& tool : tools()) {
        texts[tool] = text_of_page(tool);
        const std::string page = page_of(tool).string();
        scripts[tool] = transcript::read_script(page, contract::read_text(page));
    }
    for (const auto& words : commands()) {
        const std::string name = joined(words);
        CAPTURE(name);
        called.insert(words[0]);
        std::vector<std::string> asked{trunkbox(), "help"};
        asked.insert(asked.end(), words.begin(), words.end());
        const auto help = process::run(asked);
        CHECK(help.status == 0);
        CHECK(help.out.starts_with("Usage: trunkbox " + name + ' '));
        const std::string summary = summary_in(help.out);
        REQUIRE(summary.size() > 2);
        // Whether it begins with a capital letter or ends with a full stop depends on where it stands.
        CHECK(holds(texts.at(words[0]), summary.substr(1, summary.size() - 2)));
        if (words.size() > 1) CHECK(has_heading(words[0], name));

        bool shown = false;
        for (const auto& step : scripts.at(words[0]).steps) shown |= holds(step.command + ' ', "trunkbox " + name + ' ');
        CHECK_MESSAGE(shown, "no example in ", page_of(words[0]).string());
    }
    const auto all = tools();
    CHECK(called == std::set<std::string>(all.begin(), all.end()));
}

TEST_CASE("bash, fish and zsh complete commands and their options") {
    const std::string zsh = contract::read_text(tree() / "completions/_trunkbox");
    std::vector<std::pair<std::string, std::string>> begun;  // a line, and what it may go on with
    for (const auto& words : commands()) {
        std::string line = "trunkbox";
        for (const std::string& word : words) {
            begun.emplace_back(line + ' ', word);
            line += ' ' + word;
        }
        begun.emplace_back(line + " --hel", "--help");
        CHECK(holds(zsh, "\n_trunkbox_tool_" + joined(words, "_") + "() {\n"));
    }
    std::set<std::string> different;
    for (const auto& [line, word] : begun) different.insert(line);
    const std::vector<std::string> lines(different.begin(), different.end());
    const auto bash = bash_candidates(lines);
    const auto fish = fish_candidates(lines);
    for (const auto& [typed, expected] : begun) {
        const std::string line = typed, word = expected;  // clang 14 lets no lambda have a structured binding
        CHECK_MESSAGE(holds(bash.of(line), ' ' + word + ' '), line);
        CHECK_MESSAGE(holds('\n' + fish.of(line), '\n' + word + '\t'), line);
    }
}

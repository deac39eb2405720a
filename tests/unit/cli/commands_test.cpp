// Tools that have commands: how they are called, and what is said when they are called wrongly.
#include "cli/command.h"
#include "cli/help.h"
#include "unit/cli/sample.h"

#include <doctest/doctest.h>

#include <system_error>

using namespace trunkbox;
using namespace trunkbox::cli;

namespace {

struct Desk : sample::Process {
    sample::Annex annex;
    Exit call(const std::vector<std::string>& argv) { return run(annex.program, argv); }
    // What a wrong command line is told; nothing must be on standard output.
    std::string complaint(const std::vector<std::string>& argv) {
        CHECK(call(argv) == Exit::usage);
        CHECK(out.str().empty());
        return err.str();
    }
};

std::string found(const Tool& tool, const std::vector<std::string>& words) {
    auto place = find_command(tool, words);
    auto text = place.command.words + " <-";
    for (const auto& word : place.rest) text += ' ' + word;
    return text;
}

}  // namespace

TEST_CASE("the commands of a tool, each followed by its own") {
    std::string all;
    auto deck = sample::deck_tool();
    for (const auto& command : commands_of(deck)) all += command.words + '\n';
    CHECK(all == "deck\ndeck load\ndeck rules\ndeck rules print\ndeck rules lint\ndeck list\n");
    auto call = sample::call_tool();
    auto alone = commands_of(call);
    REQUIRE(alone.size() == 1);
    CHECK(alone[0].words == "call");
    CHECK(alone[0].tool == &call);
}

TEST_CASE("words lead to the deepest command that they name") {
    auto deck = sample::deck_tool();
    CHECK(found(deck, {}) == "deck <-");
    CHECK(found(deck, {"load", "load"}) == "deck load <- load");
    CHECK(found(deck, {"rules", "print", "rules"}) == "deck rules print <- rules");
    CHECK(found(deck, {"rules", "load"}) == "deck rules <- load");
    CHECK(found(deck, {"print"}) == "deck <- print");
    CHECK(found(deck, {"--help", "load"}) == "deck <- --help load");
    CHECK(found(deck, {"", "load"}) == "deck <-  load");
    CHECK(found(sample::call_tool(), {"load"}) == "call <- load");
}

TEST_CASE("a definition that contradicts itself is a bug") {
    auto finds = [](const Tool& tool) { (void)find_command(tool, std::vector<std::string>{"list"}); };
    auto deck = sample::deck_tool();
    CHECK_NOTHROW(finds(deck));
    auto both = deck;
    both.run = deck.commands.back().run;
    CHECK_THROWS_AS(finds(both), std::logic_error);
    auto neither = deck;
    neither.commands.back().run = nullptr;
    CHECK_THROWS_AS(finds(neither), std::logic_error);
    auto positional = deck;
    positional.positionals = {{.name = "file"}};
    CHECK_THROWS_AS(finds(positional), std::logic_error);
    auto option = deck;
    option.common.quiet = true;
    CHECK_THROWS_AS(finds(option), std::logic_error);
}

TEST_CASE("a command by name and by link") {
    Desk desk;
    CHECK(desk.call({"trunkbox", "deck", "load", "a.csv", "--carrier", "x"}) == Exit::ok);
    CHECK(desk.out.str() == "loaded deck load\n");
    CHECK(desk.call({"trunkbox", "deck", "rules", "print"}) == Exit::ok);
    CHECK(desk.out.str() == "printed deck rules print\n");
    CHECK(desk.call({"/usr/bin/deck", "list"}) == Exit::ok);
    CHECK(desk.call({"trunkbox-deck", "rules", "lint", "rules"}) == Exit::ok);
    CHECK(desk.out.str() == "checked deck rules lint\n");
    CHECK(desk.call({"trunkbox", "deck", "load", "list"}) == Exit::ok);  // a file called list
    CHECK(desk.out.str() == "loaded deck load\n");
}

TEST_CASE("a command's errors bear its name") {
    Desk desk;
    CHECK(desk.call({"deck", "load", "bad"}) == Exit::input);
    CHECK(desk.err.str() == "trunkbox deck load: 'bad' is no deck\n");
    CHECK(desk.complaint({"trunkbox", "deck", "load", "--carier", "x"}) ==
          "trunkbox deck load: unknown option '--carier'; did you mean '--carrier'?\n");
    CHECK(desk.complaint({"trunkbox", "deck", "load", "--zzzzzz"}) ==
          "trunkbox deck load: unknown option '--zzzzzz'; 'trunkbox help deck load' lists the options\n");
    CHECK(desk.complaint({"trunkbox", "deck", "rules", "print", "1", "2"}) ==
          "trunkbox deck rules print: unexpected argument '2'; 'trunkbox help deck rules print' shows the "
          "usage\n");
}

TEST_CASE("a tool with commands needs one") {
    Desk desk;
    auto listed = desk.complaint({"trunkbox", "deck"});
    CHECK(listed == help_text(desk.annex.deck, 80));
    CHECK(desk.complaint({"deck"}) == listed);
    CHECK(desk.complaint({"trunkbox", "deck", "--"}) == listed);
    CHECK(desk.complaint({"trunkbox", "deck", "rules"}).starts_with("Usage: trunkbox deck rules COMMAND "));
}

TEST_CASE("an unknown command is told what was likely meant") {
    Desk desk;
    CHECK(desk.complaint({"trunkbox", "deck", "laod"}) ==
          "trunkbox deck: unknown command 'laod'; did you mean 'load'?\n");
    CHECK(desk.complaint({"trunkbox", "deck", "rules", "prnt", "--help"}) ==
          "trunkbox deck rules: unknown command 'prnt'; did you mean 'print'?\n");
    CHECK(desk.complaint({"trunkbox", "deck", "zzz"}) ==
          "trunkbox deck: unknown command 'zzz'; 'trunkbox help deck' lists the commands\n");
    CHECK(desk.complaint({"trunkbox", "deck", ""}) ==
          "trunkbox deck: unknown command ''; 'trunkbox help deck' lists the commands\n");
    CHECK(desk.complaint({"trunkbox", "deck", "\x1b[31m"}).find('\x1b') == std::string::npos);
    CHECK(desk.complaint({"trunkbox", "deck", std::string(100000, 'x')}).size() < 300);
    CHECK(desk.complaint({"trunkbox", "deck", "--", "load"}) ==
          "trunkbox deck: unexpected argument 'load'; 'trunkbox help deck' shows the usage\n");
    CHECK(desk.complaint({"trunkbox", "deck", "--carrier", "x", "load"}) ==
          "trunkbox deck: unknown option '--carrier'; options follow the command, which 'trunkbox help deck' "
          "lists\n");
    CHECK(desk.complaint({"trunkbox", "deck", "--hlep"}) ==
          "trunkbox deck: unknown option '--hlep'; did you mean '--help'?\n");
}

TEST_CASE("help of a tool with commands and of a command, by either door") {
    Desk desk;
    auto by_both = [&](std::vector<std::string> words) {
        auto asked = words;
        words.insert(words.begin(), "trunkbox");
        words.emplace_back("--help");
        asked.insert(asked.begin(), {"trunkbox", "help"});
        CHECK(desk.call(words) == Exit::ok);
        auto text = desk.out.str();
        CHECK(desk.call(asked) == Exit::ok);
        CHECK(desk.out.str() == text);
        CHECK(desk.err.str().empty());
        return text;
    };
    CHECK(by_both({"deck"}) == help_text(desk.annex.deck, 80));
    CHECK(by_both({"deck", "rules"})
              .starts_with("Usage: trunkbox deck rules COMMAND [OPTION]... [ARGUMENT]...\n"));
    CHECK(by_both({"deck", "load"}).starts_with("Usage: trunkbox deck load [OPTION]... [FILE] [PREFIX]\n"));
    CHECK(by_both({"deck", "rules", "lint"})
              .starts_with("Usage: trunkbox deck rules lint [OPTION]... [FILE]\n"));

    CHECK(desk.complaint({"trunkbox", "help", "deck", "laod"}) ==
          "trunkbox deck: unknown command 'laod'; did you mean 'load'?\n");
    CHECK(desk.complaint({"trunkbox", "help", "deck", "load", "x"}) ==
          "trunkbox: unexpected argument 'x'; write 'trunkbox help TOOL'\n");
    CHECK(desk.complaint({"trunkbox", "help", "call", "x"}) ==
          "trunkbox: unexpected argument 'x'; write 'trunkbox help TOOL'\n");
}

TEST_CASE("live values of a command") {
    Desk desk;
    CHECK(desk.call({"trunkbox", "--complete", "deck load", "carrier", "c"}) == Exit::ok);
    CHECK(desk.out.str() == "carrier-1\tone\n");
    for (const char* words :
         {"deck", "deck rules", "deck list", "deck load x", "deck  load", " deck", "deck ", "", " "}) {
        CHECK(desk.call({"trunkbox", "--complete", words, "carrier", ""}) == Exit::ok);
        CHECK_MESSAGE(desk.out.str().empty(), words);
    }
}

TEST_CASE("what can be run, for packagers") {
    Desk desk;
    CHECK(desk.call({"trunkbox", "--generate", "commands"}) == Exit::ok);
    CHECK(desk.out.str() == "answer\ncall\ndeck load\ndeck rules print\ndeck rules lint\ndeck list\nshow\n");
    CHECK(desk.call({"trunkbox", "--list"}) == Exit::ok);
    CHECK(desk.out.str() == "answer\ncall\ndeck\nshow\n");
    CHECK(desk.call({"trunkbox", "--generate", "man", "deck load"}) == Exit::usage);
}

TEST_CASE("what the system refuses a command is no bug of it") {
    Desk desk;
    desk.annex.deck.commands[0].run = [](Env&, const Arguments&) -> Exit {
        throw std::system_error(ENOSPC, std::generic_category(), "a file that cannot be written");
    };
    CHECK(desk.call({"trunkbox", "deck", "load"}) == Exit::system);
    CHECK(desk.err.str() == "trunkbox deck load: a file that cannot be written: No space left on device\n");
}

TEST_CASE("a bug in a command is one line") {
    Desk desk;
    desk.annex.deck.commands[0].run = [](Env&, const Arguments&) -> Exit { throw std::runtime_error("oh"); };
    CHECK(desk.call({"trunkbox", "deck", "load"}) == Exit::system);
    CHECK(desk.err.str() == "trunkbox deck load: internal error: oh\n");
}

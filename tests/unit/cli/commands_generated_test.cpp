// Help, manual page and completions of a tool with commands, the last as the shells understand them.
#include "cli/command.h"
#include "cli/completion.h"
#include "cli/help.h"
#include "cli/manual.h"
#include "unit/cli/sample.h"
#include "unit/cli/shell.h"

#include <doctest/doctest.h>

using namespace trunkbox;
using namespace trunkbox::cli;
using shell::holds;
using shell::installed;

namespace {

std::string offered(const std::string& line) {
    return shell::offered(sample::Annex{}.program, line);
}

// What fish offers, sorted, one a line, without the explanations.
std::string fish_offers(const std::string& line) {
    return shell::prints(
        "home=$(mktemp -d) || exit 1; HOME=$home fish --no-config -c 'source {}; complete -C \"" + line +
            "\"' 2>/dev/null | cut -f1 | sort; rm -r \"$home\"",
        fish_completion(sample::Annex{}.program));
}

// Which list or which specifications zsh reaches; the completion system itself is played.
std::string zsh_reaches(const std::string& line) {
    auto script = zsh_completion(sample::Annex{}.program);
    auto last = script.rfind("_trunkbox \"$@\"");
    REQUIRE(last != std::string::npos);
    script.resize(last);
    script += R"zsh(
_describe() { print -r -- list ${@[-1]} }
_arguments() { print -r -- arguments of $words from $CURRENT, ${#argv} specs }
_files() { print -r -- files }
words=(${(s: :)1})
[[ $1 == *' ' ]] && words+=('')
CURRENT=$#words
service=${words[1]}
_trunkbox
)zsh";
    return shell::prints("zsh -f {} '" + line + "'", script);
}

}  // namespace

TEST_CASE("help lists the commands") {
    CHECK(help_text(sample::deck_tool(), 80) ==
          "Usage: trunkbox deck COMMAND [OPTION]... [ARGUMENT]...\n"
          "\nKeep decks of rates.\n\nA deck is a list.\n"
          "\nCommands:\n  load   Read a deck\n  rules  Keep the rules\n  list   List the decks\n"
          "\nOptions:\n  -h, --help  print this help\n"
          "\nExamples:\n  See what there is.\n    $ trunkbox deck list\n"
          "\n'trunkbox help deck COMMAND' explains one.\nThe manual: man trunkbox-deck\n");
}

TEST_CASE("help of a command") {
    auto deck = sample::deck_tool();
    auto commands = commands_of(deck);
    auto help = help_text(commands[1], 80);
    for (auto part :
         {"Usage: trunkbox deck load [OPTION]... [FILE] [PREFIX]\n\nRead a deck.\n\nLoads FILE.\n",
          "\nArguments:\n", "  -c, --carrier TEXT  whose deck\n", "\nErrors:\n      --strict ",
          "\nExit status:\n", "  3  the deck was not understood\n", "\nExamples:\n",
          "\nThe manual: man trunkbox-deck\n"})
        CHECK_MESSAGE(holds(help, part), part);
    CHECK_FALSE(holds(help, "COMMAND"));
    CHECK(holds(help_text(commands[2], 80), "\n'trunkbox help deck rules COMMAND' explains one.\n"));
    CHECK(holds(help_text(commands[3], 80), "\nThe manual: man trunkbox-deck\n"));
}

TEST_CASE("one manual page for a tool and its commands") {
    auto page = manual_page(sample::deck_tool(), "1.0");
    for (auto part :
         {".SH SYNOPSIS\n.B trunkbox deck\n\\fICOMMAND\\fR\n[\\fIOPTION\\fR]...\n[\\fIARGUMENT\\fR]...\n"
          ".SH DESCRIPTION\nA deck is a list.\n"
          ".SH COMMANDS\n.TP\n\\fBload\\fR\nRead a deck.\n.TP\n\\fBrules print\\fR\nPrint the rules.\n",
          ".SH OPTIONS\n.TP\n\\fB\\-h\\fR, \\fB\\-\\-help\\fR\nPrint this help.\n.SH DECK LOAD\nRead a "
          "deck.\n"
          ".SS Synopsis\n.B trunkbox deck load\n[\\fIOPTION\\fR]...\n[\\fIFILE\\fR]\n[\\fIPREFIX\\fR]\n"
          ".SS Description\nLoads FILE.\n.SS Arguments\n.TP\n\\fIFILE\\fR\nThe deck.\n",
          ".SS Options\n.TP\n\\fB\\-c\\fR, \\fB\\-\\-carrier\\fR \\fITEXT\\fR\nWhose deck.\n.SS Errors\n",
          ".SS Exit status\n.TP\n\\fB0\\fR\n", "\\fB3\\fR\nThe deck was not understood.\n",
          ".SS Files\n.TP\n\\fBa.csv\\fR\nA deck.\n.SS Notes\nA note on loading.\n.SH DECK RULES\nKeep the "
          "rules.\n"
          ".SS Synopsis\n.B trunkbox deck rules\n\\fICOMMAND\\fR\n",
          ".SH DECK RULES PRINT\nPrint the rules.\n", ".SH DECK LIST\n",
          ".SH ENVIRONMENT\n.TP\n\\fBDECKS\\fR\nWhere they are.\n.SH NOTES\nA note on decks.\n"
          ".SH EXAMPLES\nSee what there is.\n.PP\n.RS 4\n.nf\n$ \\fBtrunkbox deck list\\fR\n.fi\n.RE\n"
          ".PP\nLoad one.\n.PP\n.RS 4\n.nf\n$ \\fBtrunkbox deck load a.csv\\fR\n",
          "$ \\fBtrunkbox deck rules print\\fR\n",
          ".SH SEE ALSO\n.BR trunkbox (1),\n.BR trunkbox\\-call (1),\n.BR trunkbox\\-deck (5)\n"})
        CHECK_MESSAGE(holds(page, part), part);
    CHECK_FALSE(holds(page, "\\fBrules\\fR"));  // does nothing by itself
    CHECK_FALSE(holds(page, ".SH EXIT STATUS"));
    if (installed("man")) CHECK(shell::prints("man --warnings -E UTF-8 -l {} >/dev/null", page).empty());
}

TEST_CASE("the overview and the list name the tool, not its commands") {
    sample::Annex annex;
    auto page = overview_page(annex.program, "1.0");
    CHECK(holds(page, ".BR trunkbox\\-deck (1)\nKeep decks of rates.\n"));
    CHECK_FALSE(holds(page, "load"));
    CHECK_FALSE(holds(list_text(annex.program, 80), "load"));
}

TEST_CASE("what bash offers for commands") {
    CHECK(offered("trunkbox deck ") == "list\nload\nrules\n");
    CHECK(offered("trunkbox deck l") == "list\nload\n");
    CHECK(offered("deck l") == "list\nload\n");
    CHECK(offered("trunkbox-deck rules ") == "lint\nprint\n");
    CHECK(offered("trunkbox deck --") == "--help\n");
    CHECK(offered("trunkbox deck load --") == "--carrier\n--format\n--help\n--output\n--strict\n");
    CHECK(offered("trunkbox deck rules p") == "print\n");
    CHECK(offered("trunkbox deck rules print --") == "--help\n");
    CHECK(offered("trunkbox deck load --format ") == "json\ntext\n");
    CHECK(offered("trunkbox deck load --format=j") == "json\n");
    CHECK(offered("trunkbox deck load /us") == "/usr\n");
    CHECK(offered("trunkbox deck load a.csv sip") == "sip:100@example.com\nsip:of-deck-load\nsip:prefix\n");
}

TEST_CASE("what bash offers where no command is, and in help") {
    CHECK(offered("trunkbox deck commands ") == "\n");
    CHECK(offered("trunkbox deck zzz ") == "\n");
    CHECK(offered("trunkbox deck --help l") == "list\nload\n");
    CHECK(offered("trunkbox call deck load /us") == "/usr\n");
    CHECK(offered("trunkbox help d") == "deck\n");
    CHECK(offered("trunkbox help deck r") == "rules\n");
    CHECK(offered("trunkbox help deck rules ") == "lint\nprint\n");
    CHECK(offered("trunkbox help deck load ") == "\n");
    CHECK(offered("trunkbox help deck zzz ") == "\n");
    CHECK(offered("trunkbox help call ") == "\n");
}

TEST_CASE("what fish offers for commands") {
    auto script = fish_completion(sample::Annex{}.program);
    CHECK(holds(script, "(trunkbox --complete \\'deck load\\' carrier (commandline -ct) 2>/dev/null)"));
    if (!installed("fish")) return;
    CHECK(fish_offers("trunkbox deck ") == "list\nload\nrules\n");
    CHECK(fish_offers("trunkbox deck rules ") == "lint\nprint\n");
    CHECK(fish_offers("trunkbox deck rules print --h") == "--help\n");
    CHECK(fish_offers("trunkbox deck load --") == "--carrier\n--format\n--help\n--output\n--strict\n");
    CHECK(fish_offers("trunkbox deck load --format ") == "json\ntext\n");
    CHECK(fish_offers("trunkbox deck load /us") == "/usr/\n");
    CHECK(fish_offers("deck l") == "list\nload\n");
    CHECK(fish_offers("trunkbox-deck rules l") == "lint\n");
    CHECK(fish_offers("trunkbox help d") == "deck\n");
    CHECK(fish_offers("trunkbox help deck rules ") == "lint\nprint\n");
    CHECK(fish_offers("trunkbox help deck load ").empty());
    CHECK(fish_offers("trunkbox call --codec ") == "PCMA\nPCMU\n");
}

TEST_CASE("how zsh finds the commands") {
    auto script = zsh_completion(sample::Annex{}.program);
    CHECK(holds(script, "\ntypeset -ga _trunkbox_commands_deck=(\n    'load:Read a deck'\n"));
    CHECK(holds(script, ":TEXT:{_trunkbox_live '\\''deck load'\\'' carrier}'"));
    if (!installed("zsh")) return;
    CHECK(shell::prints("zsh -n {}", script).empty());
    CHECK(zsh_reaches("trunkbox deck ") == "arguments of deck from 2, 5 specs\n");
    CHECK(zsh_reaches("trunkbox deck load --c") == "arguments of load --c from 2, 12 specs\n");
    CHECK(zsh_reaches("deck load a ") == "arguments of load a from 3, 12 specs\n");
    CHECK(zsh_reaches("trunkbox-deck rules ") == "arguments of rules from 2, 5 specs\n");
    CHECK(zsh_reaches("trunkbox deck rules lint ") == "arguments of lint from 2, 5 specs\n");
    CHECK(zsh_reaches("trunkbox deck zzz ") == "(failed)");
    CHECK(zsh_reaches("trunkbox help ") == "list _trunkbox_tools\n");
    CHECK(zsh_reaches("trunkbox help deck ") == "list _trunkbox_commands_deck\n");
    CHECK(zsh_reaches("trunkbox help deck rules l") == "list _trunkbox_commands_deck_rules\n");
    CHECK(zsh_reaches("trunkbox help call ") == "(failed)");
    CHECK(zsh_reaches("trunkbox --install ") == "files\n");
}

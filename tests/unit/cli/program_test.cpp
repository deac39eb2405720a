#include "cli/program.h"

#include "unit/cli/sample.h"

#include <cerrno>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <unistd.h>

using namespace trunkbox;
using namespace trunkbox::cli;
namespace fs = std::filesystem;

TEST_CASE("a tool by name and by link") {
    sample::Process process;
    CHECK(process.run({"trunkbox", "call", "100"}) == Exit::ok);
    CHECK(process.out.str() == "called 100\n");
    CHECK(process.err.str().empty());
    CHECK(process.run({"/usr/bin/call", "100"}) == Exit::ok);
    CHECK(process.out.str() == "called 100\n");
    CHECK(process.run({"./trunkbox-call", "busy"}) == Exit::refused);
    CHECK(process.run({"tb", "call", "100"}) == Exit::ok);  // renamed
    CHECK(process.run({"call", "call"}) == Exit::ok);
    CHECK(process.out.str() == "called call\n");
}

TEST_CASE("mistakes are one line on standard error and leave standard output empty") {
    sample::Process process;
    CHECK(process.run({"trunkbox", "call", "--durtion", "5"}) == Exit::usage);
    CHECK(process.out.str().empty());
    CHECK(process.err.str() == "trunkbox call: unknown option '--durtion'; did you mean '--duration'?\n");
    CHECK(process.run({"trunkbox", "cal"}) == Exit::usage);
    CHECK(process.err.str() == "trunkbox: unknown tool 'cal'; did you mean 'call'?\n");
    CHECK(process.run({"trunkbox", "zzz"}) == Exit::usage);
    CHECK(process.err.str() == "trunkbox: unknown tool 'zzz'; 'trunkbox' lists the tools\n");
    CHECK(process.run({"trunkbox", ""}) == Exit::usage);
    CHECK(process.run({"trunkbox", "--lst"}) == Exit::usage);
    CHECK(process.err.str() == "trunkbox: unknown option '--lst'; did you mean '--list'?\n");
    CHECK(process.run({"trunkbox", "help", "cal"}) == Exit::usage);
    CHECK(process.run({"trunkbox", "help", "call", "x"}) == Exit::usage);
    CHECK(process.run({"trunkbox", "--list", "x"}) == Exit::usage);
    CHECK(process.run({"trunkbox", "--version", "x"}) == Exit::usage);
    CHECK(process.run({"trunkbox", "--install"}) == Exit::usage);
    CHECK(process.out.str().empty());
}

TEST_CASE("the list, by section") {
    sample::Process process;
    CHECK(process.run({"trunkbox"}) == Exit::ok);
    CHECK(process.out.str() ==
          "The multi-call tool.\n\nUsage: trunkbox TOOL [OPTION]... [ARGUMENT]...\n"
          "\nCalls:\n  answer  Take calls\n  call    Place one call and say how it went\n"
          "\nShow:\n  show    Show everything\n"
          "\n'trunkbox help TOOL' explains one.\n");
    auto list = process.out.str();
    for (const char* word : {"help", "--help", "-h"}) {
        CHECK(process.run({"trunkbox", word}) == Exit::ok);
        CHECK(process.out.str() == list);
    }
    CHECK(process.run({"trunkbox", "--list"}) == Exit::ok);
    CHECK(process.out.str() == "answer\ncall\nshow\n");
    CHECK(process.run({}) == Exit::ok);
}

TEST_CASE("help TOOL is TOOL --help") {
    sample::Process process;
    CHECK(process.run({"trunkbox", "help", "call"}) == Exit::ok);
    auto help = process.out.str();
    CHECK(help.starts_with("Usage: trunkbox call [OPTION]... TARGET [FILE]...\n"));
    CHECK(process.run({"trunkbox", "call", "--help"}) == Exit::ok);
    CHECK(process.out.str() == help);
}

TEST_CASE("versions") {
    sample::Process process;
    CHECK(process.run({"trunkbox", "--version"}) == Exit::ok);
    CHECK(process.out.str() == "trunkbox 1.0\n");
    CHECK(process.run({"trunkbox", "--version", "-v"}) == Exit::ok);
    CHECK(process.out.str() == "trunkbox 1.0\n  lib 1.2\n");
}

TEST_CASE("a bug is one line and a documented status") {
    sample::Process process;
    CHECK(process.run({"trunkbox", "call", "throw"}) == Exit::system);
    CHECK(process.err.str() == "trunkbox call: internal error: a bug\n");
    CHECK(process.out.str().empty());
}

TEST_CASE("live values") {
    sample::Process process;
    CHECK(process.run({"trunkbox", "--complete", "call", "from", "sip:"}) == Exit::ok);
    CHECK(process.out.str() == "sip:100@example.com\tfrom\nsip:200@example.com\n");
    CHECK(process.run({"trunkbox", "--complete", "call", "target", "t"}) == Exit::ok);
    CHECK(process.out.str() == "tel:1\n");  // lines are one candidate each
    for (auto words : {std::vector<std::string>{"answer", "x", ""}, {"nothing", "x", ""}, {"call"}, {}}) {
        words.insert(words.begin(), {"trunkbox", "--complete"});
        CHECK(process.run(words) == Exit::ok);
        CHECK(process.out.str().empty());
    }
}

TEST_CASE("output that is lost is not a success") {
    struct Lost : std::streambuf {
        int code = 0;
        int sync() override {
            errno = code;
            return -1;
        }
        int_type overflow(int_type) override {
            errno = code;
            return traits_type::eof();
        }
    };
    sample::House house;
    std::vector<std::string> argv{"trunkbox", "--list"};
    for (int code : {ENOSPC, EPIPE}) {
        Lost buffer;
        buffer.code = code;
        std::ostream out(&buffer);
        std::istringstream in;
        std::ostringstream err;
        Env env{.in = in, .out = out, .err = err};
        CHECK(cli::run(env, house.program, argv) == Exit::system);
        CHECK(err.str() ==
              (code == EPIPE ? "" : "trunkbox: cannot write 'standard output': no space left on device\n"));
    }
}

TEST_CASE("links for every tool") {
    auto directory = fs::temp_directory_path() / ("trunkbox_links_" + std::to_string(::getpid()));
    fs::remove_all(directory);
    fs::create_directory(directory);
    sample::Process process;
    process.env.executable = "/opt/bin/trunkbox";
    auto install = [&] { return process.run({"trunkbox", "--install", directory.string()}); };

    CHECK(install() == Exit::ok);
    CHECK(fs::read_symlink(directory / "call") == "/opt/bin/trunkbox");
    CHECK(process.out.str().find((directory / "answer").string() + "\n") != std::string::npos);

    CHECK(install() == Exit::ok);  // again: nothing to do
    CHECK(process.out.str().empty());

    fs::remove(directory / "call");
    fs::create_symlink("/usr/local/bin/trunkbox", directory / "call");  // an older one's
    CHECK(install() == Exit::ok);
    CHECK(fs::read_symlink(directory / "call") == "/opt/bin/trunkbox");

    fs::remove(directory / "show");
    fs::remove(directory / "answer");
    std::ofstream(directory / "show") << "mine";
    CHECK(install() == Exit::system);
    CHECK(process.err.str() ==
          "trunkbox: '" + (directory / "show").string() +
              "' is not a link to trunkbox; nothing was changed; move it away or choose another directory\n");
    CHECK_FALSE(fs::exists(fs::symlink_status(directory / "answer")));  // nothing changed
    fs::remove(directory / "show");
    fs::create_symlink("/bin/true", directory / "show");
    CHECK(install() == Exit::system);

    CHECK(process.run({"trunkbox", "--install", (directory / "none").string()}) == Exit::system);
    fs::remove_all(directory);
}

TEST_CASE("faults have exit statuses") {
    CHECK(exit_of(Fault::usage) == Exit::usage);
    CHECK(exit_of(Fault::input) == Exit::input);
    CHECK(exit_of(Fault::system) == Exit::system);
    CHECK(exit_of(Fault::refused) == Exit::refused);
    CHECK(exit_of(Fault::timeout) == Exit::unanswered);
    CHECK(exit_meanings().size() == 10);
}

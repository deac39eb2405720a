#include "cli/arguments.h"

#include "unit/cli/sample.h"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <unistd.h>

using namespace trunkbox;
using namespace trunkbox::cli;

namespace {

Result<std::optional<std::string>> secret(sample::Process& process, std::vector<std::string> words) {
    words.emplace_back("100");
    auto arguments = parse(sample::call_tool(), words);
    REQUIRE(arguments);
    return arguments->secret(process.env, "password");
}

bool colored(sample::Process& process, const std::string& when) {
    auto arguments = parse(sample::call_tool(), std::vector<std::string>{"100", "--color", when});
    REQUIRE(arguments);
    return arguments->color(process.env);
}

}  // namespace

TEST_CASE("a secret comes from a file, the environment or standard input") {
    sample::Process process;
    CHECK(secret(process, {}).value() == std::nullopt);

    process.variables["PW"] = "s3cret";
    CHECK(secret(process, {"--password-env", "PW"}).value() == "s3cret");

    process.in.str("from stdin\r\nmore\n");
    CHECK(secret(process, {"--password-file", "-"}).value() == "from stdin");

    auto path = std::filesystem::temp_directory_path() / ("trunkbox_secret_" + std::to_string(::getpid()));
    std::ofstream(path) << "in a file";
    CHECK(secret(process, {"--password-file", path.string()}).value() == "in a file");
    std::ofstream(path, std::ios::trunc) << "\nsecond line";
    CHECK(secret(process, {"--password-file", path.string()}).error().text() ==
          "option '--password-file': the secret is empty");
    std::filesystem::remove(path);
}

TEST_CASE("a secret that cannot be had") {
    sample::Process process;
    auto missing = secret(process, {"--password-file", "/nonexistent/pw"});
    REQUIRE_FALSE(missing);
    CHECK(missing.error().fault == Fault::system);
    CHECK(missing.error().text() ==
          "option '--password-file': cannot read '/nonexistent/pw': No such file or directory");
    auto directory = secret(process, {"--password-file", "/"});
    REQUIRE_FALSE(directory);
    auto unset = secret(process, {"--password-env", "PW"});
    REQUIRE_FALSE(unset);
    CHECK(unset.error().fault == Fault::input);
    CHECK(unset.error().text() == "option '--password-env': the environment has no 'PW'; export it first");
    process.in.str("");
    CHECK_FALSE(secret(process, {"--password-file", "-"}));
}

TEST_CASE("color is for terminals that want it") {
    sample::Process process;
    CHECK_FALSE(colored(process, "auto"));
    CHECK(colored(process, "always"));
    process.env.out_is_terminal = true;
    CHECK(colored(process, "auto"));
    CHECK_FALSE(colored(process, "never"));
    process.variables["TERM"] = "dumb";
    CHECK_FALSE(colored(process, "auto"));
    process.variables["TERM"] = "xterm";
    process.variables["NO_COLOR"] = "";
    CHECK(colored(process, "auto"));
    process.variables["NO_COLOR"] = "1";
    CHECK_FALSE(colored(process, "auto"));
    CHECK(colored(process, "always"));
}

TEST_CASE("the printer follows --format and --output") {
    sample::Process process;
    auto arguments = parse(sample::call_tool(), std::vector<std::string>{"100", "--format", "json"});
    auto printer = arguments->printer(process.env, output::Printer::Shape::one);
    REQUIRE(printer);
    REQUIRE(printer->print({{"a", 1}}, "text"));
    CHECK(process.out.str() == "{\n  \"a\": 1\n}\n");
    auto lost = parse(sample::call_tool(), std::vector<std::string>{"100", "-o", "/nonexistent/x"})
                    ->printer(process.env, output::Printer::Shape::one);
    REQUIRE_FALSE(lost);
    CHECK(exit_of(lost.error().fault) == Exit::system);
}

// The tree as it stands has no finding, and a made-up tree that breaks a rule has exactly that one.
#include "contract/layering.h"

#include <cstdlib>
#include <fstream>
#include <string>

#include <doctest/doctest.h>

#include "contract/source.h"
#include "support/session.h"

namespace {

namespace fs = std::filesystem;

constexpr const char* cmake =
    "# floor 0\ntrunkbox_folder(base)\n"
    "# floor 1\ntrunkbox_folder(sip USES base THIRD_PARTY PkgConfig::crypto)\n"
    "# floor 3\ntrunkbox_folder(sofia USES base sip THIRD_PARTY PkgConfig::sofia)\n"
    "# floor 4\ntrunkbox_folder(cli USES base)\n";
constexpr const char* readme =
    "| floor | folder | may include | third party, and where |\n|---|---|---|---|\n"
    "| 0 | base | std | tl::expected, fmt |\n"
    "| 1 | sip | base | OpenSSL libcrypto (.cpp, digests) |\n"
    "| 3 | sofia | floors 0–1 | sofia-sip (.cpp) |\n"
    "| 4 | cli | base | CLI11 (one .cpp) |\n"
    "| 6 | ../tools/x.cpp | all of common/, never another tool | none |\n";

// A small tree that keeps every rule.
class Tree {
  public:
    Tree() {
        put("CMakeLists.txt", cmake);
        put("common/README.md", readme);
        put("common/base/text.h", "#include <string>\n#include <fmt/format.h>\n");
        put("common/sip/via.h", "#include <optional>\n#include <tl/expected.hpp>\n#include \"base/text.h\"\n");
        put("common/sip/via.cpp", "#include \"sip/via.h\"\n#include <openssl/evp.h>\n#include <arpa/inet.h>\n");
        put("common/sofia/private.h", "#include <sofia-sip/sip.h>\n");
        put("common/sofia/loop.cpp", "#include \"sofia/private.h\"\n#include <fstream>\n#include <unistd.h>\n");
        put("common/cli/dispatch.cpp", "#include <CLI/CLI.hpp>\n");
        put("tools/tools.h", "#include \"cli/tool.h\"\n");
        put("common/cli/tool.h", "");
        put("tools/call.cpp", "#include \"tools.h\"\n#include \"sip/via.h\"\n");
        put("tools/main.cpp", "#include \"tools.h\"\n");
    }
    void put(const fs::path& file, const std::string& text) {
        fs::create_directories((directory_.path() / file).parent_path());
        std::ofstream(directory_.path() / file) << text;
    }
    // The findings, a line each.
    [[nodiscard]] std::string findings() const {
        std::string text;
        for (const std::string& finding : contract::check_layering(directory_.path())) text += finding + "\n";
        return text;
    }

  private:
    transcript::TemporaryDirectory directory_;
};

// One more file in the tree gives exactly one finding, which begins so.
void breaks(const std::string& file, const std::string& text, const std::string& finding) {
    Tree tree;
    tree.put(file, text);
    const std::string found = tree.findings();
    INFO(found);
    CHECK(found.starts_with(finding));
    CHECK(contract::lines_of(found).size() == 1);
}

}  // namespace

TEST_CASE("the tree keeps its floors") {
    const char* tree = std::getenv("TRUNKBOX_SOURCE");
    REQUIRE_MESSAGE(tree != nullptr, "TRUNKBOX_SOURCE names the tree");
    CHECK(contract::rows_of_cmake(contract::read_text(fs::path(tree) / "CMakeLists.txt")).size() > 10);
    for (const std::string& finding : contract::check_layering(tree)) FAIL_CHECK(finding);
}

TEST_CASE("a made-up tree that keeps every rule has no finding") { CHECK(Tree().findings().empty()); }

TEST_CASE("a folder includes what its row does not allow") {
    breaks("common/base/up.cpp", "\n#include \"sip/via.h\"\n",
           "common/base/up.cpp:2: \"sip/via.h\" is not for 'base'; row of 'base': floor 0, may include std alone");
    breaks("common/cli/up.h", "#include \"sip/via.h\"\n", "common/cli/up.h:1: \"sip/via.h\" is not for 'cli'");
    breaks("common/sip/x.cpp", "#include \"via.h\"\n", "common/sip/x.cpp:1: \"via.h\" without its folder");
    breaks("common/sip/x.cpp", "#  include \"base/gone.h\"\n", "common/sip/x.cpp:1: \"base/gone.h\" is not in common/");
    breaks("tools/answer.cpp", "#include \"call.h\"\n", "tools/answer.cpp:1: \"call.h\" is another tool");
    breaks("tools/answer.cpp", "#include \"call.cpp\"\n", "tools/answer.cpp:1: \"call.cpp\" is another tool");
}

TEST_CASE("a third party where it does not belong") {
    breaks("common/sip/x.h", "#include <openssl/evp.h>\n", "common/sip/x.h:1: <openssl/evp.h> in a header of ours");
    breaks("common/base/x.cpp", "#include <openssl/evp.h>\n", "common/base/x.cpp:1: <openssl/evp.h> is not for 'base'");
    breaks("common/sip/x.cpp", "#include <sofia-sip/sip.h>\n", "common/sip/x.cpp:1: <sofia-sip/sip.h> is not for 'sip'");
    breaks("common/sip/x.cpp", "#include <pcap.h>\n", "common/sip/x.cpp:1: <pcap.h> is not for 'sip'");
    breaks("common/sip/x.cpp", "#include <boost/any.hpp>\n", "common/sip/x.cpp:1: <boost/any.hpp> is of no known library");
    breaks("tools/answer.cpp", "#include <nlohmann/json.hpp>\n",
           "tools/answer.cpp:1: <nlohmann/json.hpp>: a tool uses no third party itself");
    breaks("common/cli/second.cpp", "#include <CLI/App.hpp>\n", "common/cli/second.cpp:1: a second file with <CLI/");
    breaks("common/sofia/second.h", "#include <sofia-sip/su.h>\n", "common/sofia/second.h:1: a second file with <sofia-sip/");
    breaks("tools/answer.cpp", "#include \"sofia/private.h\"\n", "tools/answer.cpp:1: \"sofia/private.h\" is private");
    Tree tree;
    tree.put("common/sofia/state.h", "#include \"sofia/private.h\"\n");
    CHECK(tree.findings().empty());
    tree.put("tools/answer.cpp", "#include \"sofia/state.h\"\n");
    CHECK(tree.findings() == "tools/answer.cpp:1: \"sofia/state.h\" is private to sofia\n");
}

TEST_CASE("what only decides holds no clock, random source, environment, stream, file, socket, thread, global") {
    for (const std::string header : {"random", "fstream", "iostream", "sstream", "thread", "mutex", "filesystem", "cstdio",
                                     "ctime", "sys/socket.h", "unistd.h", "time.h"})
        breaks("common/sip/x.cpp", "#include <" + header + ">\n", "common/sip/x.cpp:1: <" + header + "> on floor 1");
    breaks("common/sip/x.cpp", "auto t = std::chrono::system_clock::now();\n",
           "common/sip/x.cpp:1: 'system_clock::now' on floor 1");
    breaks("common/sip/x.cpp", "\nauto t = Clock::steady_clock::now();\n", "common/sip/x.cpp:2: 'steady_clock::now'");
    breaks("common/sip/x.cpp", "auto h = std::getenv(\"HOME\");\n", "common/sip/x.cpp:1: 'getenv'");
    breaks("common/sip/x.cpp", "int f() {\n    static int calls = 0;\n}\n", "common/sip/x.cpp:2: a mutable global");
    breaks("common/base/x.h", "inline std::string last;\n", "common/base/x.h:1: a mutable global");
    Tree tree;
    tree.put("common/sip/x.cpp", "// getenv\n/* system_clock::now */ auto s = \"getenv\"; auto r = R\"x(getenv)x\";\n"
                                 "static constexpr int n = 1'000;\nstatic int f(int a = 1);\nint operand;\n");
    CHECK(tree.findings().empty());
}

TEST_CASE("a file that is too long, a folder without a row, two tables that disagree") {
    std::string text;
    for (int i = 0; i < 401; ++i) text += "\n";
    breaks("common/sip/long.cpp", text, "common/sip/long.cpp:401: longer than 400 lines");
    breaks("common/new/x.cpp", "", "CMakeLists.txt: no row for 'common/new'");
    breaks("CMakeLists.txt", std::string(cmake) + "trunkbox_folder(more USES base)\n", "common/README.md: no row for 'more'");
    breaks("CMakeLists.txt", std::string(cmake) + "trunkbox_folder(cli USES base sip)\n", "CMakeLists.txt: row of 'cli'");
}

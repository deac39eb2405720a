#include <doctest/doctest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "wire/ready_file.h"
#include "wire/seed.h"

using namespace trunkbox;

namespace {

struct Folder {
    std::string path = "/tmp/trunkbox-ready-XXXXXX";
    Folder() { REQUIRE(mkdtemp(path.data()) != nullptr); }
    ~Folder() { std::filesystem::remove_all(path); }
    [[nodiscard]] std::size_t files() const {
        return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path), {}));
    }
};

std::string content(const std::string& path) {
    std::ostringstream all;
    all << std::ifstream(path).rdbuf();
    return all.str();
}

}  // namespace

TEST_CASE("a ready file has one address a line, and replaces an older one") {
    Folder folder;
    auto path = folder.path + "/ready";
    REQUIRE(wire::write_ready_file(path, std::vector<std::string>{"udp:127.0.0.1:5060", "udp:127.0.0.1:5061"}));
    CHECK(content(path) == "udp:127.0.0.1:5060\nudp:127.0.0.1:5061\n");
    REQUIRE(wire::write_ready_file(path, std::vector<std::string>{}));
    CHECK(content(path).empty());
    CHECK(folder.files() == 1);  // no temporary one is left
    struct stat about {};
    REQUIRE(stat(path.c_str(), &about) == 0);
    CHECK((about.st_mode & 0777) == 0644);
}

TEST_CASE("a ready file that cannot be written is an error and leaves nothing") {
    Folder folder;
    std::vector<std::string> lines{"x"};
    auto missing = wire::write_ready_file(folder.path + "/missing/ready", lines);
    REQUIRE_FALSE(missing);
    CHECK(missing.error().fault == Fault::system);
    CHECK(missing.error().what == "cannot write the ready file: no such file or directory");
    CHECK_FALSE(wire::write_ready_file("", lines));
    std::filesystem::create_directory(folder.path + "/taken");
    CHECK_FALSE(wire::write_ready_file(folder.path + "/taken", lines));
    CHECK(folder.files() == 1);
}

TEST_CASE("seeds differ") {
    CHECK(wire::system_seed() != wire::system_seed());
}

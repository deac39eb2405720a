#include "store/routes.h"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <optional>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit/store/files.h"

using namespace trunkbox;
using namespace files;

namespace {

std::string why_not(const std::string& path) {
    auto table = store::open_routes(path);
    return table ? "(opened)" : table.error().text();
}

Fault fault_of(const std::string& path) {
    auto table = store::open_routes(path);
    REQUIRE_FALSE(table.has_value());
    return table.error().fault;
}

mode_t mode_of(const std::string& path) {
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 0777U;
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// Files cannot grow beyond so many bytes, as on a full disk.
class SizeLimit {
  public:
    explicit SizeLimit(rlim_t most) {
        before_ = std::signal(SIGXFSZ, SIG_IGN);
        REQUIRE(::getrlimit(RLIMIT_FSIZE, &limit_) == 0);
        rlimit smaller{most, limit_.rlim_max};
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &smaller) == 0);
    }
    SizeLimit(const SizeLimit&) = delete;
    SizeLimit& operator=(const SizeLimit&) = delete;
    ~SizeLimit() {
        ::setrlimit(RLIMIT_FSIZE, &limit_);
        std::signal(SIGXFSZ, before_);
    }

  private:
    rlimit limit_{};
    void (*before_)(int) = nullptr;
};

}  // namespace

TEST_CASE("what was written is what is opened") {
    Folder folder;
    auto table = small_table();
    auto path = folder.path("t.routes");
    REQUIRE(write_small(path).has_value());
    CHECK(folder.count() == 1);
    CHECK(store::is_routes_file(path));
    auto opened = store::open_routes(path);
    REQUIRE_MESSAGE(opened.has_value(), why_not(path));
    CHECK(opened->name() == path);
    CHECK(std::ranges::equal(opened->image(), table.image()));
    CHECK(store::verify_routes(*opened).has_value());
    CHECK(store::verify_routes(table).has_value());
    CHECK(opened->rows() == 2);
    CHECK(rate_of_44(*opened) == "0.01");
}

TEST_CASE("a table that is open stays as it was when its file is replaced or removed") {
    Folder folder;
    auto path = folder.path("t.routes");
    REQUIRE(write_small(path, "0.01").has_value());
    auto opened = store::open_routes(path);
    REQUIRE(opened.has_value());
    REQUIRE(write_small(path, "0.03").has_value());
    CHECK(folder.count() == 1);
    CHECK(rate_of_44(*opened) == "0.01");
    auto moved = std::move(*opened);
    auto again = store::open_routes(path);
    REQUIRE(again.has_value());
    CHECK(rate_of_44(*again) == "0.03");
    std::filesystem::remove(path);
    CHECK(rate_of_44(*again) == "0.03");
    CHECK(rate_of_44(moved) == "0.01");
}

TEST_CASE("what is no route table is refused with the reason") {
    Folder folder;
    CHECK(contains(why_not(folder.path("none")), "none': no such file; check the path"));
    CHECK(fault_of(folder.path("none")) == Fault::system);
    CHECK(contains(why_not(folder.path("")), "it is a directory"));
    CHECK(fault_of(folder.path("")) == Fault::system);
    REQUIRE(::mkfifo(folder.path("pipe").c_str(), 0600) == 0);
    CHECK(contains(why_not(folder.path("pipe")), "it is no regular file"));
    CHECK(contains(why_not("/dev/null"), "it is no regular file"));
    CHECK(contains(why_not(folder.write("empty", "")), "not a route table, it is too short"));
    CHECK(fault_of(folder.path("empty")) == Fault::input);
    CHECK(contains(why_not(folder.write("deck.csv", "prefix,rate\n44,0.01\n")), "not a route table"));
    CHECK(contains(why_not(folder.write("long.csv", std::string(5000, 'x'))), "not a route table, it begins otherwise"));
    CHECK(fault_of(folder.path("long.csv")) == Fault::input);
}

TEST_CASE("only the magic makes a file one of routes") {
    Folder folder;
    CHECK_FALSE(store::is_routes_file(folder.path("none")));
    CHECK_FALSE(store::is_routes_file(folder.path("")));
    REQUIRE(::mkfifo(folder.path("pipe").c_str(), 0600) == 0);
    CHECK_FALSE(store::is_routes_file(folder.path("pipe")));  // nor does it wait for a writer
    CHECK_FALSE(store::is_routes_file(folder.write("short", "TBROUTE")));
    CHECK_FALSE(store::is_routes_file(folder.write("deck.csv", "prefix,rate\n44,0.01\n")));
    CHECK(store::is_routes_file(folder.write("magic", "TBROUTES")));
}

TEST_CASE("a file that is cut anywhere is refused, never read beyond its end") {
    Folder folder;
    auto path = folder.path("t.routes");
    REQUIRE(write_small(path).has_value());
    auto whole = folder.read("t.routes");
    for (std::size_t size = 0; size < whole.size(); size += size < 1000 ? 7 : whole.size() / 50) {
        folder.write("cut", whole.substr(0, size));
        CHECK(fault_of(folder.path("cut")) == Fault::input);
    }
    folder.write("cut", whole.substr(0, whole.size() - 1));
    CHECK(contains(why_not(folder.path("cut")), "route table is cut"));
    folder.write("long", whole + "x");
    CHECK(fault_of(folder.path("long")) == Fault::input);
}

TEST_CASE("a damaged section is found by verify") {
    Folder folder;
    REQUIRE(write_small(folder.path("t.routes")).has_value());
    auto bytes = folder.read("t.routes");
    bytes.at(bytes.size() - 65) ^= 1;  // within the last section, or the gap behind it
    bytes.at(bytes.size() / 2) ^= 1;
    auto opened = store::open_routes(folder.write("bad.routes", bytes));
    REQUIRE(opened.has_value());
    auto verified = store::verify_routes(*opened);
    REQUIRE_FALSE(verified.has_value());
    CHECK(verified.error().fault == Fault::input);
    CHECK(contains(verified.error().text(), "route table is damaged: section '"));
}

TEST_CASE("a file that cannot be written leaves the old one and nothing else") {
    Folder folder;
    auto path = folder.path("t.routes");
    REQUIRE(write_small(path, "0.01").has_value());
    auto before = folder.read("t.routes");
    Result<void> written;
    {
        SizeLimit full(1000);
        written = write_small(path, "0.03");
    }
    REQUIRE_FALSE(written.has_value());
    CHECK(written.error().fault == Fault::system);
    CHECK(contains(written.error().text(), "cannot write '" + path + "': File too large"));
    CHECK(folder.count() == 1);
    CHECK(folder.read("t.routes") == before);
}

TEST_CASE("a table that is not committed leaves nothing, one that is stays in memory") {
    Folder folder;
    auto path = folder.path("t.routes");
    auto file = std::make_shared<store::RoutesFile>(path);
    CHECK(folder.count() == 0);
    auto table = lcr::Table::compile(small_deck("0.01"), {}, lcr::one_by_one, file);
    REQUIRE(table.has_value());
    CHECK_FALSE(std::filesystem::exists(path));
    file.reset();
    CHECK(rate_of_44(*table) == "0.01");
    table = lcr::Table::compile({});
    CHECK(folder.count() == 0);

    file = std::make_shared<store::RoutesFile>(path);
    table = lcr::Table::compile(small_deck("0.02"), {}, lcr::one_by_one, file);
    REQUIRE(file->commit().has_value());
    CHECK(rate_of_44(*table) == "0.02");
    file.reset();
    CHECK(rate_of_44(*table) == "0.02");
}

TEST_CASE("memory keeps what was written as it grows, in a file or not") {
    Folder folder;
    for (std::shared_ptr<lcr::Storage> storage :
         {lcr::on_heap(), store::in_memory(), std::shared_ptr<lcr::Storage>(std::make_shared<store::RoutesFile>(folder.path("t")))}) {
        std::size_t before = 0;
        for (auto size : {std::size_t{1}, std::size_t{100}, std::size_t{70'000}, std::size_t{3'000'000}}) {
            auto bytes = storage->resize(size);
            REQUIRE(bytes.has_value());
            REQUIRE(bytes->size() == size);
            CHECK(std::ranges::all_of(bytes->first(before), [](std::byte byte) { return byte == std::byte{0x5a}; }));
            std::ranges::fill(*bytes, std::byte{0x5a});
            before = size;
        }
    }
}

TEST_CASE("there must be a folder to write into, and no other kind of file in the way") {
    Folder folder;
    auto table = small_table();
    for (auto name : {"none/t.routes", "", "pipe"}) {
        if (std::string_view(name) == "pipe") REQUIRE(::mkfifo(folder.path(name).c_str(), 0600) == 0);
        auto written = write_small(folder.path(name));
        REQUIRE_FALSE(written.has_value());
        CHECK(written.error().fault == Fault::system);
    }
    CHECK_FALSE(write_small("/dev/full").has_value());
    CHECK_FALSE(write_small("").has_value());
    CHECK(folder.count() == 1);  // the pipe
}

TEST_CASE("modes and links of an older file stay") {
    Folder folder;
    auto path = folder.path("t.routes");
    auto mask = ::umask(S_IWGRP | S_IWOTH);
    REQUIRE(write_small(path, "0.01").has_value());
    ::umask(mask);
    CHECK(mode_of(path) == 0644);
    REQUIRE(::chmod(path.c_str(), 0600) == 0);
    std::filesystem::create_symlink("t.routes", folder.path("current"));
    REQUIRE(write_small(folder.path("current"), "0.03").has_value());
    CHECK(std::filesystem::is_symlink(folder.path("current")));
    CHECK(mode_of(path) == 0600);
    auto opened = store::open_routes(path);
    REQUIRE(opened.has_value());
    CHECK(rate_of_44(*opened) == "0.03");
}

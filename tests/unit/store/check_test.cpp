// Each invariant is found broken in a directory that was damaged by other means than an edit.
#include "store/check.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include <doctest/doctest.h>

#include "centrex/numbers.h"

using namespace trunkbox;
using centrex::Cell;
using centrex::table;
using store::Directory;
using store::DirectoryRows;

namespace {

class Folder {
  public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "trunkbox-check-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path_); }
    [[nodiscard]] std::string file() const { return (path_ / "d.db").string(); }

  private:
    std::filesystem::path path_;
};

Cell word(const char* text) { return Cell{std::string(text)}; }

Result<void> furnish(DirectoryRows& rows) {
    auto put = [&](const char* name, std::vector<std::pair<const char*, Cell>> cells) {
        auto row = empty_row(table(name));
        for (auto& [column, value] : cells) cell(table(name), row, column) = value;
        REQUIRE(rows.put(table(name), row));
    };
    put("tenant", {{"tenant", word("acme")}, {"country", word("FR")}});
    put("site", {{"tenant", word("acme")}, {"site", word("paris")}, {"address", word("1 rue Exemple")}});
    for (const char* name : {"alice", "bob"}) put("user", {{"tenant", word("acme")}, {"user", word(name)}});
    for (const char* name : {"desk-1", "desk-2"})
        put("phone", {{"tenant", word("acme")}, {"phone", word(name)}, {"site", word("paris")}, {"hot_desk", std::int64_t{1}},
                      {"contact", word("sip:a@192.0.2.1")}, {"emergency_cli", std::int64_t{33199000000}}});
    put("block", {{"first", std::int64_t{33199000000}}, {"last", std::int64_t{33199000999}}, {"tenant", word("acme")}});
    put("login", {{"tenant", word("acme")}, {"phone", word("desk-1")}, {"user", word("alice")}, {"since", std::int64_t{1}}});
    REQUIRE(centrex::change_number(rows, 33199000001, {.target = "user:alice"}));
    put("cli", {{"tenant", word("acme")}, {"cli", std::int64_t{33199000100}}, {"last", std::int64_t{33199000199}}});
    put("cli_user", {{"tenant", word("acme")}, {"cli", std::int64_t{33199000100}}, {"position", std::int64_t{1}},
                     {"user", word("bob")}});
    put("user", {{"tenant", word("acme")}, {"user", word("bob")}, {"default_cli", std::int64_t{33199000150}}});
    put("user", {{"tenant", word("acme")}, {"user", word("alice")}, {"default_cli", std::int64_t{33199000001}}});
    put("extension", {{"tenant", word("acme")}, {"extension", word("214")}, {"to", word("user:alice")}});
    REQUIRE(centrex::change_number(rows, 33199000002, {.action = centrex::Action::reserve}));
    return {};
}

struct Damage {
    const char* id;
    std::vector<const char*> sql;
};

}  // namespace

TEST_CASE("every invariant holds after edits, and is found broken after damage") {
    const std::vector<Damage> all{
        {"I1", {"INSERT INTO block (first, last, origin, rev) VALUES (33199000500, 33199001500, 'leased', 1)"}},
        {"I2", {"UPDATE number SET number = 33199001001 WHERE number = 33199000001"}},
        {"I3", {"UPDATE number SET number = 12 WHERE number = 33199000001"}},
        {"I4", {"UPDATE number SET target = NULL WHERE number = 33199000001"}},
        {"I4", {"UPDATE number SET target = 'user:nobody' WHERE number = 33199000001"}},
        {"I5", {"UPDATE number SET until = NULL WHERE number = 33199000002"}},
        {"I6", {"UPDATE number SET state = 'ported_out' WHERE number = 33199000001"}},
        {"I7", {"UPDATE extension SET extension = '15' WHERE extension = '214'"}},
        {"I7", {"UPDATE extension SET extension = '*21' WHERE extension = '214'"}},
        {"I7", {"INSERT INTO extension (tenant, extension, \"to\", overlap, rev) VALUES ('acme', '2145', 'user:bob', 0, 1)"}},
        {"I9", {"UPDATE user SET default_cli = 33199000001 WHERE user = 'bob'"}},
        {"I9", {"DELETE FROM cli_user", "DELETE FROM cli"}},
        {"I9", {"UPDATE cli_user SET user = 'alice'"}},
        {"I8",
         {"INSERT INTO forward (tenant, user, condition, \"to\", rev) VALUES ('acme', 'alice', 'cfu', 'user:bob', 1), "
          "('acme', 'bob', 'cfu', 'user:alice', 1)"}},
        {"I10", {"UPDATE site SET address = NULL"}},
        {"I10", {"UPDATE phone SET emergency_cli = NULL WHERE phone = 'desk-1'"}},
        {"I11",
         {"CREATE TABLE other AS SELECT * FROM login", "DROP TABLE login", "ALTER TABLE other RENAME TO login",
          "INSERT INTO login SELECT tenant, 'desk-2', user, since, until, rev FROM login"}},
        {"I12", {"UPDATE usage SET used = used + 1"}},
        {"I12", {"DELETE FROM usage"}},
        {"I13", {"UPDATE user SET name = 'Eve' WHERE user = 'bob'"}},
        {"I13", {"DELETE FROM user WHERE user = 'bob'"}},
        {"I14", {"UPDATE user SET name = 'Eve' WHERE user = 'bob'"}},
        {"I14", {"DROP TRIGGER change_row_no_DELETE", "DELETE FROM change_row WHERE \"table\" = 'login'"}},
    };
    for (const auto& damage : all) {
        CAPTURE(damage.id);
        const Folder folder;
        auto directory = Directory::open({.place = folder.file(), .create = true});
        REQUIRE_MESSAGE(directory, directory.error().text());
        REQUIRE(directory->edit({.command = "test", .at = Time{std::chrono::seconds{10}}}, furnish));
        auto before = store::check(*directory);
        REQUIRE(before);
        CHECK(before->empty());
        for (const char* sql : {"PRAGMA foreign_keys=OFF", "PRAGMA ignore_check_constraints=ON"})
            REQUIRE(directory->database().execute(sql));
        for (const char* sql : damage.sql) {
            auto done = directory->database().execute(sql);
            REQUIRE_MESSAGE(done, done.error().text());
        }
        auto found = store::check(*directory);
        REQUIRE_MESSAGE(found, found.error().text());
        CHECK(std::any_of(found->begin(), found->end(),
                          [&](const store::Finding& finding) { return finding.invariant->id == damage.id; }));
    }
    for (const auto& invariant : store::invariants())
        CHECK_MESSAGE(std::any_of(all.begin(), all.end(), [&](const Damage& damage) { return damage.id == invariant.id; }),
                      invariant.id);
}

TEST_CASE("a row that went with what it owned can be put again by the same edit") {
    const Folder folder;
    auto directory = Directory::open({.place = folder.file(), .create = true});
    REQUIRE_MESSAGE(directory, directory.error().text());
    const store::Edit edit{.command = "test", .at = Time{std::chrono::seconds{10}}};
    REQUIRE(directory->edit(edit, furnish));
    const auto& clis = table("cli");
    const centrex::Key key{word("acme"), std::int64_t{33199000100}};
    auto done = directory->edit(edit, [&](DirectoryRows& rows) -> Result<void> {
        auto row = rows.get(clis, key);
        REQUIRE((row && *row));
        REQUIRE(rows.remove(clis, key).value());
        CHECK_FALSE(rows.get(clis, key).value());
        REQUIRE(rows.put(clis, **row).value());
        return {};
    });
    REQUIRE_MESSAGE(done, done.error().text());
    CHECK(store::check(*directory).value().empty());
}

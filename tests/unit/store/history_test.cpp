#include "store/history.h"

#include <doctest/doctest.h>

#include "centrex/numbers.h"
#include "files.h"
#include "store/check.h"
#include "store/directory.h"

using namespace trunkbox;
using namespace trunkbox::store;
using centrex::Cell;
using centrex::Row;

namespace {

constexpr std::int64_t first_number = 33199000000;

Row user(const std::string& name) {
    auto row = empty_row(centrex::table("user"));
    row[0] = std::string("acme");
    row[1] = name;
    return row;
}

Result<void> furnish(DirectoryRows& rows) {
    auto tenant = empty_row(centrex::table("tenant"));
    tenant[0] = std::string("acme");
    auto block = empty_row(centrex::table("block"));
    block[0] = first_number;
    block[1] = first_number + 9999;
    block[2] = std::string("acme");
    for (const auto& [name, row] : {std::pair{"tenant", tenant}, {"block", block}, {"user", user("alice")}})
        if (auto put = rows.put(centrex::table(name), row); !put) return tl::unexpected(put.error());
    return {};
}

Result<void> assign(DirectoryRows& rows, std::int64_t number, const char* target = "user:alice") {
    auto done = centrex::change_number(rows, number, {.action = centrex::Action::assign, .tenant = "acme", .target = target});
    if (!done) return tl::unexpected(done.error());
    return {};
}

Edit edit(int minute) { return {.command = "test", .at = Time{std::chrono::minutes{minute}}}; }

std::vector<std::string> told(Directory& directory, std::int64_t change) {
    std::vector<std::string> lines;
    auto done = directory.each_row_change(change, change, [&](std::int64_t, const centrex::RowChange& row) -> Result<void> {
        lines.push_back(diff_line(row));
        return {};
    });
    REQUIRE_MESSAGE(done, done.error().text());
    return lines;
}

void check_whole(Directory& directory) {
    auto findings = check(directory);
    REQUIRE(findings);
    CHECK(findings->empty());
}

std::int64_t rows_of_history(Directory& directory, std::int64_t change) {
    const std::array<Cell, 1> parameters{change};
    auto row = directory.database().one("SELECT COUNT(*) FROM change_row WHERE change = ?", parameters);
    REQUIRE(row);
    return centrex::integer((**row)[0]);
}

}  // namespace

TEST_CASE("rows that came one after another stand together in the history, and are told one by one") {
    const files::Folder folder;
    auto directory = Directory::open({.place = folder.path("d.db"), .create = true});
    REQUIRE(directory);
    REQUIRE(directory->edit(edit(1), furnish));
    constexpr std::int64_t count = 1000;
    auto done = directory->edit(edit(2), [](DirectoryRows& rows) -> Result<void> {
        for (std::int64_t i = 0; i < count; ++i) {
            if (i == 500)
                if (auto put = rows.put(centrex::table("user"), user("bob")); !put) return tl::unexpected(put.error());
            if (auto good = assign(rows, first_number + i); !good) return good;
        }
        return {};
    });
    REQUIRE(done);
    CHECK(done->count == count + 1);
    CHECK(rows_of_history(*directory, 2) < 20);
    auto lines = told(*directory, 2);
    REQUIRE(lines.size() == count + 1);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto number = first_number + static_cast<std::int64_t>(i < 500 ? i : i - 1);
        const auto wanted = i == 500 ? "+ user acme bob  ring=30  dnd=no"
                                     : fmt::format("+ number +{}  tenant=acme  state=assigned  target=user:alice", number);
        CHECK(lines[i] == wanted);
    }
    CHECK(directory->change(2)->rows == count + 1);
    check_whole(*directory);

    auto back = undo(*directory, 2, edit(3));
    REQUIRE_MESSAGE(back, back.error().text());
    CHECK(back->count == count + 1);
    CHECK(told(*directory, 3).front() == fmt::format("- number +{}", first_number + count - 1));
    check_whole(*directory);
}

TEST_CASE("numbers that differ in nothing else stand alone, and mean the line above with that number") {
    const files::Folder folder;
    auto directory = Directory::open({.place = folder.path("d.db"), .create = true});
    REQUIRE(directory);
    REQUIRE(directory->edit(edit(1), furnish));
    REQUIRE(directory->edit(edit(2), [](DirectoryRows& rows) -> Result<void> {
        if (auto put = rows.put(centrex::table("user"), user("bob")); !put) return tl::unexpected(put.error());
        for (const auto& [number, target] : {std::pair{0, "user:alice"}, {1, "user:alice"}, {2, "user:bob"}, {3, "user:bob"}})
            if (auto good = assign(rows, first_number + number, target); !good) return good;
        return {};
    }));
    auto lines = directory->database().one("SELECT after FROM change_row WHERE change = 2 AND \"table\" = 'number'");
    REQUIRE(lines);
    CHECK(centrex::text((**lines)[0]) ==
          R"({"number":"+33199000000","tenant":"acme","state":"assigned","target":"user:alice"})" "\n"
          R"("+33199000001")" "\n"
          R"({"number":"+33199000002","tenant":"acme","state":"assigned","target":"user:bob"})" "\n"
          R"("+33199000003")");
    CHECK(told(*directory, 2).back() == "+ number +33199000003  tenant=acme  state=assigned  target=user:bob");
    check_whole(*directory);

    REQUIRE(directory->database().execute("DROP TRIGGER change_row_no_UPDATE; UPDATE change_row SET after = '\"+33199000000\"', "
                                          "key = '+33199000000', rows = 1 WHERE change = 2 AND \"table\" = 'number'"));
    auto damaged = directory->each_row_change(2, 2, [](std::int64_t, const centrex::RowChange&) { return Result<void>{}; });
    REQUIRE_FALSE(damaged);
    CHECK(damaged.error().text() == "change 2: its history is damaged; take the last backup");
}

TEST_CASE("what an attempt took back is not in the history, wherever it began") {
    const files::Folder folder;
    auto directory = Directory::open({.place = folder.path("d.db"), .create = true});
    REQUIRE(directory);
    REQUIRE(directory->edit(edit(1), furnish));
    std::vector<std::string> wanted;
    auto done = directory->edit(edit(2), [&](DirectoryRows& rows) -> Result<void> {
        for (std::int64_t i = 0; i < 600; ++i) {
            // Of every seven lines one assigns a number and then fails; of those, every other wrote something between.
            const bool fails = i % 7 == 3, writes = i % 14 == 3;
            auto good = rows.attempt([&]() -> Result<void> {
                if (auto assigned = assign(rows, first_number + i); !assigned) return assigned;
                if (fails && writes)
                    if (auto put = rows.put(centrex::table("user"), user(fmt::format("u{}", i))); !put)
                        return tl::unexpected(put.error());
                if (fails) return failure(Fault::input, "", "it must not be");
                return {};
            });
            CHECK(good.has_value() != fails);
            if (good) wanted.push_back(fmt::format("+ number +{}  tenant=acme  state=assigned  target=user:alice", first_number + i));
            if (i % 50 != 49) continue;
            // A row of another table between, which is written at once.
            const auto name = fmt::format("v{}", i);
            if (auto put = rows.put(centrex::table("user"), user(name)); !put) return tl::unexpected(put.error());
            wanted.push_back(fmt::format("+ user acme {}  ring=30  dnd=no", name));
        }
        return {};
    });
    REQUIRE_MESSAGE(done, done.error().text());
    CHECK(told(*directory, 2) == wanted);
    CHECK(done->count == wanted.size());
    check_whole(*directory);
}

TEST_CASE("what is written in the background is there for whoever asks, also while another table is walked") {
    const files::Folder folder;
    auto directory = Directory::open({.place = folder.path("d.db"), .create = true});
    REQUIRE(directory);
    REQUIRE(directory->edit(edit(1), furnish));
    constexpr std::int64_t each = 12'000;
    const auto& numbers = centrex::table("number");
    auto done = directory->edit(edit(2), [&](DirectoryRows& rows) -> Result<void> {
        auto block = empty_row(centrex::table("block"));
        block[0] = first_number + 10'000;
        block[1] = first_number + 999'999;
        block[2] = std::string("acme");
        if (auto put = rows.put(centrex::table("block"), block); !put) return tl::unexpected(put.error());
        if (auto put = rows.put(centrex::table("user"), user("bob")); !put) return tl::unexpected(put.error());
        std::int64_t next = first_number;
        return rows.each(centrex::table("user"), [&](const Row&) -> Result<void> {
            for (std::int64_t i = 0; i < each; ++i)
                if (auto good = assign(rows, next++); !good) return good;
            auto counts = rows.count_numbers(first_number, first_number + 999'999);
            REQUIRE(counts);
            CHECK(counts->front().count == next - first_number);
            auto last = rows.get(numbers, {next - 1});
            REQUIRE(last);
            CHECK(last->has_value());
            return {};
        });
    });
    REQUIRE_MESSAGE(done, done.error().text());
    CHECK(done->count == 2 * each + 2);
    CHECK(told(*directory, 2).size() == 2 * each + 2);
    check_whole(*directory);
}

TEST_CASE("what cannot be written in the background takes the whole edit back") {
    const files::Folder folder;
    auto directory = Directory::open({.place = folder.path("d.db"), .create = true});
    REQUIRE(directory);
    REQUIRE(directory->edit(edit(1), furnish));
    const auto& numbers = centrex::table("number");
    auto done = directory->edit(edit(2), [&](DirectoryRows& rows) -> Result<void> {
        auto row = empty_row(numbers);
        row[numbers.index("tenant")] = std::string("acme");
        row[numbers.index("state")] = std::string("ported_out");
        for (std::int64_t i = 0; i < 15'000; ++i) {
            row[0] = i == 100 ? std::int64_t{12} : first_number + i;  // 12 is none, which the database knows alone
            if (auto put = rows.put(numbers, row); !put) return tl::unexpected(put.error());
        }
        return {};
    });
    REQUIRE_FALSE(done);
    CHECK(done.error().fault == Fault::system);
    CHECK(directory->last_change().value() == 1);
    auto read = directory->read([&](DirectoryRows& rows) -> Result<void> {
        auto row = rows.get(numbers, {first_number});
        REQUIRE(row);
        CHECK_FALSE(row->has_value());
        return {};
    });
    REQUIRE(read);
    check_whole(*directory);
}

TEST_CASE("a history whose lines are not as many as it says is damaged") {
    const files::Folder folder;
    auto directory = Directory::open({.place = folder.path("d.db"), .create = true});
    REQUIRE(directory);
    REQUIRE(directory->edit(edit(1), furnish));
    REQUIRE(directory->database().execute("DROP TRIGGER change_row_no_UPDATE"));
    for (const char* damage : {"UPDATE change_row SET rows = 3", "UPDATE change_row SET rows = -1",
                               "UPDATE change_row SET rows = 1, key = key || char(10) || 'x'"}) {
        CAPTURE(damage);
        REQUIRE(directory->database().execute(damage));
        auto read = directory->each_row_change(1, 1, [](std::int64_t, const centrex::RowChange&) -> Result<void> { return {}; });
        REQUIRE_FALSE(read);
        CHECK(read.error().fault == Fault::input);
        CHECK(read.error().text() == "change 1: its history is damaged; take the last backup");
    }
}

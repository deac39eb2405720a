// Rows that come by the thousand: what they refer to is asked for once, not by the database for each.
#include <doctest/doctest.h>

#include "centrex/schema.h"
#include "files.h"
#include "store/directory.h"

using namespace trunkbox;
using namespace trunkbox::store;
using centrex::Cell;
using centrex::Row;

namespace {

constexpr std::int64_t first_number = 33199000000;
const std::vector<std::string> columns{"number", "tenant", "state", "target", "until", "reason", "request", "rev"};

Row number(std::int64_t index, const Cell& tenant, const Cell& target) {
    return {first_number + index, tenant, std::string(centrex::is_null(target) ? "ported_out" : "assigned"), target, {}, {}, {},
            std::int64_t{1}};
}

std::vector<Row> numbers(std::int64_t count) {
    std::vector<Row> rows;
    for (std::int64_t i = 0; i < count; ++i)
        rows.push_back(i % 3 == 0 ? number(i, "acme", {}) : number(i, "acme", i % 2 == 0 ? "user:alice" : "user:bob"));
    return rows;
}

struct Fixture {
    files::Folder folder{};
    Result<Directory> directory = Directory::open({.place = folder.path("d.db"), .create = true});

    Fixture() {
        REQUIRE(directory);
        REQUIRE(directory->database().execute(
            "INSERT INTO tenant (tenant, quarantine_days, rev) VALUES ('acme', 90, 1); "
            "INSERT INTO target (tenant, target) VALUES ('acme', 'user:alice'), ('acme', 'user:bob')"));
    }
    Result<void> append(const std::vector<Row>& rows) {
        auto& database = directory->database();
        REQUIRE(database.begin(true));
        auto done = database.append("number", columns, rows);
        if (done) done = database.commit();
        if (!done) database.rollback();
        return done;
    }
    std::int64_t count() {
        auto row = directory->database().one("SELECT COUNT(*) FROM number");
        REQUIRE(row);
        return centrex::integer((**row)[0]);
    }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "rows by the thousand are written as they are") {
    for (std::int64_t size : {5000, 2000, 1999, 65, 64, 63, 1}) {
        CAPTURE(size);
        REQUIRE(directory->database().execute("DELETE FROM number"));
        REQUIRE(append(numbers(size)));
        auto rows = numbers(size);
        REQUIRE(count() == size);
        for (const auto& row : rows) {
            auto found = directory->database().one("SELECT number, tenant, state, target, until, reason, request, rev FROM number "
                                                   "WHERE number = ?", {row.data(), 1}, row.size());
            REQUIRE(found);
            REQUIRE(*found == row);
        }
    }
}

TEST_CASE_FIXTURE(Fixture, "a row among thousands that refers to nothing is refused, and foreign keys hold afterwards") {
    struct Case {
        const char* what;
        Cell tenant, target;
    };
    for (const auto& wrong : {Case{"no such target", "acme", "user:nobody"}, Case{"no such tenant", "nowhere", {}},
                              Case{"a target of another tenant", "nowhere", "user:alice"}}) {
        CAPTURE(wrong.what);
        for (std::size_t at : {0U, 1234U, 4999U}) {
            CAPTURE(at);
            auto rows = numbers(5000);
            rows[at] = number(static_cast<std::int64_t>(at), wrong.tenant, wrong.target);
            CHECK_FALSE(append(rows));
            CHECK(count() == 0);
        }
        CHECK_FALSE(append({number(0, wrong.tenant, wrong.target)}));
    }
    REQUIRE(append(numbers(5000)));
    CHECK_FALSE(append({number(9000, "acme", "user:nobody")}));
    CHECK(count() == 5000);
}

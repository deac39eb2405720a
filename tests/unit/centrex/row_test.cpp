#include "centrex/row.h"

#include <doctest/doctest.h>

using namespace trunkbox;
using namespace trunkbox::centrex;

namespace {

const Column& column(std::string_view table_name, std::string_view name) {
    const auto& in = table(table_name);
    return in.columns[in.index(name)];
}

}  // namespace

TEST_CASE("cells read what they show, and refuse what is none of theirs") {
    struct Case {
        const char *table, *column, *good, *bad;
    };
    for (const Case& one : {Case{"user", "user", "alice", "Alice"}, Case{"user", "user", "a.b-c_9", "-a"},
                            Case{"user", "ring", "30", "soon"}, Case{"user", "dnd", "yes", "maybe"},
                            Case{"tenant", "zone", "Europe/Paris", "Europe/Lutetia"}, Case{"tenant", "country", "FR", "XX"},
                            Case{"tenant", "domain", "acme.example", "acme..example"},
                            Case{"tenant", "quarantine_days", "0", "-1"}, Case{"phone", "contact", "sip:a@192.0.2.1", "a@b"},
                            Case{"phone", "contact", "sip:a@[2001:db8::1]", "sip:a@b\r\nX: y"},
                            Case{"number", "number", "+33199000001", "+3319900000199999"},
                            Case{"number", "state", "assigned", "free"}, Case{"number", "until", "2027-01-01T00:00:00Z", "soon"},
                            Case{"number", "target", "user:alice", "alice"},
                            Case{"number", "reason", "left", "two\nlines"}}) {
        CAPTURE(one.column);
        auto good = parse_cell(column(one.table, one.column), one.good);
        REQUIRE(good);
        CHECK(shown(column(one.table, one.column), *good) == one.good);
        auto bad = parse_cell(column(one.table, one.column), one.bad);
        REQUIRE_FALSE(bad);
        CHECK(bad.error().fault == Fault::input);
    }
}

TEST_CASE("nothing, what is huge and what is hostile") {
    CHECK(is_null(parse_cell(column("user", "name"), "").value()));
    CHECK_FALSE(parse_cell(column("user", "name"), std::string(1001, 'x')));
    CHECK_FALSE(parse_cell(column("user", "user"), std::string(65, 'x')));
    CHECK_FALSE(parse_cell(column("user", "name"), std::string("a\0b", 3)));
    CHECK_FALSE(parse_cell(column("user", "name"), "\x1b[2J"));
}

TEST_CASE("a row is a line of JSON by names, without what is nothing") {
    const auto& users = table("user");
    auto row = empty_row(users);
    cell(users, row, "tenant") = std::string("acme");
    cell(users, row, "user") = std::string("alice");
    cell(users, row, "name") = std::string("Al \"Q\" \\ ice");
    CHECK(json(users, row) == R"({"tenant":"acme","user":"alice","name":"Al \"Q\" \\ ice","ring":30,"dnd":false})");
    CHECK(called(users, key_of(users, row)) == "user 'alice'");
    row[users.index("user")] = Cell{};
    CHECK_FALSE(check(users, row));
}

TEST_CASE("what a table refers to comes before it, and every default is a good value") {
    for (std::size_t i = 0; i < tables().size(); ++i) {
        CHECK(empty_row(tables()[i]).size() == tables()[i].columns.size());
        for (const auto& entry : tables()[i].columns) {
            if (entry.table.empty()) continue;
            std::size_t referred = 0;
            while (tables().at(referred).name != entry.table) ++referred;
            CHECK(referred <= i);
        }
    }
    CHECK(find_table("nobody") == nullptr);
    CHECK_THROWS_AS(static_cast<void>(table("nobody")), std::logic_error);
}

#include "store/postgresql.h"

#include <array>

#include <doctest/doctest.h>

#include "store/directory.h"

using namespace trunkbox;
using namespace trunkbox::store;

TEST_CASE("an address on a server is shown without its password") {
    struct Case {
        const char* place;
        const char* shown;
    };
    const std::array cases{
        Case{"directory.db", "directory.db"},
        Case{"postgresql://alice@db.example.com/numbers", "postgresql://alice@db.example.com/numbers"},
        Case{"postgres://alice:geheim@db.example.com:5433/numbers", "postgresql://alice@db.example.com:5433/numbers"},
        Case{"postgresql://alice:geheim@[2001:db8::1]:5433,192.0.2.1/numbers",
             "postgresql://alice@[2001:db8::1]:5433,192.0.2.1/numbers"},
        Case{"postgresql:///numbers?host=/run/postgresql&password=geheim", "postgresql:///numbers"},
        Case{"postgresql://alice:geheim@/numbers?host=/run/postgresql&sslpassword=geheim@", "postgresql://alice@/numbers"},
        // Not written as it must be: what looks like a host may be part of a password.
        Case{"postgresql://alice:ge/heim@host/numbers", "postgresql://…"},
        Case{"postgresql://alice:ge?heim@host/numbers", "postgresql://…"},
        Case{"postgresql://alice:geheim", "postgresql://…"},
        Case{"postgresql://alice:ge@heim@host/numbers", "postgresql://…"},
        Case{"postgresql://[geheim", "postgresql://…"},
        Case{"postgresql://host/numbers?user=alice&password=ge@heim", "postgresql://…"},
        Case{"postgresql://", "postgresql://"},
    };
    for (const auto& one : cases) {
        CAPTURE(one.place);
        CHECK(shown_place(one.place) == one.shown);
        CHECK(is_postgresql(one.place) == (one.place[0] == 'p'));
        CHECK(may_be_shown(one.place) == (shown_place(one.place) != "postgresql://…"));
    }
}

TEST_CASE("what is no address, and a server that is not there, are told without the password") {
    for (const char* place : {"postgresql://alice:ge%zzheim@127.0.0.1/numbers", "postgresql://alice:geheim",
                              "postgresql://alice:ge/heim@127.0.0.1/numbers", "postgresql://alice:geheim@127.0.0.1/n?geheim",
                              "postgresql://alice:geheim@127.0.0.1/n?geheim=1&x=2"}) {
        CAPTURE(place);
        auto directory = Directory::open({.place = place, .create = true});
        REQUIRE_FALSE(directory);
        CHECK(directory.error().fault == Fault::usage);
        CHECK(directory.error().text().find("heim") == std::string::npos);
    }
    auto directory = Directory::open({.place = "postgresql://alice:geheim@/numbers?host=/nonexistent", .create = true});
    REQUIRE_FALSE(directory);
    CHECK(directory.error().fault == Fault::system);
    CHECK(directory.error().text().find("heim") == std::string::npos);
    CHECK(directory.error().where == "postgresql://alice@/numbers");
}

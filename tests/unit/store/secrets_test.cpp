#include "store/secrets.h"

#include <doctest/doctest.h>

#include <string>

using namespace trunkbox::store;

TEST_CASE("a PIN is matched by itself alone, and kept differently each time") {
    auto kept = hash_pin("4711");
    auto again = hash_pin("4711");
    REQUIRE(kept);
    REQUIRE(again);
    CHECK(*kept != *again);
    CHECK(kept->find("4711") == std::string::npos);
    CHECK(pin_matches("4711", *kept));
    CHECK(pin_matches("4711", *again));
    CHECK_FALSE(pin_matches("4712", *kept));
    CHECK_FALSE(pin_matches("", *kept));
}

// The second test vector of RFC 7914 section 12, as far as 32 bytes of it go.
TEST_CASE("scrypt is that of RFC 7914") {
    CHECK(pin_matches("password", "scrypt$1024$8$16$4e61436c$fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"));
}

TEST_CASE("what is damaged or hostile matches nothing") {
    for (const std::string kept :
         {"", "4711", "scrypt", "scrypt$$$$$", "scrypt$16384$8$1$zz$00", "scrypt$16384$8$1$00$00",
          "scrypt$0$8$1$00$0000000000000000000000000000000000000000000000000000000000000000",
          "scrypt$1099511627776$8$1$00$0000000000000000000000000000000000000000000000000000000000000000",
          "scrypt$16384$8$1$4e61436$fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"})
        CHECK_FALSE(pin_matches("4711", kept));
}

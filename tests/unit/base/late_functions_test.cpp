#include "base/late_functions.h"

#include <doctest/doctest.h>

using namespace trunkbox;

namespace {

struct Zlib : LateFunctions {
    using LateFunctions::LateFunctions;
    const char* (*version)() = find("zlibVersion");
};
struct MoreThanZlib : Zlib {
    using Zlib::Zlib;
    void (*nowhere)() = find("zlib_has_no_such_function");
};

}  // namespace

TEST_CASE("a library is whole, or not there") {
    auto zlib = load_functions<Zlib>("libz.so.1");
    REQUIRE(zlib);
    CHECK(zlib->version()[0] == '1');
    CHECK_FALSE(load_functions<MoreThanZlib>("libz.so.1"));
    CHECK_FALSE(load_functions<Zlib>("libno-such-library.so.1"));
}

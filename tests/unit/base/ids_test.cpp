#include <doctest/doctest.h>

#include <set>

#include "base/ids.h"

using namespace trunkbox;

TEST_CASE("one seed gives one sequence") {
    IdSource a({1, 2}), b({1, 2}), c({1, 3});
    auto first = a.token();
    CHECK(first == b.token());
    CHECK(first != c.token());
    CHECK(a.token() != first);
}

TEST_CASE("a token is 16 hexadecimal digits and does not come again") {
    IdSource ids({7, 7});
    std::set<std::string> seen;
    for (int i = 0; i < 100'000; ++i) {
        auto token = ids.token();
        CHECK(token.size() == 16);
        CHECK(token.find_first_not_of("0123456789abcdef") == std::string::npos);
        seen.insert(token);
    }
    CHECK(seen.size() == 100'000);
}

TEST_CASE("a seed of zeros still gives numbers") {
    IdSource ids({0, 0});
    CHECK(ids.next() != ids.next());
}

TEST_CASE("every bit of a token is set half of the time") {
    IdSource ids({42, 4242});
    std::array<int, 64> set{};
    constexpr int draws = 10'000;
    for (int i = 0; i < draws; ++i) {
        auto value = ids.next();
        for (std::size_t bit = 0; bit < 64; ++bit) set[bit] += static_cast<int>(value >> bit & 1);
    }
    // Ten standard deviations of a fair coin.
    for (int count : set) CHECK(std::abs(count - draws / 2) < 500);
}

#include "store/threads.h"

#include <atomic>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

using namespace trunkbox;

TEST_CASE("every part is done once") {
    for (unsigned threads : {0U, 1U, 3U, 50U}) {
        for (std::size_t parts : {0U, 1U, 2U, 1000U}) {
            std::vector<std::atomic<int>> done(parts);
            store::on_threads(threads)(parts, [&](std::size_t i) { ++done[i]; });
            for (const auto& count : done) CHECK(count == 1);
        }
    }
}

TEST_CASE("what a part throws arrives, after all that was begun has ended") {
    for (unsigned threads : {1U, 4U}) {
        std::atomic<int> running = 0;
        auto work = [&](std::size_t i) {
            ++running;
            if (i == 7) {
                --running;
                throw std::runtime_error("seven");
            }
            --running;
        };
        CHECK_THROWS_WITH(store::on_threads(threads)(1000, work), "seven");
        CHECK(running == 0);
    }
}

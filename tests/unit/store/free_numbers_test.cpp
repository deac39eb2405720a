// What is free among the numbers of a directory, beside going through all of them.
#include <algorithm>
#include <random>
#include <set>

#include <doctest/doctest.h>

#include "centrex/edits.h"
#include "files.h"
#include "store/directory.h"

using namespace trunkbox;
using namespace trunkbox::store;

namespace {

constexpr std::int64_t begin = 33199000000;
constexpr std::int64_t chunks = 8, chunk = 1000;

// Whole chunks, parts of them and none at all, so that runs of full ones begin and end anywhere.
std::set<std::int64_t> some_numbers(std::mt19937_64& random) {
    std::set<std::int64_t> numbers;
    for (std::int64_t at = 0; at < chunks; ++at) {
        const auto first = begin + at * chunk;
        const auto kind = random() % 4;
        if (kind == 0) continue;
        for (std::int64_t i = 0; i < chunk; ++i) numbers.insert(first + i);
        if (kind == 2) numbers.erase(first + static_cast<std::int64_t>(random() % chunk));
        if (kind == 3) numbers.erase(numbers.lower_bound(first + static_cast<std::int64_t>(random() % chunk)), numbers.end());
    }
    return numbers;
}

Result<void> assign_all(DirectoryRows& rows, const std::set<std::int64_t>& numbers) {
    const auto& table = centrex::table("number");
    auto row = empty_row(table);
    row[table.index("state")] = std::string("reserved");
    row[table.index("until")] = std::int64_t{4'000'000'000};
    for (auto number : numbers) {
        row[0] = number;
        if (auto put = rows.put(table, row); !put) return tl::unexpected(put.error());
    }
    return {};
}

std::vector<std::int64_t> missing(const std::set<std::int64_t>& numbers, std::int64_t first, std::int64_t last, std::size_t count) {
    std::vector<std::int64_t> free;
    for (auto number = first; number <= last && free.size() < count; ++number)
        if (!numbers.contains(number)) free.push_back(number);
    return free;
}

}  // namespace

TEST_CASE("the lowest free numbers are found wherever chunks are full") {
    std::mt19937_64 random(5);
    for (int round = 0; round < 6; ++round) {
        const files::Folder folder;
        auto directory = Directory::open({.place = folder.path("d.db"), .create = true});
        REQUIRE(directory);
        const auto numbers = some_numbers(random);
        auto done = directory->edit({.command = "test"}, [&](DirectoryRows& rows) { return assign_all(rows, numbers); });
        REQUIRE_MESSAGE(done, (done ? "" : done.error().text()));
        auto asked = directory->read([&](DirectoryRows& rows) -> Result<void> {
            for (int i = 0; i < 60; ++i) {
                auto first = begin + static_cast<std::int64_t>(random() % (chunks * chunk));
                auto last = begin + static_cast<std::int64_t>(random() % (chunks * chunk));
                if (first > last) std::swap(first, last);
                // The ends of chunks are where one goes wrong.
                if (i % 3 == 0) first -= first % chunk;
                if (i % 4 == 0) last += chunk - 1 - last % chunk;
                const std::size_t count = random() % 3 == 0 ? 5000 : 1 + random() % 3;
                auto free = rows.without_row(first, last, count);
                if (!free) return tl::unexpected(free.error());
                CHECK(*free == missing(numbers, first, last, count));
            }
            return {};
        });
        REQUIRE_MESSAGE(asked, (asked ? "" : asked.error().text()));
    }
}

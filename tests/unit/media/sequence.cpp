#include "media/sequence.h"

#include <algorithm>
#include <map>
#include <random>

#include <doctest/doctest.h>

using namespace trunkbox;
using namespace trunkbox::media;

namespace {

SequenceCount count(const std::vector<int>& numbers) {
    SequenceTracker tracker(static_cast<std::uint16_t>(numbers.front()));
    for (std::size_t i = 1; i < numbers.size(); ++i) tracker.receive(static_cast<std::uint16_t>(numbers[i]));
    return tracker.count();
}

}  // namespace

TEST_CASE("sequence: nothing lost, one, a gap, two gaps") {
    CHECK(count({5, 6, 7}) == SequenceCount{.received = 3, .expected = 3});
    CHECK(count({5, 7}) == SequenceCount{.received = 2, .expected = 3, .gaps = 1, .longest_gap = 1});
    CHECK(count({5, 9, 11}) == SequenceCount{.received = 3, .expected = 7, .gaps = 2, .longest_gap = 3});
    CHECK(count({5, 9, 11}).lost() == 4);
}

TEST_CASE("sequence: a late packet fills its gap, a duplicate fills none") {
    CHECK(count({5, 7, 6, 8}) == SequenceCount{.received = 4, .expected = 4, .reordered = 1});
    CHECK(count({5, 7, 7, 8}) ==
          SequenceCount{.received = 3, .expected = 4, .duplicates = 1, .gaps = 1, .longest_gap = 1});
    // Later than the first one that was seen, earlier by number.
    CHECK(count({5, 3, 6}) == SequenceCount{.received = 3, .expected = 4, .reordered = 1, .gaps = 1, .longest_gap = 1});
}

TEST_CASE("sequence: numbers wrap at 65536") {
    CHECK(count({65534, 65535, 0, 1}) == SequenceCount{.received = 4, .expected = 4});
    CHECK(count({0, 65535, 1}) == SequenceCount{.received = 3, .expected = 3, .reordered = 1});
    CHECK(count({65534, 1}) == SequenceCount{.received = 2, .expected = 4, .gaps = 1, .longest_gap = 2});
    std::vector<int> numbers;
    for (int i = 0; i < 300'000; ++i) numbers.push_back(i % 65536);
    CHECK(count(numbers) == SequenceCount{.received = 300'000, .expected = 300'000});
}

TEST_CASE("sequence: what is far off is not taken, and begins anew on demand") {
    SequenceTracker tracker(100);
    CHECK(tracker.receive(101) == SequenceTracker::Place::next);
    CHECK(tracker.receive(3101) == SequenceTracker::Place::far);
    CHECK(tracker.receive(0) == SequenceTracker::Place::far);
    CHECK(tracker.receive(104) == SequenceTracker::Place::ahead);
    CHECK(tracker.receive(4) == SequenceTracker::Place::late);
    tracker.restart(9000);
    CHECK(tracker.receive(9002) == SequenceTracker::Place::ahead);
    // 4 to 104 of which four came, 9000 to 9002 of which two did.
    CHECK(tracker.count() ==
          SequenceCount{.received = 6, .expected = 104, .reordered = 1, .gaps = 3, .longest_gap = 95, .restarts = 1});
}

TEST_CASE("sequence: as a plain count of what came says, over a thousand random streams") {
    std::mt19937 random(20261122);
    for (int round = 0; round < 1000; ++round) {
        CAPTURE(round);
        // Losses, duplicates, and packets up to 60 places late.
        std::uniform_int_distribution<int> percent(0, 99), place(0, 60);
        int loss = percent(random) / 3, late = percent(random) / 4, twice = percent(random) / 10;
        std::vector<std::pair<int, int>> sent;  // when, number
        int begin = percent(random) * 660;
        for (int i = 0; i < 600; ++i) {
            if (percent(random) < loss) continue;
            sent.emplace_back(i + (percent(random) < late ? place(random) : 0), begin + i);
            if (percent(random) < twice) sent.emplace_back(i + place(random) / 2, begin + i);
        }
        if (sent.empty()) continue;
        std::ranges::stable_sort(sent, {}, &std::pair<int, int>::first);

        std::vector<int> numbers;
        std::map<int, int> seen;
        SequenceCount plain;
        int highest = -1;
        for (auto& [when, number] : sent) {
            numbers.push_back(number % 65536);
            if (++seen[number] > 1) ++plain.duplicates;
            else if (number < highest) ++plain.reordered;
            highest = std::max(highest, number);
        }
        plain.received = seen.size();
        plain.expected = static_cast<std::uint64_t>(seen.rbegin()->first - seen.begin()->first + 1);
        for (auto each = seen.begin(); std::next(each) != seen.end(); ++each) {
            auto missing = static_cast<std::uint64_t>(std::next(each)->first - each->first - 1);
            plain.gaps += missing > 0 ? 1 : 0;
            plain.longest_gap = std::max(plain.longest_gap, missing);
        }
        CHECK(count(numbers) == plain);
    }
}

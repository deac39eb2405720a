// How many calls at once and how many a second, counted while calls come in only roughly in order of time.
#pragma once

#include "base/time.h"
#include "lcr/simulate.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace trunkbox::lcr {

// Starts and ends are counted by the second, so that calls need no sorting; only what lies between two seconds is sorted.
// Pages of seconds that no call can start in any more are added up and used again. Until then a page is a list, as long as
// that is shorter than its counts: with many carriers most pages have few calls.
class LoadMeter {
  public:
    LoadMeter(std::optional<std::int64_t> channels, std::optional<double> cps);

    // No later call starts before the second `limit`, nor does this one.
    void add(Time start, Duration occupied, std::int64_t limit);
    [[nodiscard]] Load finish();

  private:
    static constexpr std::int64_t page_seconds = 1024;
    enum class Event : std::uint8_t { start_between, start, end };  // one that starts at the second takes a channel there
    struct Second {
        std::uint32_t starts = 0;  // all, for the calls per second
        std::uint32_t holds = 0;   // channels taken at the second itself
        std::uint32_t ends = 0;    // channels given back at the second itself
        void count(Event event);
    };
    struct Counts {
        std::array<Second, page_seconds> seconds{};
        std::array<std::uint64_t, page_seconds / 64> touched{};
        void count(std::int64_t within, Event event);
        void count(std::span<const std::uint16_t> events);
    };
    static constexpr std::size_t most_events = sizeof(Counts) / sizeof(std::uint16_t);
    struct Page {
        std::vector<std::uint16_t> events{};  // seconds since the page's first, times four, plus what happens
        std::unique_ptr<Counts> counts{};     // in the place of events that are too many
        // Within seconds: nanoseconds since the page's first, times two, plus one for a start, so that ends sort first.
        std::vector<std::int64_t> between{};
    };

    Page& add(std::int64_t second, Event event);
    Page& page_of(std::int64_t number);
    static void mark_between(Page& page, std::int64_t count, bool starts);
    void retire(std::int64_t limit_page);
    void add_up(Page& page, std::int64_t first_second);
    void add_second(const Second& second, std::int64_t at);
    std::size_t add_between(const Page& page, std::size_t next, std::int64_t within, std::int64_t first_second);
    void take(std::uint64_t count, Time at);

    std::optional<std::uint64_t> channels_;
    std::optional<std::uint64_t> cps_;
    std::int64_t first_page_ = 0;
    std::deque<std::unique_ptr<Page>> pages_;
    std::vector<std::unique_ptr<Page>> free_;
    struct Known {
        std::int64_t number = -1;
        Page* page = nullptr;
    };
    std::array<Known, 2> known_{};  // added to last: most calls begin and end in one page, or in two that follow each other
    std::uint64_t current_ = 0;  // channels in use before the first page
    Load load_;
};

}  // namespace trunkbox::lcr

#include "lcr/simulate_load.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <ratio>

namespace trunkbox::lcr {

namespace {

// Rounded up; what no traffic reaches is no limit.
std::optional<std::uint64_t> whole(std::optional<double> limit) {
    constexpr double most = 1e15;
    if (!limit || !(*limit >= 0) || *limit > most) return std::nullopt;
    return static_cast<std::uint64_t>(std::ceil(*limit));
}

}  // namespace

LoadMeter::LoadMeter(std::optional<std::int64_t> channels, std::optional<double> cps) : cps_(whole(cps)) {
    if (channels && *channels >= 0) channels_ = static_cast<std::uint64_t>(*channels);
}

void LoadMeter::Second::count(Event event) {
    if (event == Event::end) {
        ++ends;
        return;
    }
    ++starts;
    if (event == Event::start) ++holds;
}

void LoadMeter::Counts::count(std::int64_t within, Event event) {
    auto second = static_cast<std::size_t>(within);
    touched[second / 64] |= std::uint64_t{1} << (second % 64);
    seconds[second].count(event);
}

void LoadMeter::Counts::count(std::span<const std::uint16_t> events) {
    for (auto event : events) count(event / 4, static_cast<Event>(event % 4));
}

LoadMeter::Page& LoadMeter::add(std::int64_t second, Event event) {
    auto number = second / page_seconds;
    auto& known = known_[static_cast<std::size_t>(number) % known_.size()];
    if (number != known.number) known = {number, &page_of(number)};
    auto& page = *known.page;
    auto within = second % page_seconds;
    if (page.counts) {
        page.counts->count(within, event);
        return page;
    }
    page.events.push_back(static_cast<std::uint16_t>(within * 4 + static_cast<std::int64_t>(event)));
    if (page.events.size() == most_events) {
        page.counts = std::make_unique<Counts>();
        page.counts->count(page.events);
        page.events = {};
    }
    return page;
}

LoadMeter::Page& LoadMeter::page_of(std::int64_t number) {
    auto index = static_cast<std::size_t>(number - first_page_);
    if (index >= pages_.size()) pages_.resize(index + 1);
    auto& page = pages_[index];
    if (!page && !free_.empty()) {
        page = std::move(free_.back());
        free_.pop_back();
    }
    if (!page) page = std::make_unique<Page>();
    return *page;
}

void LoadMeter::mark_between(Page& page, std::int64_t count, bool starts) {
    page.between.push_back(count % (page_seconds * std::nano::den) * 2 + (starts ? 1 : 0));
}

void LoadMeter::add(Time start, Duration occupied, std::int64_t limit) {
    retire(std::max<std::int64_t>(limit, 0) / page_seconds);
    auto begin = start.time_since_epoch().count();
    bool at_second = begin % std::nano::den == 0;
    auto& page = add(begin / std::nano::den, at_second && occupied > Duration{} ? Event::start : Event::start_between);
    if (occupied <= Duration{}) return;
    if (!at_second) mark_between(page, begin, true);
    auto end = begin + occupied.count();
    if (end % std::nano::den == 0)
        add(end / std::nano::den, Event::end);
    else
        mark_between(page_of(end / std::nano::den / page_seconds), end, false);
}

void LoadMeter::retire(std::int64_t limit_page) {
    if (limit_page <= first_page_) return;
    known_.fill({});
    for (; !pages_.empty() && first_page_ < limit_page; ++first_page_) {
        auto page = std::move(pages_.front());
        pages_.pop_front();
        if (!page) continue;
        add_up(*page, first_page_ * page_seconds);
        free_.push_back(std::move(page));
    }
    first_page_ = std::max(first_page_, limit_page);
}

// Channels taken at one moment.
void LoadMeter::take(std::uint64_t count, Time at) {
    if (channels_) {
        auto left = *channels_ > current_ ? *channels_ - current_ : 0;
        load_.above_channels += count > left ? count - left : 0;
    }
    current_ += count;
    if (current_ <= load_.channels) return;
    load_.channels = current_;
    load_.channels_at = at;
}

void LoadMeter::add_second(const Second& second, std::int64_t at) {
    Time time{std::chrono::seconds(at)};
    if (second.starts > load_.cps) {
        load_.cps = second.starts;
        load_.cps_at = time;
    }
    if (cps_ && second.starts > *cps_) load_.above_cps += second.starts - *cps_;
    current_ -= second.ends;
    if (second.holds > 0) take(second.holds, time);
}

std::size_t LoadMeter::add_between(const Page& page, std::size_t next, std::int64_t within, std::int64_t first_second) {
    for (; next < page.between.size(); ++next) {
        auto offset = page.between[next] / 2;
        if (offset >= (within + 1) * std::nano::den) break;
        if (page.between[next] % 2 == 0)
            --current_;
        else
            take(1, Time{std::chrono::seconds(first_second) + Duration{offset}});
    }
    return next;
}

void LoadMeter::add_up(Page& page, std::int64_t first_second) {
    Counts few;
    few.count(page.events);
    auto& counts = page.counts ? *page.counts : few;
    std::ranges::sort(page.between);
    std::size_t next = 0;
    for (std::size_t word = 0; word < counts.touched.size(); ++word) {
        for (auto bits = counts.touched[word]; bits != 0; bits &= bits - 1) {
            auto within = word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
            auto at = static_cast<std::int64_t>(within);
            next = add_between(page, next, at - 1, first_second);
            add_second(counts.seconds[within], first_second + at);
            next = add_between(page, next, at, first_second);
        }
    }
    add_between(page, next, page_seconds, first_second);
    page.events.clear();
    page.counts.reset();
    page.between.clear();
}

Load LoadMeter::finish() {
    retire(first_page_ + static_cast<std::int64_t>(pages_.size()));
    return load_;
}

}  // namespace trunkbox::lcr

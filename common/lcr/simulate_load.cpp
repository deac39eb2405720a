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

LoadMeter::Second& LoadMeter::touch(std::int64_t second) {
    auto number = second / page_seconds;
    auto& known = known_[static_cast<std::size_t>(number) % known_.size()];
    if (number != known.number) known = {number, &page_at(static_cast<std::size_t>(number - first_page_))};
    auto within = static_cast<std::size_t>(second) % page_seconds;
    known.page->touched[within / 64] |= std::uint64_t{1} << (within % 64);
    return known.page->seconds[within];
}

LoadMeter::Page& LoadMeter::page_at(std::size_t index) {
    if (index >= pages_.size()) pages_.resize(index + 1);
    auto& page = pages_[index];
    if (!page && !free_.empty()) {
        page = std::move(free_.back());
        free_.pop_back();
    }
    if (!page) page = std::make_unique<Page>();
    return *page;
}

void LoadMeter::mark_between(std::int64_t second, std::int64_t count, bool starts) {
    auto& page = *pages_[static_cast<std::size_t>(second / page_seconds - first_page_)];
    auto offset = count - second / page_seconds * page_seconds * std::nano::den;
    page.between.push_back(offset * 2 + (starts ? 1 : 0));
}

void LoadMeter::add(Time start, Duration occupied, std::int64_t limit) {
    retire(std::max<std::int64_t>(limit, 0) / page_seconds);
    auto begin = start.time_since_epoch().count();
    auto first = begin / std::nano::den;
    auto& bucket = touch(first);
    ++bucket.starts;
    if (occupied <= Duration{}) return;
    if (begin == first * std::nano::den)
        ++bucket.holds;
    else
        mark_between(first, begin, true);
    auto end = begin + occupied.count();
    auto last = end / std::nano::den;
    auto& back = touch(last);
    if (end == last * std::nano::den)
        ++back.ends;
    else
        mark_between(last, end, false);
}

void LoadMeter::prefetch(Time start, Duration occupied) const {
    for (auto time : {start, start + occupied}) {
        auto second = time.time_since_epoch().count() / std::nano::den;
        auto index = static_cast<std::size_t>(second / page_seconds - first_page_);
        if (index >= pages_.size() || !pages_[index]) continue;
        __builtin_prefetch(&pages_[index]->seconds[static_cast<std::size_t>(second % page_seconds)], 1);
    }
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
    std::ranges::sort(page.between);
    std::size_t next = 0;
    for (std::size_t word = 0; word < page.touched.size(); ++word) {
        for (auto bits = page.touched[word]; bits != 0; bits &= bits - 1) {
            auto within = word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
            auto at = static_cast<std::int64_t>(within);
            add_second(page.seconds[within], first_second + at);
            next = add_between(page, next, at, first_second);
            page.seconds[within] = {};
        }
        page.touched[word] = 0;
    }
    page.between.clear();
}

Load LoadMeter::finish() {
    retire(first_page_ + static_cast<std::int64_t>(pages_.size()));
    return load_;
}

}  // namespace trunkbox::lcr

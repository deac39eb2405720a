#include "lcr/simulate_totals.h"

#include "lcr/image.h"

#include <algorithm>
#include <string>
#include <tuple>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

bool costs_more(const TrafficShare& a, const TrafficShare& b) {
    if (a.cost != b.cost) return a.cost > b.cost;
    if (a.calls != b.calls) return a.calls > b.calls;
    return std::tie(a.prefix, a.destination) < std::tie(b.prefix, b.destination);
}

bool has_more_calls(const TrafficShare& a, const TrafficShare& b) {
    return a.calls != b.calls ? a.calls > b.calls : a.prefix < b.prefix;
}

template <class Before>
std::vector<TrafficShare> first(std::vector<TrafficShare> all, std::size_t top, Before before) {
    auto end = all.begin() + static_cast<std::ptrdiff_t>(std::min(top, all.size()));
    std::partial_sort(all.begin(), end, all.end(), before);
    all.erase(end, all.end());
    return all;
}

// A smaller loss comes behind a larger one, and of equal ones the later call.
bool loses_more(const LossCall& a, const LossCall& b) {
    return a.loss() != b.loss() ? a.loss() > b.loss() : a.line < b.line;
}

}  // namespace

std::vector<PrefixTotals::Placed> PrefixTotals::all() const {
    std::vector<Placed> all;
    for (std::size_t i = 0; i < pages_.size(); ++i) {
        if (!pages_[i]) continue;
        for (std::size_t j = 0; j < page_size; ++j) {
            const auto& total = (*pages_[i])[j];
            if (total.calls != 0) all.push_back({static_cast<std::uint32_t>(i * page_size + j), &total});
        }
    }
    return all;
}

Result<std::vector<TrafficShare>> PrefixTotals::prefixes(std::size_t top) const {
    // The texts are made of those that come into question only.
    auto all = this->all();
    // Places are in the order of the prefixes as texts.
    auto end = all.begin() + static_cast<std::ptrdiff_t>(std::min(top, all.size()));
    std::partial_sort(all.begin(), end, all.end(), [](const Placed& a, const Placed& b) {
        if (a.total->cost != b.total->cost) return a.total->cost > b.total->cost;
        return a.total->calls != b.total->calls ? a.total->calls > b.total->calls : a.place < b.place;
    });
    std::vector<TrafficShare> list;
    for (auto entry = all.begin(); entry != end; ++entry) {
        auto prefix = table_.prefix(entry->place);
        if (!prefix) return tl::unexpected(prefix.error());
        auto destination = destination_of(entry->place);
        if (!destination) return tl::unexpected(destination.error());
        const auto& total = *entry->total;
        list.push_back({prefix->text(), std::string(table_.parts().text(*destination)), total.calls, total.seconds,
                        total.cost});
    }
    return list;
}

const RowRecord* PrefixTotals::first_row(std::uint32_t place) const {
    auto rows = table_.parts().records<RowRecord>(Section::rows);
    auto prefixes = table_.parts().records<PrefixRecord>(Section::prefixes);
    return place < prefixes.size() && prefixes[place].first_row < rows.size() ? &rows[prefixes[place].first_row] : nullptr;
}

// The table keeps each text once, so that its number stands for it.
Result<std::uint32_t> PrefixTotals::destination_of(std::uint32_t place) const {
    const auto* row = first_row(place);
    if (row == nullptr) return table_.parts().damaged(Section::prefixes, "a prefix without a row");
    return row->destination;
}

Result<std::vector<TrafficShare>> PrefixTotals::destinations(std::size_t top) const {
    const auto called = all();
    std::unordered_map<std::uint32_t, TrafficShare> by_text;
    // Each row lies elsewhere in what is most of the table.
    constexpr std::size_t ahead = 16;
    for (std::size_t i = 0; i < called.size(); ++i) {
        if (i + ahead < called.size()) __builtin_prefetch(first_row(called[i + ahead].place));
        auto destination = destination_of(called[i].place);
        if (!destination) return tl::unexpected(destination.error());
        const auto& total = *called[i].total;
        auto& share = by_text[*destination];
        share.calls += total.calls;
        share.seconds += total.seconds;
        share.cost = share.cost + total.cost;
    }
    std::vector<TrafficShare> all;
    for (auto& [text, share] : by_text) {
        share.destination = table_.parts().text(text);
        all.push_back(std::move(share));
    }
    return first(std::move(all), top, costs_more);
}

void UnroutedDigits::add(std::uint64_t number, std::int64_t seconds) {
    while (number >= below) number /= 10;
    auto& count = counts_[number];
    ++count.calls;
    count.seconds += static_cast<std::uint64_t>(seconds);
}

std::vector<TrafficShare> UnroutedDigits::most(std::size_t top) const {
    std::vector<TrafficShare> all;
    for (const auto& [digits, count] : counts_)
        all.push_back({.prefix = fmt::format_int(digits).str(), .calls = count.calls, .seconds = count.seconds});
    return first(std::move(all), top, has_more_calls);
}

bool LargestLosses::takes(Cost loss) const {
    return heap_.size() < top_ || (top_ > 0 && loss > heap_.front().loss());
}

void LargestLosses::add(LossCall call) {
    if (heap_.size() == top_) {
        std::ranges::pop_heap(heap_, loses_more);
        heap_.pop_back();
    }
    heap_.push_back(std::move(call));
    std::ranges::push_heap(heap_, loses_more);
}

std::vector<LossCall> LargestLosses::list() && {
    std::ranges::sort(heap_, loses_more);
    return std::move(heap_);
}

}  // namespace trunkbox::lcr

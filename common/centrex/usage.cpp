#include "centrex/usage.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>

namespace trunkbox::centrex {

namespace {

const Table& number_rows() { return table("number"); }

std::int64_t& at_state(Usage& usage, State state) { return usage.counts[static_cast<std::size_t>(state)]; }

std::string tenant_in(const Row& number) { return text(cell(number_rows(), number, "tenant")); }

// Counts as they are stored, with what came to pass since: the rows whose dates are over are few beside the others.
class Counter {
  public:
    static Result<Counter> open(Rows& rows, Time at) {
        const auto now = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
        auto due = rows.find({.table = &number_rows(),
                              .where = {{.column = "until", .is = Match::Is::at_most, .value = now}}});
        if (!due) return tl::unexpected(due.error());
        return Counter(rows, at, std::move(*due));
    }

    // By tenant; what is free is not counted.
    Result<std::map<std::string, Usage>> count(std::int64_t first, std::int64_t last) {
        auto stored = rows_.count_numbers(first, last);
        if (!stored) return tl::unexpected(stored.error());
        std::map<std::string, Usage> counts;
        for (const auto& one : *stored)
            at_state(counts[one.tenant], parse_state(one.state).value_or(State::free)) += one.count;
        auto row = std::partition_point(due_.begin(), due_.end(), [&](const Row& one) { return integer(one[0]) < first; });
        for (; row != due_.end() && integer((*row)[0]) <= last; ++row) {
            auto& of = counts[tenant_in(*row)];
            --at_state(of, state_of(*row));
            if (auto state = state_of(effective(*row, at_)); state != State::free) ++at_state(of, state);
        }
        return counts;
    }

  private:
    Counter(Rows& rows, Time at, std::vector<Row> due) : rows_(rows), at_(at), due_(std::move(due)) {}
    Rows& rows_;
    Time at_;
    std::vector<Row> due_;  // in the order of their numbers
};

void add(Usage& to, const Usage& more) {
    for (std::size_t i = 0; i < to.counts.size(); ++i) to.counts[i] += more.counts[i];
}

Result<std::vector<Usage>> by_block(Rows& rows, Counter& counter) {
    const auto& blocks = table("block");
    auto all = rows.find({.table = &blocks});
    if (!all) return tl::unexpected(all.error());
    std::vector<Usage> list;
    for (const auto& block : *all) {
        Usage one{.first = integer(block[0]), .last = integer(cell(blocks, block, "last")),
                  .tenant = text(cell(blocks, block, "tenant"))};
        auto counts = counter.count(one.first, one.last);
        if (!counts) return tl::unexpected(counts.error());
        for (const auto& [tenant, count] : *counts) add(one, count);
        at_state(one, State::free) = one.last - one.first + 1 - one.size();
        list.push_back(std::move(one));
    }
    return list;
}

Result<std::vector<Usage>> by_tenant(Rows& rows, Counter& counter) {
    auto counts = counter.count(0, std::numeric_limits<std::int64_t>::max());
    auto blocks = by_block(rows, counter);
    if (!counts) return tl::unexpected(counts.error());
    if (!blocks) return blocks;
    for (const auto& block : *blocks) at_state((*counts)[block.tenant], State::free) += block.count(State::free);
    std::vector<Usage> list;
    for (auto& [tenant, count] : *counts) {
        if (count.size() == 0) continue;
        count.tenant = tenant;
        list.push_back(count);
    }
    return list;
}

Result<std::vector<Usage>> by_state(Rows& rows, Counter& counter) {
    auto tenants = by_tenant(rows, counter);
    if (!tenants) return tenants;
    Usage all;
    for (const auto& tenant : *tenants) add(all, tenant);
    return std::vector<Usage>{all};
}

Result<std::vector<Usage>> by_site(Rows& rows, Time at) {
    const auto& phones = table("phone");
    std::map<std::pair<std::string, std::string>, std::string> site_of;  // by tenant and target
    auto read = rows.each(phones, [&](const Row& row) -> Result<void> {
        const auto& home = text(cell(phones, row, "home"));
        if (!home.empty()) site_of.try_emplace({text(row[0]), "user:" + home}, text(cell(phones, row, "site")));
        return {};
    });
    if (!read) return tl::unexpected(read.error());
    std::map<std::pair<std::string, std::string>, Usage> counts;
    read = rows.each(number_rows(), [&](const Row& row) -> Result<void> {
        auto now = effective(row, at);
        if (!now) return {};
        auto place = site_of.find({tenant_in(*now), text(cell(number_rows(), *now, "target"))});
        ++at_state(counts[{tenant_in(*now), place == site_of.end() ? "" : place->second}], state_of(now));
        return {};
    });
    if (!read) return tl::unexpected(read.error());
    std::vector<Usage> list;
    for (auto& [key, count] : counts) {
        std::tie(count.tenant, count.site) = key;
        list.push_back(count);
    }
    return list;
}

}  // namespace

std::string_view name(UsageBy by) {
    constexpr std::array<std::string_view, 4> names{"block", "tenant", "state", "site"};
    return names[static_cast<std::size_t>(by)];
}

std::int64_t Usage::size() const { return std::accumulate(counts.begin(), counts.end(), std::int64_t{0}); }

Result<std::vector<Usage>> usage(Rows& rows, UsageBy by, Time at) {
    if (by == UsageBy::site) return by_site(rows, at);
    auto counter = Counter::open(rows, at);
    if (!counter) return tl::unexpected(counter.error());
    switch (by) {
        case UsageBy::block: return by_block(rows, *counter);
        case UsageBy::tenant: return by_tenant(rows, *counter);
        case UsageBy::state:
        case UsageBy::site: break;
    }
    return by_state(rows, *counter);
}

}  // namespace trunkbox::centrex

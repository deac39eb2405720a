#include "lcr/diff_walk.h"

#include "lcr/exchange.h"

#include <algorithm>
#include <chrono>

namespace trunkbox::lcr {

namespace {

std::uint64_t highest_below(std::uint64_t key) {
    std::uint64_t scale = 1;
    for (auto length = key & 15U; length < numbering::max_digits; ++length) scale *= 10;
    return (key >> 4U) + scale - 1;
}

Time moment(std::int64_t nanoseconds) {
    return Time{Duration{nanoseconds}};
}

}  // namespace

bool Walk::Difference::shows_as(const Difference& other) const {
    auto same = [](const Segment& a, const Segment& b) {
        return a.same_as(b) && (a.position == Change::none) == (b.position == Change::none);
    };
    return from == other.from && until == other.until && same(before, other.before) && same(after, other.after);
}

void Walk::Stack::leave(std::uint64_t padded) {
    while (depth > 0 && frames[depth - 1].highest < padded) --depth;
}

Walk::Frame& Walk::Stack::push() {
    if (depth == frames.size()) frames.emplace_back();
    auto& frame = frames[depth++];
    frame.before.clear();
    frame.after.clear();
    frame.differences.clear();
    return frame;
}

Walk::Walk(const Side& before, const Side& after, const Vocabulary& vocabulary, const DiffOptions& options,
           std::span<const LaidTraffic> traffic, Time traffic_at)
    : before_(before),
      after_(after),
      vocabulary_(vocabulary),
      options_(options),
      traffic_(traffic),
      traffic_at_(traffic_at.time_since_epoch().count()),
      at_(options.at.time_since_epoch().count()) {}

Result<void> Walk::set_up(std::size_t carriers) {
    auto lanes = static_cast<Lane>(vocabulary_.lanes());
    std::vector<std::vector<bool>> used(carriers, std::vector<bool>(lanes, false));
    if (lanes > 1)
        for (const auto* side : {&before_, &after_})
            if (auto marked = side->mark_lanes(used); !marked) return marked;
    carriers_.resize(carriers);
    for (std::size_t carrier = 0; carrier < carriers; ++carrier)
        for (Lane lane = 0; lane < lanes; ++lane)
            if (lane == 0 || used[carrier][lane]) carriers_[carrier].push_back({lane});
    fits_.reserve(std::size_t{lanes} * lanes);
    for (Lane row = 0; row < lanes; ++row)
        for (Lane lane = 0; lane < lanes; ++lane) fits_.push_back(vocabulary_.fit(row, lane));
    return {};
}

Result<void> Walk::run(Diff& diff) {
    diff_ = &diff;
    if (auto ready = set_up(diff.carriers.size()); !ready) return ready;
    while (place_before_ < before_.prefixes() || place_after_ < after_.prefixes()) {
        auto key = std::numeric_limits<std::uint64_t>::max();
        if (place_before_ < before_.prefixes()) key = before_.key(place_before_);
        if (place_after_ < after_.prefixes()) key = std::min(key, after_.key(place_after_));
        auto prefix = next_prefix(key);
        if (!prefix) return tl::unexpected(prefix.error());
        lay_traffic(key);
        if (auto visited = visit_prefix(key, *prefix); !visited) return visited;
        ++diff.prefixes;
    }
    lay_traffic(std::numeric_limits<std::uint64_t>::max());
    return {};
}

Result<numbering::Prefix> Walk::next_prefix(std::uint64_t key) const {
    bool in_before = place_before_ < before_.prefixes() && before_.key(place_before_) == key;
    return in_before ? before_.table().prefix(place_before_) : after_.table().prefix(place_after_);
}

Result<void> Walk::visit_prefix(std::uint64_t key, numbering::Prefix prefix) {
    groups_before_.clear();
    groups_after_.clear();
    if (place_before_ < before_.prefixes() && before_.key(place_before_) == key)
        if (auto read = before_.groups(place_before_++, groups_before_); !read) return read;
    if (place_after_ < after_.prefixes() && after_.key(place_after_) == key)
        if (auto read = after_.groups(place_after_++, groups_after_); !read) return read;
    auto old = groups_before_.begin();
    auto now = groups_after_.begin();
    while (old != groups_before_.end() || now != groups_after_.end()) {
        bool has_old = old != groups_before_.end() && (now == groups_after_.end() || old->carrier <= now->carrier);
        bool has_now = now != groups_after_.end() && (old == groups_before_.end() || now->carrier <= old->carrier);
        auto carrier = has_old ? old->carrier : now->carrier;
        Side::Group nothing{.carrier = carrier};
        auto visited = visit_carrier(key, prefix, has_old ? *old : nothing, has_now ? *now : nothing);
        if (!visited) return visited;
        if (has_old) ++old;
        if (has_now) ++now;
    }
    return {};
}

Result<void> Walk::visit_carrier(std::uint64_t key, numbering::Prefix prefix, Side::Group before,
                                 Side::Group after) {
    if (auto done = read(before_, before, rows_before_); !done) return done;
    if (auto done = read(after_, after, rows_after_); !done) return done;
    for (auto& [lane, stack] : carriers_[before.carrier]) {
        stack.leave(key >> 4U);
        auto& frame = stack.push();
        const Frame* parent = stack.depth < 2 ? nullptr : &stack.frames[stack.depth - 2];
        frame.highest = highest_below(key);
        overlay(rows_before_, before.first, lane, parent ? &parent->before : nullptr, frame.before);
        overlay(rows_after_, after.first, lane, parent ? &parent->after : nullptr, frame.after);
        compare(frame, frame.differences);
        report(prefix, before.carrier, lane, parent, frame);
    }
    return {};
}

Result<void> Walk::read(const Side& side, Side::Group group, std::vector<Side::Row>& rows) const {
    rows.clear();
    for (auto position = group.first; position < group.last; ++position) {
        auto row = side.row(position);
        if (!row) return tl::unexpected(row.error());
        rows.push_back(*row);
    }
    return {};
}

// The rows of one prefix over what its family says: at each moment the prefix's own row if one is in force.
void Walk::overlay(const std::vector<Side::Row>& rows, std::uint32_t first, Lane lane, const Timeline* base,
                   Timeline& result) {
    moments_.assign(1, at_);
    if (options_.ahead)
        for (const auto& row : rows)
            for (auto date : {row.effective, row.end})
                if (date > at_ && date != for_good) moments_.push_back(date);
    std::ranges::sort(moments_);
    for (std::size_t i = 0; i < moments_.size(); ++i) {
        auto until = i + 1 < moments_.size() ? moments_[i + 1] : for_good;
        if (until != moments_[i])
            add_stretch(pick(rows, first, lane, moments_[i]), moments_[i], until, base, result);
    }
}

void Walk::add_stretch(const Segment& own, std::int64_t from, std::int64_t until, const Timeline* base,
                       Timeline& result) const {
    if (own.position != Change::none || base == nullptr) {
        result.push_back(own);
        return;
    }
    for (std::size_t i = 0; i < base->size(); ++i) {
        auto segment = (*base)[i];
        auto ends = i + 1 < base->size() ? (*base)[i + 1].from : for_good;
        if (ends <= from || segment.from >= until) continue;
        segment.from = std::max(segment.from, from);
        result.push_back(segment);
    }
}

Walk::Segment Walk::pick(const std::vector<Side::Row>& rows, std::uint32_t first, Lane lane, std::int64_t at) const {
    int best_fit = Vocabulary::unfit;
    Segment best{.from = at};
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
        const auto& row = rows[i];
        auto fit = fits_[row.lane * vocabulary_.lanes() + lane];
        // Of rows that fit as well, the table has the one that wins in front.
        if (fit <= best_fit || row.end <= at || at < row.effective) continue;
        best_fit = fit;
        best = {.from = at, .position = first + i, .terms = row.terms, .rate = row.rate, .lane = row.lane};
    }
    return best;
}

void Walk::compare(const Frame& frame, std::vector<Difference>& result) const {
    std::size_t i = 0;
    std::size_t j = 0;
    for (auto from = at_; from != for_good;) {
        auto ends = [](const Timeline& line, std::size_t place) {
            return place + 1 < line.size() ? line[place + 1].from : for_good;
        };
        auto until = std::min(ends(frame.before, i), ends(frame.after, j));
        const auto& before = frame.before[i];
        const auto& after = frame.after[j];
        if (!before.same_as(after)) {
            Difference next{.from = from, .until = until, .before = before, .after = after};
            auto* last = result.empty() ? nullptr : &result.back();
            bool goes_on = last != nullptr && last->until == from && last->before.same_as(before) &&
                           last->after.same_as(after);
            if (goes_on)
                last->until = until;
            else
                result.push_back(next);
        }
        if (ends(frame.before, i) == until) ++i;
        if (ends(frame.after, j) == until) ++j;
        from = until;
    }
}

// What shows at the family in the same way is reported there.
void Walk::report(numbering::Prefix prefix, std::uint32_t carrier, Lane lane, const Frame* parent, Frame& frame) {
    for (auto& difference : frame.differences) {
        const Difference* known = nullptr;
        if (parent != nullptr) {
            auto found = std::ranges::find_if(parent->differences,
                                              [&](const auto& other) { return other.shows_as(difference); });
            if (found != parent->differences.end()) known = &*found;
        }
        // Rows for everybody are compared as such, not again in every lane that falls back to them.
        bool own = difference.before.lane == lane || difference.after.lane == lane;
        if (known != nullptr && known->change != Change::none) {
            difference.change = known->change;
            ++diff_->changes[known->change].folded;
        } else if (own) {
            difference.change = static_cast<std::uint32_t>(diff_->changes.size());
            diff_->changes.push_back(make_change(prefix, carrier, difference));
        }
    }
}

Change Walk::make_change(numbering::Prefix prefix, std::uint32_t carrier, const Difference& difference) const {
    Change change{.carrier = carrier,
                  .prefix = prefix,
                  .begins = beginning(difference),
                  .before = difference.before.position,
                  .after = difference.after.position};
    if (difference.until != for_good) change.until = moment(difference.until);
    judge(change, difference);
    bool dearer = change.kind == ChangeKind::up;
    if (change.kind == ChangeKind::increments) {
        auto cost = [&](const Segment& segment) {
            return bill(Money::of_units(segment.rate), vocabulary_.terms(segment.terms), options_.duration).cost;
        };
        dearer = cost(difference.after) > cost(difference.before);
    }
    auto notice = std::chrono::days(options_.notice_days);
    change.short_notice = dearer && options_.announced &&
                          (!change.begins || *change.begins < *options_.announced + notice);
    return change;
}

void Walk::judge(Change& change, const Difference& difference) const {
    const auto& [from, until, before, after, number] = difference;
    if (!before.priced())
        change.kind = before.position == Change::none ? ChangeKind::opened : ChangeKind::unblocked;
    else if (!after.priced())
        change.kind = after.position == Change::none ? ChangeKind::closed : ChangeKind::blocked;
    else
        judge_rates(change, difference);
}

void Walk::judge_rates(Change& change, const Difference& difference) const {
    auto when = moment(difference.from);
    auto common = [&](const Side& side, const Segment& segment) -> std::optional<Cost> {
        auto rate = exchange_at(side.table().settings(), vocabulary_.terms(segment.terms).currency, when);
        if (!rate) return std::nullopt;
        return Cost(Money::of_units(segment.rate)).exchanged(*rate);
    };
    auto was = std::optional(Cost(Money::of_units(difference.before.rate)));
    auto is = std::optional(Cost(Money::of_units(difference.after.rate)));
    if (vocabulary_.terms(difference.before.terms).currency != vocabulary_.terms(difference.after.terms).currency) {
        was = common(before_, difference.before);
        is = common(after_, difference.after);
        bool comparable = was && is && before_.table().currency() == after_.table().currency();
        if (!comparable) {
            change.kind = ChangeKind::currency;
            return;
        }
    }
    change.kind = *is > *was ? ChangeKind::up : *is < *was ? ChangeKind::down : ChangeKind::increments;
    if (*was > Cost{} && *is > Cost{}) change.percent = 100 * (*is - *was).ratio(*was);
}

std::optional<Time> Walk::beginning(const Difference& difference) const {
    if (difference.from > at_) return moment(difference.from);
    auto date = always;
    if (difference.after.position != Change::none) {
        if (auto row = after_.row(difference.after.position)) date = row->effective;
    }
    if (date == always) return std::nullopt;
    return moment(date);
}

void Walk::lay_traffic(std::uint64_t before_key) {
    while (next_traffic_ < traffic_.size() && traffic_[next_traffic_].key < before_key) lay(traffic_[next_traffic_++]);
}

void Walk::lay(const LaidTraffic& traffic) {
    for (std::uint32_t carrier = 0; carrier < carriers_.size(); ++carrier) {
        auto& stack = carriers_[carrier].front().stack;
        stack.leave(traffic.key >> 4U);
        const auto* frame = stack.top();
        if (frame == nullptr) continue;
        for (const auto& difference : frame->differences) {
            bool meets = difference.from <= traffic_at_ && traffic_at_ < difference.until;
            if (!meets || difference.change == Change::none) continue;
            auto& impact = diff_->changes[difference.change].impact;
            auto seconds = traffic.seconds * traffic.calls;
            impact.calls += traffic.calls;
            impact.seconds += seconds;
            if (traffic.first_before == carrier) impact.first_before += seconds;
            if (traffic.first_after == carrier) impact.first_after += seconds;
            auto cost = [&](const Segment& segment) {
                if (!segment.priced()) return Cost{};
                auto each = bill(Money::of_units(segment.rate), vocabulary_.terms(segment.terms),
                                 std::chrono::seconds(traffic.seconds));
                return each.cost.times(traffic.calls);
            };
            impact.before = impact.before + cost(difference.before);
            impact.after = impact.after + cost(difference.after);
        }
    }
}

}  // namespace trunkbox::lcr

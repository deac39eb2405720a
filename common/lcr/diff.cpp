#include "lcr/diff.h"

#include "base/text.h"
#include "lcr/cheapest.h"
#include "lcr/diff_walk.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

std::vector<std::string> all_carriers(const Table& a, const Table& b) {
    std::set<std::string> names;
    for (const auto* table : {&a, &b})
        for (const auto& carrier : table->carriers()) names.insert(carrier.name);
    return {names.begin(), names.end()};
}

// When the last new price has begun: then all that the new table announces is in force.
Time last_beginning(const Table& table, Time at) {
    auto last = at.time_since_epoch().count();
    for (const auto& scope : table.parts().records<ScopeRecord>(Section::scopes)) last = std::max(last, scope.effective);
    return Time{Duration{last}};
}

// The sums of all traffic, and who carries it in which table.
class Carrying {
  public:
    Carrying(const Side& before, const Side& after, Time at) : before_(before), after_(after), at_(at) {}

    Result<std::vector<LaidTraffic>> lay(std::span<const Traffic> traffic, Diff& diff) {
        for (std::size_t i = 0; i < traffic.size(); i += chunk)
            if (auto done = lay_chunk(traffic.subspan(i, std::min(chunk, traffic.size() - i)), diff); !done)
                return tl::unexpected(done.error());
        std::ranges::sort(laid_, {}, &LaidTraffic::key);
        for (auto& [carriers, move] : moves_) diff.moves.push_back(move);
        std::ranges::stable_sort(diff.moves, std::ranges::greater{}, &Move::seconds);
        return std::move(laid_);
    }

  private:
    static constexpr std::size_t chunk = 4096;

    Result<void> lay_chunk(std::span<const Traffic> traffic, Diff& diff) {
        std::vector<Call> calls;
        auto first = laid_.size();
        for (const auto& item : traffic) {
            if (item.seconds <= 0) continue;
            auto seconds = std::min(item.seconds, longest_call);
            auto digits = fmt::format_int(item.number);
            auto number = numbering::Prefix::parse({digits.data(), digits.size()});
            if (!number)
                return failure(Fault::usage, "", fmt::format("number '{}' of the traffic is not E.164", item.number),
                               "write e.g. '442079460123'");
            calls.push_back({.number = item.number, .seconds = seconds, .at = at_});
            laid_.push_back({.key = tree_key(*number), .seconds = seconds, .calls = item.calls});
        }
        std::vector<Cheapest> before(calls.size());
        std::vector<Cheapest> after(calls.size());
        if (auto done = cheapest(before_.table(), calls, before); !done) return done;
        if (auto done = cheapest(after_.table(), calls, after); !done) return done;
        for (std::size_t i = 0; i < calls.size(); ++i) add(laid_[first + i], before[i], after[i], diff);
        return {};
    }

    void add(LaidTraffic& traffic, const Cheapest& before, const Cheapest& after, Diff& diff) {
        auto carrier = [](const Side& side, const Cheapest& answer) {
            return answer.carrier == Cheapest::none ? Change::none : side.carrier(answer.carrier);
        };
        auto name = [&](std::uint32_t number) { return number == Change::none ? std::string() : diff.carriers[number]; };
        traffic.first_before = carrier(before_, before);
        traffic.first_after = carrier(after_, after);
        auto [place, is_new] = moves_.try_emplace({traffic.first_before, traffic.first_after});
        auto& move = place->second;
        if (is_new) move = {.from = name(traffic.first_before), .to = name(traffic.first_after)};
        move.calls += traffic.calls;
        move.seconds += traffic.seconds * traffic.calls;
        auto cost_before = before.cost.times(traffic.calls);
        auto cost_after = after.cost.times(traffic.calls);
        move.before = move.before + cost_before;
        move.after = move.after + cost_after;
        diff.before = diff.before + cost_before;
        diff.after = diff.after + cost_after;
    }

    const Side& before_;
    const Side& after_;
    Time at_;
    std::vector<LaidTraffic> laid_;
    std::map<std::pair<std::uint32_t, std::uint32_t>, Move> moves_;
};

}  // namespace

std::string_view name(ChangeKind kind) {
    switch (kind) {
        case ChangeKind::opened: return "new";
        case ChangeKind::closed: return "closed";
        case ChangeKind::up: return "up";
        case ChangeKind::down: return "down";
        case ChangeKind::blocked: return "blocked";
        case ChangeKind::unblocked: return "unblocked";
        case ChangeKind::increments: return "increments";
        case ChangeKind::currency: return "currency";
    }
    return {};
}

std::string_view meaning(ChangeKind kind) {
    switch (kind) {
        case ChangeKind::opened: return "the carrier had no price for these numbers and has one now";
        case ChangeKind::closed: return "the carrier has no price for these numbers any more";
        case ChangeKind::up: return "the rate rises";
        case ChangeKind::down: return "the rate falls";
        case ChangeKind::blocked: return "the carrier had a price and blocks these numbers now";
        case ChangeKind::unblocked: return "the carrier blocked these numbers and has a price now";
        case ChangeKind::increments: return "the rate stays, increments, fees or other terms change";
        case ChangeKind::currency: return "the price is in another currency, and no rate of exchange compares the two";
    }
    return {};
}

std::size_t Diff::count(ChangeKind kind) const {
    return static_cast<std::size_t>(std::ranges::count(changes, kind, &Change::kind));
}

std::size_t Diff::short_notices() const {
    return static_cast<std::size_t>(std::ranges::count(changes, true, &Change::short_notice));
}

Result<Diff> diff(const Table& old_table, const Table& new_table, const DiffOptions& options) {
    Diff result{.carriers = all_carriers(old_table, new_table),
                .currency_before = old_table.currency(),
                .currency_after = new_table.currency()};
    Vocabulary vocabulary;
    Side before(old_table, vocabulary, result.carriers);
    Side after(new_table, vocabulary, result.carriers);
    auto traffic_at = options.traffic_at.value_or(options.ahead ? last_beginning(new_table, options.at) : options.at);
    std::vector<LaidTraffic> traffic;
    if (!options.traffic.empty()) {
        auto laid = Carrying(before, after, traffic_at).lay(options.traffic, result);
        if (!laid) return tl::unexpected(laid.error());
        traffic = std::move(*laid);
        result.traffic_at = traffic_at;
    }
    Walk walk(before, after, vocabulary, options, traffic, traffic_at);
    if (auto done = walk.run(result); !done) return tl::unexpected(done.error());
    return result;
}

Result<Table> one_carrier_table(std::string carrier, std::vector<Deck> decks, Settings settings) {
    for (const auto& deck : decks)
        for (const auto& scope : deck.scopes()) {
            if (!scope.time_class.empty()) settings.time_classes.try_emplace(scope.time_class);
            bool group = !scope.origin.empty() && !is_digit(scope.origin.front()) && scope.origin != invalid_origin;
            if (group) settings.origins.try_emplace(scope.origin);
        }
    std::vector<CarrierDecks> carriers;
    carriers.push_back({.carrier = {.name = std::move(carrier)}, .decks = std::move(decks)});
    return Table::compile(std::move(carriers), std::move(settings));
}

Time first_in_force(const Table& table, Time at) {
    std::optional<std::int64_t> first;
    auto now = at.time_since_epoch().count();
    for (const auto& scope : table.parts().records<ScopeRecord>(Section::scopes)) {
        if (scope.end != ScopeRecord::never && scope.end <= now) continue;
        auto begins = std::max(scope.effective, now);
        first = std::min(first.value_or(begins), begins);
    }
    return first ? Time{Duration{*first}} : at;
}

}  // namespace trunkbox::lcr

#include "lcr/rank.h"

#include "base/text.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

struct KeyName {
    Key key;
    std::string_view name;
};
constexpr std::array key_names{KeyName{Key::cost, "cost"}, KeyName{Key::priority, "priority"},
                               KeyName{Key::asr, "asr"},   KeyName{Key::ner, "ner"},
                               KeyName{Key::acd, "acd"},   KeyName{Key::pdd, "pdd"},
                               KeyName{Key::share, "share"}, KeyName{Key::name, "name"}};

constexpr std::uint32_t millionths = 1'000'000;
constexpr std::int64_t units_of_a_millionth = 1'000'000;  // Money

std::string_view name_of(Key key) {
    return std::ranges::find(key_names, key, &KeyName::key)->name;
}

std::optional<double> measured(const Quality& quality, Key key) {
    switch (key) {
        case Key::asr: return quality.asr;
        case Key::ner: return quality.ner;
        case Key::acd: return quality.acd;
        case Key::pdd: return quality.pdd;
        default: return std::nullopt;
    }
}

// SplitMix64 (Steele, Lea, Flood 2014): the same draws from the same seed on every machine.
class Draws {
  public:
    explicit Draws(std::uint64_t seed) : state_(seed) {}
    // Below `bound`, each value as likely: draws that would favour some are thrown away.
    std::uint64_t below(std::uint64_t bound) {
        auto unfair = (std::numeric_limits<std::uint64_t>::max() % bound + 1) % bound;
        for (;;) {
            auto drawn = next();
            if (drawn <= std::numeric_limits<std::uint64_t>::max() - unfair) return drawn % bound;
        }
    }

  private:
    std::uint64_t next() {
        auto z = state_ += 0x9E3779B97F4A7C15U;
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31U);
    }
    std::uint64_t state_;
};

class Ranking {
  public:
    Ranking(Decision& decision, const Facts& facts) : decision_(decision), facts_(facts) {}

    void run() {
        auto& ranked = decision_.ranked;
        // What is drawn must not depend on the order in which the carriers happen to stand.
        std::ranges::sort(ranked, {}, &Candidate::carrier);
        find_neutral();
        find_bands();
        draw();
        std::vector<std::size_t> order(ranked.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
        std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return compare(a, b).first < 0; });
        std::vector<std::string> reasons;
        for (std::size_t i = 0; i < order.size(); ++i) reasons.push_back(reason(order, i));
        std::vector<Candidate> sorted;
        for (std::size_t i = 0; i < order.size(); ++i) {
            auto& entry = ranked[order[i]];
            entry.probability = probability(order[i]);
            entry.rank = i + 1;
            entry.reason = std::move(reasons[i]);
        }
        for (auto index : order) sorted.push_back(std::move(ranked[index]));
        ranked = std::move(sorted);
    }

  private:
    // What is not known stands in the middle of what is.
    void find_neutral() {
        for (const auto& key : decision_.order) {
            std::vector<double> known;
            for (const auto& entry : decision_.ranked)
                if (auto value = measured(entry.quality, key.key)) known.push_back(*value);
            std::ranges::sort(known);
            neutral_[static_cast<std::size_t>(key.key)] = known.empty() ? 0 : known[(known.size() - 1) / 2];
        }
    }

    // Costs that count as equal have one band.
    void find_bands() {
        const auto& ranked = decision_.ranked;
        bands_.assign(ranked.size(), 0);
        auto near = std::ranges::find_if(decision_.order, [](const SortKey& key) { return key.within > 0; });
        if (near == decision_.order.end()) return;
        std::vector<std::size_t> by_cost(ranked.size());
        for (std::size_t i = 0; i < by_cost.size(); ++i) by_cost[i] = i;
        std::ranges::sort(by_cost, {}, [&](std::size_t i) { return ranked[i].compared; });
        std::size_t band = 0;
        Cost limit;
        for (std::size_t i = 0; i < by_cost.size(); ++i) {
            auto cost = ranked[by_cost[i]].compared.times(millionths);
            if (i == 0 || cost > limit) {
                ++band;
                limit = ranked[by_cost[i]].compared.times(millionths + near->within);
            }
            bands_[by_cost[i]] = band;
        }
    }

    // By weight, without putting back. Without any weight all are as likely.
    void draw() {
        auto& ranked = decision_.ranked;
        drawn_.assign(ranked.size(), 0);
        bool wanted = std::ranges::any_of(decision_.order, [](SortKey key) { return key.key == Key::share; });
        if (!wanted) return;
        weights_.clear();
        for (const auto& entry : ranked) weights_.push_back(entry.weight);
        if (std::ranges::all_of(weights_, [](auto weight) { return weight == 0; }))
            std::ranges::fill(weights_, std::uint64_t{1});
        Draws draws(facts_.seed ^ facts_.number.value() * 0x9E3779B97F4A7C15U);
        std::vector<bool> out(ranked.size(), false);
        for (std::size_t turn = 1; turn <= ranked.size(); ++turn) {
            std::uint64_t total = 0;
            for (std::size_t i = 0; i < ranked.size(); ++i)
                if (!out[i]) total += weights_[i];
            // Carriers of no weight come when no others are left, as they stand.
            auto ticket = total == 0 ? 0 : draws.below(total);
            for (std::size_t i = 0; i < ranked.size(); ++i) {
                if (out[i]) continue;
                if (total == 0 || ticket < weights_[i]) {
                    out[i] = true;
                    drawn_[i] = turn;
                    break;
                }
                ticket -= weights_[i];
            }
        }
    }

    [[nodiscard]] double value(std::size_t index, Key key) const {
        return measured(decision_.ranked[index].quality, key).value_or(neutral_[static_cast<std::size_t>(key)]);
    }

    // Below 0: a stands before b; and the key that decides.
    [[nodiscard]] std::pair<int, Key> compare(std::size_t a, std::size_t b) const {
        for (const auto& key : decision_.order) {
            auto sign = compare_by(key, a, b);
            if (sign != 0) return {key.descending ? -sign : sign, key.key};
        }
        return {0, Key::name};
    }

    [[nodiscard]] int compare_by(const SortKey& by, std::size_t a, std::size_t b) const {
        auto sign = [](const auto& x, const auto& y) { return x < y ? -1 : y < x ? 1 : 0; };
        const auto& x = decision_.ranked[a];
        const auto& y = decision_.ranked[b];
        switch (by.key) {
            case Key::cost: return by.within > 0 ? sign(bands_[a], bands_[b]) : sign(x.compared, y.compared);
            case Key::priority: return sign(x.priority, y.priority);
            case Key::share: return sign(drawn_[a], drawn_[b]);
            case Key::name: return sign(x.carrier, y.carrier);
            default: return sign(value(a, by.key), value(b, by.key));
        }
    }

    // Of being drawn first among those that the keys before the draw leave equal.
    [[nodiscard]] std::string probability(std::size_t index) const {
        auto share = std::ranges::find(decision_.order, Key::share, &SortKey::key);
        if (share == decision_.order.end()) return {};
        std::uint64_t total = 0;
        for (std::size_t other = 0; other < decision_.ranked.size(); ++other) {
            bool equal = std::all_of(decision_.order.begin(), share,
                                     [&](const SortKey& key) { return compare_by(key, index, other) == 0; });
            if (equal) total += weights_[other];
        }
        return total == 0 ? "0/1" : fmt::format("{}/{}", weights_[index], total);
    }

    [[nodiscard]] std::string reason(const std::vector<std::size_t>& order, std::size_t i) const {
        if (order.size() == 1) return "the only one";
        auto neighbour = i == 0 ? order[1] : order[i - 1];
        auto key = compare(order[i], neighbour).second;
        const auto& entry = decision_.ranked[order[i]];
        const auto& other = decision_.ranked[neighbour];
        const auto& first = decision_.order.front();
        auto equal = first.key != Key::cost || key == Key::cost ? std::string{}
                     : first.within > 0 ? fmt::format("costs about the same as '{}'", other.carrier)
                                        : fmt::format("costs the same as '{}'", other.carrier);
        auto with = [&](std::string text) { return equal.empty() ? text : equal + ", " + text; };
        auto side = i == 0 ? "before" : "after";
        switch (key) {
            case Key::cost:
                if (i == 0) return decision_.order.front().descending ? "dearest" : "cheapest";
                return fmt::format("{} than '{}' by {} {}", entry.compared > other.compared ? "dearer" : "cheaper",
                                   other.carrier, difference(entry, other), decision_.currency.text());
            case Key::priority: return with(fmt::format("priority {} {} {}", entry.priority, side, other.priority));
            case Key::share: return with(fmt::format("drawn {} '{}'", side, other.carrier));
            case Key::name:
                return equal + (equal.empty() ? "" : " at the same priority, ") +
                       (i == 0 ? "earlier by name" : "later by name");
            default:
                return with(fmt::format("{} {:g} {} {:g}", name_of(key), value(order[i], key), side,
                                        value(neighbour, key)));
        }
    }

    [[nodiscard]] std::string difference(const Candidate& a, const Candidate& b) const {
        auto apart = a.compared > b.compared ? a.compared - b.compared : b.compared - a.compared;
        return apart.text(6, Cost::Round::half_up, decision_.weight);
    }

    Decision& decision_;
    const Facts& facts_;
    std::array<double, key_names.size()> neutral_{};
    std::vector<std::size_t> bands_;  // of costs that count as equal
    std::vector<std::uint64_t> weights_;
    std::vector<std::size_t> drawn_;  // the turn in which each was drawn
};

}  // namespace

namespace {

// "5%" of "cost~5%".
Result<std::uint32_t> read_nearness(const SortKey& key, std::string_view text) {
    if (key.key != Key::cost)
        return failure(Fault::usage, "", fmt::format("'~' stands behind '{}'", name_of(key.key)),
                       "only costs may be near each other");
    auto word = trim(text);
    auto share = word.ends_with('%') ? Money::parse(word.substr(0, word.size() - 1)) : Result<Money>(tl::unexpected(Error{}));
    auto units = share ? share->units() / 100 / units_of_a_millionth : 0;
    if (units < 1 || units > millionths)
        return failure(Fault::usage, "", fmt::format("'{}' is not how near costs are", printable(text)),
                       "write e.g. 'cost~5%', up to 100 %");
    return static_cast<std::uint32_t>(units);
}

}  // namespace

Result<std::vector<SortKey>> parse_order(std::string_view text) {
    std::vector<SortKey> order;
    for (auto part : split(text, ',')) {
        auto word = trim(part);
        SortKey key;
        if (word.starts_with('-')) {
            key.descending = true;
            word.remove_prefix(1);
        }
        auto [bare, near] = split_once(word, '~');
        word = trim(bare);
        auto known = std::ranges::find(key_names, word, &KeyName::name);
        if (known == key_names.end())
            return failure(Fault::usage, "", fmt::format("'{}' is not a key to order by", printable(word)),
                           "the keys are cost, priority, asr, ner, acd, pdd, share and name");
        key.key = known->key;
        if (near) {
            auto within = read_nearness(key, *near);
            if (!within) return tl::unexpected(within.error());
            key.within = *within;
        }
        if (std::ranges::any_of(order, [&](SortKey before) { return before.key == key.key; }))
            return failure(Fault::usage, "", fmt::format("key '{}' is given twice", printable(word)),
                           "name it once");
        order.push_back(key);
    }
    return order;
}

std::string text(const std::vector<SortKey>& order) {
    std::string text;
    for (const auto& key : order) {
        text += fmt::format("{}{}{}", text.empty() ? "" : ",", key.descending ? "-" : "", name_of(key.key));
        if (key.within > 0) text += fmt::format("~{}%", Money::of_units(std::int64_t{key.within} * 100 * units_of_a_millionth).text());
    }
    return text;
}

std::vector<SortKey> complete_order(const std::vector<SortKey>& order) {
    auto complete = order;
    for (auto key : {Key::cost, Key::priority, Key::name})
        if (auto same = [key](const SortKey& by) { return by.key == key && by.within == 0; };
            std::ranges::none_of(complete, same))
            complete.push_back({.key = key});
    return complete;
}

void rank(Decision& decision, const Facts& facts) {
    Ranking(decision, facts).run();
    auto& ranked = decision.ranked;
    for (std::size_t i = facts.max; i < ranked.size(); ++i)
        decision.rejected.push_back(
            {.carrier = ranked[i].carrier,
             .reason = Reason::max_attempts,
             .text = fmt::format("would be number {}, at most {} are asked for", i + 1, facts.max),
             .prefix = ranked[i].prefix,
             .source = ranked[i].source});
    if (facts.max < ranked.size())
        ranked.erase(ranked.begin() + static_cast<std::ptrdiff_t>(facts.max), ranked.end());
}

}  // namespace trunkbox::lcr

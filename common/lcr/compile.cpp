// From decks to a route table: one tree of all prefixes, their rows beside each other, and the search over it.
#include "base/text.h"
#include "lcr/lines.h"
#include "lcr/pools.h"
#include "lcr/settings_codec.h"
#include "lcr/table.h"
#include "lcr/trie.h"

#include <algorithm>
#include <array>
#include <limits>
#include <tuple>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

constexpr std::size_t most_carriers = 4095;

template <class T>
void keep_each_once(std::vector<T>& values) {
    std::ranges::sort(values);
    auto doubles = std::ranges::unique(values);
    values.erase(doubles.begin(), doubles.end());
}

struct Source {
    const Deck* deck = nullptr;
    std::uint32_t carrier = 0;
    std::uint32_t amendment = 0;
};

Result<void> check_names(const std::vector<CarrierDecks>& carriers) {
    std::vector<std::string_view> names;
    for (const auto& [carrier, decks] : carriers) {
        if (carrier.name.empty())
            return failure(Fault::input, "", "carrier has no name", "name it, e.g. 'carrier-a'");
        names.push_back(carrier.name);
    }
    std::ranges::sort(names);
    if (auto twice = std::ranges::adjacent_find(names); twice != names.end())
        return failure(Fault::input, "", fmt::format("carrier '{}' is given twice", printable(*twice)),
                       "give all its decks at once");
    if (names.size() > most_carriers)
        return failure(Fault::input, "", fmt::format("{} carriers, at most {} fit", names.size(), most_carriers),
                       "compile several tables");
    return {};
}

// The first row that uses a part of its deck, for the place of an error.
template <class Uses>
std::string place_of(const Deck& deck, Uses uses) {
    for (const auto& row : deck.packed())
        if (uses(row)) return fmt::format("{}:{}", deck.file(), row.line);
    return deck.file();
}

// Without rates of exchange there can be one currency, and it is the table's.
Result<Currency> common_currency(const std::vector<Source>& sources, const Settings& settings) {
    std::optional<Currency> first;
    if (!settings.exchanges.empty()) first = settings.currency;
    for (const auto& [deck, carrier, amendment] : sources)
        for (std::uint32_t i = 0; i < deck->terms().size(); ++i) {
            const auto& terms = deck->terms()[i];
            // A blocked row has no price, so its currency says nothing.
            if (terms.blocked || std::ranges::any_of(settings.exchanges, [&](const Exchange& exchange) {
                    return exchange.currency == terms.currency;
                }))
                continue;
            if (!first) first = terms.currency;
            if (terms.currency != *first)
                return failure(Fault::input, place_of(*deck, [&](const auto& row) { return row.terms == i; }),
                               fmt::format("currency '{}' stands beside '{}' and there is no rate of exchange",
                                           terms.currency.text(), first->text()),
                               "give one in the settings, or convert the deck");
        }
    return first.value_or(settings.currency);
}

Result<void> check_scopes(const std::vector<Source>& sources, const Settings& settings) {
    for (const auto& [deck, carrier, amendment] : sources)
        for (std::uint32_t i = 0; i < deck->scopes().size(); ++i) {
            const auto& scope = deck->scopes()[i];
            auto where = [&, d = deck] { return place_of(*d, [&](const auto& row) { return row.scope == i; }); };
            if (!scope.time_class.empty() && !settings.time_classes.contains(scope.time_class))
                return failure(Fault::input, where(),
                               fmt::format("time class '{}' is not known", printable(scope.time_class)),
                               "say its hours under 'time_classes' in the settings");
            bool group = !scope.origin.empty() && !is_digit(scope.origin.front()) && scope.origin != invalid_origin;
            if (group && !settings.origins.contains(scope.origin))
                return failure(Fault::input, where(),
                               fmt::format("origin '{}' is not known", printable(scope.origin)),
                               "say its prefixes under 'origins' in the settings");
        }
    return {};
}

// The unit that the most rates are small multiples of.
std::int64_t choose_quantum(const std::vector<Source>& sources) {
    struct Fit {
        std::int64_t quantum = 1;
        std::size_t rows = 0;
    };
    std::array<Fit, Money::decimals + 1> fits{};
    for (std::size_t i = 1; i < fits.size(); ++i) fits[i].quantum = fits[i - 1].quantum * 10;
    for (const auto& source : sources)
        for (const auto& row : source.deck->packed()) {
            auto units = row.rate.units();
            // From the coarsest that divides it down to the finest that it still fits.
            for (std::size_t i = static_cast<std::size_t>(Money::decimals - row.rate.decimals_used()) + 1; i-- > 0;) {
                if (units / fits[i].quantum >= rate_by_index) break;
                ++fits[i].rows;
            }
        }
    auto best = std::ranges::max_element(fits, {}, &Fit::rows);
    return best->quantum;
}

// All prefixes, in tree order, each once. The decks are sorted, so lists are merged two by two.
std::vector<std::uint64_t> all_prefixes(const std::vector<Source>& sources) {
    std::vector<std::vector<std::uint64_t>> lists;
    for (const auto& source : sources) {
        auto& list = lists.emplace_back();
        for (const auto& row : source.deck->packed()) {
            auto key = tree_key(row.prefix);
            if (list.empty() || list.back() != key) list.push_back(key);
        }
        // Equal sizes meet, as in a merge sort.
        while (lists.size() >= 2 && lists[lists.size() - 2].size() <= 2 * lists.back().size()) {
            std::vector<std::uint64_t> merged;
            auto& a = lists[lists.size() - 2];
            std::ranges::set_union(a, lists.back(), std::back_inserter(merged));
            lists.pop_back();
            lists.back() = std::move(merged);
        }
    }
    while (lists.size() >= 2) {
        std::vector<std::uint64_t> merged;
        std::ranges::set_union(lists[lists.size() - 2], lists.back(), std::back_inserter(merged));
        lists.pop_back();
        lists.back() = std::move(merged);
    }
    return lists.empty() ? std::vector<std::uint64_t>{} : std::move(lists.front());
}

bool begins_with(std::uint64_t longer, std::uint64_t shorter) {
    auto length = [](std::uint64_t key) { return static_cast<int>(key & 15U); };
    if (length(shorter) >= length(longer)) return false;
    std::uint64_t scale = 1;
    for (int i = length(shorter); i < numbering::max_digits; ++i) scale *= 10;
    return (longer >> 4U) / scale == (shorter >> 4U) / scale;
}

std::vector<PrefixRecord> link(const std::vector<std::uint64_t>& keys) {
    std::vector<PrefixRecord> prefixes;
    prefixes.reserve(keys.size() + 1);
    std::vector<std::uint32_t> open;  // the families that the last prefix stands in
    for (auto key : keys) {
        while (!open.empty() && !begins_with(key, prefixes[open.back()].key)) open.pop_back();
        prefixes.push_back({.key = key, .shorter = open.empty() ? PrefixRecord::none : open.back()});
        open.push_back(static_cast<std::uint32_t>(prefixes.size() - 1));
    }
    prefixes.emplace_back();
    return prefixes;
}

class Compiler {
  public:
    Compiler(std::vector<Source> sources, Settings settings)
        : sources_(std::move(sources)), settings_(std::move(settings)) {}

    Result<ImageBuilder::Memory> compile() {
        auto currency = common_currency(sources_, settings_);
        if (!currency) return tl::unexpected(currency.error());
        settings_.currency = *currency;
        if (auto good = check_scopes(sources_, settings_); !good) return tl::unexpected(good.error());
        builder_.quantum = choose_quantum(sources_);
        builder_.root_digits = root_digits;
        gather_parts();
        prefixes_ = link(all_prefixes(sources_));
        if (auto placed = place_rows(); !placed) return tl::unexpected(placed.error());
        index();
        store();
        return builder_.finish();
    }

  private:
    void gather_parts() {
        for (const auto& source : sources_) {
            auto terms = source.deck->terms();
            auto scopes = source.deck->scopes();
            terms_.insert(terms_.end(), terms.begin(), terms.end());
            scopes_.insert(scopes_.end(), scopes.begin(), scopes.end());
        }
        keep_each_once(terms_);
        keep_each_once(scopes_);
        parts_ = make_parts(terms_, scopes_, texts_, builder_.quantum, settings_.currency);
        gather_texts();
        for (const auto& source : sources_)
            decks_.push_back({source.carrier, source.amendment, texts_.intern(source.deck->file())});
        for (const auto& source : sources_)
            for (const auto& row : source.deck->packed())
                if (!in_quanta(row.rate)) rates_.push_back(row.rate.units());
        keep_each_once(rates_);
    }

    // In their own order, so that the order of rows leaves no trace.
    void gather_texts() {
        std::vector<std::string_view> destinations;
        for (const auto& source : sources_)
            for (const auto& text : source.deck->destinations()) destinations.push_back(text);
        keep_each_once(destinations);
        for (auto text : destinations) (void)texts_.intern(text);
    }

    [[nodiscard]] bool in_quanta(Money rate) const {
        return rate.units() % builder_.quantum == 0 && rate.units() / builder_.quantum < rate_by_index;
    }

    [[nodiscard]] std::uint32_t stored_rate(Money rate) const {
        if (in_quanta(rate)) return static_cast<std::uint32_t>(rate.units() / builder_.quantum);
        auto place = std::ranges::lower_bound(rates_, rate.units()) - rates_.begin();
        return rate_by_index | static_cast<std::uint32_t>(place);
    }

    // The decks are walked beside the prefixes, as both are in tree order: first to count, then to place.
    template <class Visit>
    void walk(const Source& source, Visit visit) const {
        std::uint32_t place = 0;
        for (const auto& row : source.deck->packed()) {
            auto key = tree_key(row.prefix);
            while (prefixes_[place].key != key) ++place;
            visit(place, row);
        }
    }

    Result<void> place_rows() {
        std::uint64_t total = 0;
        for (const auto& source : sources_) total += source.deck->size();
        if (total >= std::numeric_limits<std::uint32_t>::max() / 2)
            return failure(Fault::input, "", fmt::format("{} rows do not fit a route table", total),
                           "compile several tables");
        std::vector<std::uint32_t> next(prefixes_.size(), 0);
        for (const auto& source : sources_)
            walk(source, [&](std::uint32_t place, const Deck::Packed&) { ++next[place]; });
        std::uint32_t first = 0;
        for (std::size_t place = 0; place < prefixes_.size(); ++place) {
            prefixes_[place].first_row = first;
            first += std::exchange(next[place], first);
        }
        rows_.resize(total);
        for (std::uint32_t i = 0; i < sources_.size(); ++i) place_deck(i, next);
        order_rows();
        return {};
    }

    void place_deck(std::uint32_t number, std::vector<std::uint32_t>& next) {
        const auto& deck = *sources_[number].deck;
        auto terms = RowParts::translate(deck.terms(), terms_);
        auto scopes = RowParts::translate(deck.scopes(), scopes_);
        std::vector<std::uint32_t> destinations;
        for (const auto& text : deck.destinations()) destinations.push_back(texts_.intern(text));
        walk(sources_[number], [&](std::uint32_t place, const Deck::Packed& row) {
            rows_[next[place]++] = {.rate = stored_rate(row.rate),
                                    .terms = terms[row.terms],
                                    .scope = scopes[row.scope],
                                    .destination = destinations[row.destination],
                                    .line = row.line,
                                    .deck = number};
        });
    }

    [[nodiscard]] std::int64_t rate_of(const RowRecord& row) const {
        return (row.rate & rate_by_index) != 0 ? rates_[row.rate & ~rate_by_index]
                                               : std::int64_t{row.rate} * builder_.quantum;
    }

    // Of two rows of one carrier and prefix, the one in front wins when both are in force: the later effective, then
    // the later amendment, then the one that asks more. The last keys make contradicting duplicates independent of
    // their order in the file, and never cheaper than what may be billed; their line only decides between rows that
    // say the same.
    [[nodiscard]] bool stands_before(const RowRecord& a, const RowRecord& b) const {
        auto key = [&](const RowRecord& row) {
            const auto& scope = parts_.scopes[row.scope];
            bool blocked = parts_.terms[row.terms].blocked != 0;
            // The terms and scopes are sorted, so their indices order as they do.
            return std::tuple(scope.effective, decks_[row.deck].amendment, blocked, rate_of(row), row.terms, row.scope);
        };
        auto key_a = key(a);
        auto key_b = key(b);
        if (key_a != key_b) return key_a > key_b;
        return std::tuple(texts_.view(a.destination), a.line) < std::tuple(texts_.view(b.destination), b.line);
    }

    void order_rows() {
        auto carrier = [&](const RowRecord& row) { return decks_[row.deck].carrier; };
        for (std::size_t place = 0; place + 1 < prefixes_.size(); ++place) {
            auto begin = rows_.begin() + prefixes_[place].first_row;
            auto end = rows_.begin() + prefixes_[place + 1].first_row;
            while (begin != end) {
                auto last = std::find_if(begin, end, [&](const auto& row) { return carrier(row) != carrier(*begin); });
                if (last - begin > 1)
                    std::sort(begin, last, [&](const auto& a, const auto& b) { return stands_before(a, b); });
                begin = last;
            }
        }
    }

    void index() {
        auto lines = build_lines({.prefixes = prefixes_,
                                  .rows = rows_,
                                  .terms = parts_.terms,
                                  .scopes = parts_.scopes,
                                  .decks = decks_,
                                  .boundaries = parts_.boundaries,
                                  .shapes = parts_.shapes,
                                  .carriers = settings_.carriers});
        auto trie = build_trie(std::span(prefixes_).first(prefixes_.size() - 1), lines.first_of_prefix);
        builder_.set(Section::lines, std::move(lines.bytes));
        builder_.set(Section::spill, std::move(lines.spill));
        builder_.set(Section::root, std::move(trie.root));
        builder_.set(Section::nodes, std::move(trie.nodes));
        builder_.set(Section::leaves, std::move(trie.leaves));
    }

    void store() {
        builder_.set(Section::settings, pack_settings(settings_));
        texts_.store(builder_);
        builder_.set(Section::decks, std::move(decks_));
        builder_.set(Section::terms, std::move(parts_.terms));
        builder_.set(Section::tiers, std::move(parts_.tiers));
        builder_.set(Section::scopes, std::move(parts_.scopes));
        builder_.set(Section::rates, std::move(rates_));
        builder_.set(Section::rows, std::move(rows_));
        builder_.set(Section::prefixes, std::move(prefixes_));
        builder_.set(Section::boundaries, std::move(parts_.boundaries));
        builder_.set(Section::shapes, std::move(parts_.shapes));
    }

    std::vector<Source> sources_;
    Settings settings_;
    ImageBuilder builder_;
    TextPool texts_;
    std::vector<Terms> terms_;
    std::vector<Scope> scopes_;
    RowParts parts_;
    std::vector<DeckRecord> decks_;
    std::vector<std::int64_t> rates_;
    std::vector<RowRecord> rows_;
    std::vector<PrefixRecord> prefixes_;
};

}  // namespace

Result<Table> Table::compile(std::vector<CarrierDecks> carriers, Settings settings) {
    if (auto good = check_names(carriers); !good) return tl::unexpected(good.error());
    std::ranges::sort(carriers, {}, [](const CarrierDecks& decks) {
        return std::tuple(decks.carrier.priority, std::string_view(decks.carrier.name));
    });
    settings.carriers.clear();
    std::vector<Source> sources;
    for (auto& [carrier, decks] : carriers) {
        auto number = static_cast<std::uint32_t>(settings.carriers.size());
        for (std::uint32_t i = 0; i < decks.size(); ++i) {
            decks[i].sort();
            sources.push_back({&decks[i], number, i});
        }
        settings.carriers.push_back(std::move(carrier));
    }
    auto memory = Compiler(std::move(sources), std::move(settings)).compile();
    if (!memory) return tl::unexpected(memory.error());
    return open(memory->bytes, std::move(memory->keep), "route table");
}

}  // namespace trunkbox::lcr

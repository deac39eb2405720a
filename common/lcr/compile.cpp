// From decks to a route table: one tree of all prefixes, their rows beside each other, and the search over it.
#include "base/text.h"
#include "lcr/all_prefixes.h"
#include "lcr/lines.h"
#include "lcr/pools.h"
#include "lcr/quantum.h"
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
    values.erase(std::unique(values.begin(), values.end()), values.end());
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

class Compiler {
  public:
    Compiler(std::vector<Source> sources, Settings settings, Storage& storage, const Parallel& parallel)
        : sources_(std::move(sources)), settings_(std::move(settings)), parallel_(parallel), builder_(storage) {}

    Result<std::span<const std::byte>> compile() {
        auto currency = common_currency(sources_, settings_);
        if (!currency) return tl::unexpected(currency.error());
        settings_.currency = *currency;
        if (auto good = check_scopes(sources_, settings_); !good) return tl::unexpected(good.error());
        std::vector<const Deck*> decks;
        for (const auto& source : sources_) decks.push_back(source.deck);
        auto quantum = choose_quantum(decks, parallel_);
        builder_.quantum = quantum.units;
        gather_parts();
        if (!quantum.fits_all) gather_rates();
        prefixes_ = all_prefixes(decks, parallel_);
        if (auto placed = place_rows(); !placed) return tl::unexpected(placed.error());
        Lines lines(line_source(), parallel_);
        auto prefixes = std::span(prefixes_).first(prefixes_.size() - 1);  // without the one behind the last
        Trie trie(prefixes, lines.first_of_prefix, parallel_);
        store(lines, trie);
        if (auto placed = builder_.place(parallel_); !placed) return tl::unexpected(placed.error());
        lines.write(builder_.part<std::byte>(Section::lines), builder_.part<std::uint32_t>(Section::line_rows), parallel_);
        trie.write(builder_.part<std::uint32_t>(Section::nodes), parallel_);
        return builder_.seal(parallel_);
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
    }

    void gather_rates() {
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

    [[nodiscard]] std::optional<std::uint32_t> in_quanta(Money rate) const {
        auto count = rate.units() / builder_.quantum;
        if (count * builder_.quantum != rate.units() || count >= rate_by_index) return std::nullopt;
        return static_cast<std::uint32_t>(count);
    }

    [[nodiscard]] std::uint32_t stored_rate(Money rate) const {
        if (auto count = in_quanta(rate)) return *count;
        auto place = std::ranges::lower_bound(rates_, rate.units()) - rates_.begin();
        return rate_by_index | static_cast<std::uint32_t>(place);
    }

    // From a deck's own indices to the table's.
    struct Translation {
        std::vector<std::uint32_t> terms;
        std::vector<std::uint32_t> scopes;
        std::vector<std::uint32_t> destinations;
    };

    Result<void> place_rows() {
        std::uint64_t total = 0;
        for (const auto& source : sources_) total += source.deck->size();
        if (total >= std::numeric_limits<std::uint32_t>::max() / 2)
            return failure(Fault::input, "", fmt::format("{} rows do not fit a route table", total),
                           "compile several tables");
        std::vector<Translation> translations;
        for (const auto& source : sources_) {
            auto& made = translations.emplace_back(Translation{RowParts::translate(source.deck->terms(), terms_),
                                                               RowParts::translate(source.deck->scopes(), scopes_), {}});
            for (const auto& text : source.deck->destinations()) made.destinations.push_back(texts_.intern(text));
        }
        auto places = prefixes_.size() - 1;
        auto rows = builder_.rows(total);
        if (!rows) return tl::unexpected(rows.error());
        rows_ = *rows;
        prefixes_.back().first_row = static_cast<std::uint32_t>(total);
        parallel_((places + places_at_once - 1) / places_at_once, [&](std::size_t i) {
            auto first = i * places_at_once;
            place_stretch(first, std::min(first + places_at_once, places), translations);
        });
        return {};
    }

    // The decks and the prefixes are in tree order, so every deck has its rows for a stretch of prefixes in one piece.
    // What is written for one stretch stays in the cache, and no two stretches touch the same rows.
    void place_stretch(std::size_t first, std::size_t last, const std::vector<Translation>& translations) {
        std::vector<std::span<const Deck::Packed>> pieces;
        std::vector<std::uint32_t> next(last - first, 0);
        std::size_t row = 0;
        for (const auto& source : sources_) {
            auto all = source.deck->packed();
            auto begin = first_row(all, prefixes_[first].key);
            auto end = last + 1 == prefixes_.size() ? all.size() : first_row(all, prefixes_[last].key);
            row += begin;
            pieces.push_back(all.subspan(begin, end - begin));
            walk(pieces.back(), first, [&](std::size_t place, const auto&) { ++next[place - first]; });
        }
        for (std::size_t place = first; place < last; ++place) {
            prefixes_[place].first_row = static_cast<std::uint32_t>(row);
            row += std::exchange(next[place - first], static_cast<std::uint32_t>(row));
        }
        for (std::uint32_t i = 0; i < sources_.size(); ++i) {
            const auto& to = translations[i];
            walk(pieces[i], first, [&](std::size_t place, const Deck::Packed& packed) {
                rows_[next[place - first]++] = {.rate = stored_rate(packed.rate),
                                                .terms = to.terms[packed.terms],
                                                .scope = to.scopes[packed.scope],
                                                .destination = to.destinations[packed.destination],
                                                .line = packed.line,
                                                .deck = i};
            });
        }
        for (std::size_t place = first; place < last; ++place)
            order_rows(rows_.subspan(prefixes_[place].first_row, next[place - first] - prefixes_[place].first_row));
    }

    // Each row with its place, from `place` on.
    template <class Visit>
    void walk(std::span<const Deck::Packed> rows, std::size_t place, Visit visit) const {
        for (const auto& row : rows) {
            auto key = tree_key(row.prefix);
            while (prefixes_[place].key != key) ++place;
            visit(place, row);
        }
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

    // The rows of one prefix: those of one carrier stand together.
    void order_rows(std::span<RowRecord> rows) const {
        auto carrier = [&](const RowRecord& row) { return decks_[row.deck].carrier; };
        for (auto begin = rows.begin(); begin != rows.end();) {
            auto last = std::find_if(begin, rows.end(), [&](const auto& row) { return carrier(row) != carrier(*begin); });
            if (last - begin > 1)
                std::sort(begin, last, [&](const auto& a, const auto& b) { return stands_before(a, b); });
            begin = last;
        }
    }

    [[nodiscard]] LineSource line_source() const {
        return {.prefixes = prefixes_,
                .rows = rows_,
                .terms = parts_.terms,
                .scopes = parts_.scopes,
                .decks = decks_,
                .boundaries = parts_.boundaries,
                .shapes = parts_.shapes,
                .carriers = settings_.carriers};
    }

    void store(Lines& lines, Trie& trie) {
        builder_.leave_room(Section::lines, lines.size());
        builder_.leave_room(Section::line_rows, lines.beside() * sizeof(std::uint32_t));
        builder_.set(Section::others, std::move(lines.others));
        builder_.set(Section::spill_rows, std::move(lines.spill_rows));
        builder_.set(Section::spill, std::move(lines.spill));
        builder_.root_digits = trie.root_digits;
        builder_.set(Section::root, std::move(trie.root));
        builder_.leave_room(Section::nodes, trie.size() * sizeof(std::uint32_t));
        builder_.set(Section::settings, pack_settings(settings_));
        texts_.store(builder_);
        builder_.set(Section::decks, std::move(decks_));
        builder_.set(Section::terms, std::move(parts_.terms));
        builder_.set(Section::tiers, std::move(parts_.tiers));
        builder_.set(Section::scopes, std::move(parts_.scopes));
        builder_.set(Section::rates, std::move(rates_));
        builder_.set(Section::prefixes, std::move(prefixes_));
        builder_.set(Section::boundaries, std::move(parts_.boundaries));
        builder_.set(Section::shapes, std::move(parts_.shapes));
    }

    // Rows and decks' pieces of so many prefixes fit the cache.
    static constexpr std::size_t places_at_once = 1024;

    std::vector<Source> sources_;
    Settings settings_;
    const Parallel& parallel_;
    ImageBuilder builder_;
    TextPool texts_;
    std::vector<Terms> terms_;
    std::vector<Scope> scopes_;
    RowParts parts_;
    std::vector<DeckRecord> decks_;
    std::vector<std::int64_t> rates_;
    std::span<RowRecord> rows_;  // in the builder
    std::vector<PrefixRecord> prefixes_;
};

}  // namespace

Result<Table> Table::compile(std::vector<CarrierDecks> carriers, Settings settings, const Parallel& parallel,
                             std::shared_ptr<Storage> storage) {
    if (auto good = check_names(carriers); !good) return tl::unexpected(good.error());
    std::ranges::sort(carriers, {}, [](const CarrierDecks& decks) {
        return std::tuple(decks.carrier.priority, std::string_view(decks.carrier.name));
    });
    settings.carriers.clear();
    std::vector<Source> sources;
    std::vector<Deck*> unsorted;
    for (auto& [carrier, decks] : carriers) {
        auto number = static_cast<std::uint32_t>(settings.carriers.size());
        for (std::uint32_t i = 0; i < decks.size(); ++i) {
            unsorted.push_back(&decks[i]);
            sources.push_back({&decks[i], number, i});
        }
        settings.carriers.push_back(std::move(carrier));
    }
    parallel(unsorted.size(), [&](std::size_t i) { unsorted[i]->sort(); });
    auto image = Compiler(std::move(sources), std::move(settings), *storage, parallel).compile();
    if (!image) return tl::unexpected(image.error());
    return open(*image, std::move(storage), "route table");
}

}  // namespace trunkbox::lcr

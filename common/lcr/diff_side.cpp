#include "lcr/diff_side.h"

#include "base/text.h"

#include <algorithm>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

constexpr auto no_carrier = std::numeric_limits<std::uint32_t>::max();

}  // namespace

std::uint32_t Vocabulary::terms(Terms terms) {
    if (terms.blocked) return blocked;
    // Every started second counts, so a first interval as long as the others is none of its own.
    if (terms.minimum == terms.increment) terms.minimum = 0;
    auto [place, is_new] = terms_numbers_.try_emplace(terms, static_cast<std::uint32_t>(terms_.size()));
    if (is_new) terms_.push_back(terms);
    return place->second;
}

Lane Vocabulary::lane(const Scope& scope) {
    Scope undated{.time_class = scope.time_class, .origin = scope.origin, .jurisdiction = scope.jurisdiction};
    auto [place, is_new] = lane_numbers_.try_emplace(undated, static_cast<Lane>(lanes_.size()));
    if (is_new) lanes_.push_back(undated);
    return place->second;
}

int Vocabulary::fit(Lane row, Lane lane) const {
    constexpr int same_origin = 100;  // more than a shorter prefix of it can have
    const auto& its = lanes_[row];
    const auto& asked = lanes_[lane];
    if (!its.time_class.empty() && its.time_class != asked.time_class) return unfit;
    if (its.jurisdiction != Jurisdiction::any && its.jurisdiction != asked.jurisdiction) return unfit;
    int origin = 0;
    if (!its.origin.empty()) {
        bool wider = is_digit(its.origin.front()) && asked.origin.starts_with(its.origin);
        if (its.origin != asked.origin && !wider) return unfit;
        origin = its.origin == asked.origin ? same_origin : static_cast<int>(its.origin.size());
    }
    return 2 * origin + (its.jurisdiction != Jurisdiction::any ? 1 : 0);
}

Side::Side(const Table& table, Vocabulary& vocabulary, std::span<const std::string> carriers)
    : table_(table),
      rows_(table.parts().records<RowRecord>(Section::rows)),
      prefixes_(table.parts().records<PrefixRecord>(Section::prefixes).first(table.prefixes())),
      rates_(table.parts().records<std::int64_t>(Section::rates)) {
    const auto& image = table.parts();
    for (const auto& record : image.records<TermsRecord>(Section::terms))
        terms_.push_back(vocabulary.terms(image.terms(record)));
    for (const auto& record : image.records<ScopeRecord>(Section::scopes))
        scopes_.push_back({.lane = vocabulary.lane(image.scope(record)),
                           .effective = record.effective,
                           .end = record.end == ScopeRecord::never ? for_good : record.end});
    for (const auto& carrier : table.carriers()) {
        auto place = std::ranges::lower_bound(carriers, carrier.name) - carriers.begin();
        carriers_.push_back(static_cast<std::uint32_t>(place));
    }
    for (const auto& deck : image.records<DeckRecord>(Section::decks))
        deck_carriers_.push_back(deck.carrier < carriers_.size() ? carriers_[deck.carrier] : no_carrier);
}

Result<Side::Row> Side::row(std::uint32_t position) const {
    const auto& record = rows_[position];
    bool by_index = (record.rate & rate_by_index) != 0;
    auto index = record.rate & ~rate_by_index;
    if (record.terms >= terms_.size() || record.scope >= scopes_.size() || record.deck >= deck_carriers_.size() ||
        deck_carriers_[record.deck] == no_carrier || (by_index && index >= rates_.size()))
        return table_.parts().damaged(Section::rows, fmt::format("record {}", position));
    Int128 rate = by_index ? Int128{rates_[index]} : Int128{record.rate} * table_.parts().header().quantum;
    auto blocked = terms_[record.terms] == Vocabulary::blocked;
    return Row{.carrier = deck_carriers_[record.deck],
               .terms = terms_[record.terms],
               .lane = scopes_[record.scope].lane,
               .rate = blocked ? 0 : static_cast<std::int64_t>(std::clamp<Int128>(rate, 0, for_good)),
               .effective = scopes_[record.scope].effective,
               .end = scopes_[record.scope].end};
}

Result<void> Side::groups(std::uint32_t place, std::vector<Group>& result) const {
    result.clear();
    auto range = table_.rows_of(place);
    if (!range) return tl::unexpected(range.error());
    bool sorted = true;
    for (auto position = range->first; position < range->last; ++position) {
        auto deck = rows_[position].deck;
        if (deck >= deck_carriers_.size() || deck_carriers_[deck] == no_carrier)
            return table_.parts().damaged(Section::rows, fmt::format("record {}", position));
        auto carrier = deck_carriers_[deck];
        if (!result.empty() && result.back().carrier == carrier) {
            ++result.back().last;
            continue;
        }
        sorted = sorted && (result.empty() || result.back().carrier < carrier);
        result.push_back({carrier, position, position + 1});
    }
    // The table has them by priority.
    if (!sorted) std::ranges::sort(result, {}, &Group::carrier);
    return {};
}

Result<void> Side::mark_lanes(std::vector<std::vector<bool>>& used) const {
    for (std::uint32_t position = 0; position < rows_.size(); ++position) {
        const auto& record = rows_[position];
        if (record.scope >= scopes_.size() || record.deck >= deck_carriers_.size() ||
            deck_carriers_[record.deck] == no_carrier)
            return table_.parts().damaged(Section::rows, fmt::format("record {}", position));
        used[deck_carriers_[record.deck]][scopes_[record.scope].lane] = true;
    }
    return {};
}

}  // namespace trunkbox::lcr

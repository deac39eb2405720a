#include "lcr/pools.h"

#include <algorithm>
#include <limits>

namespace trunkbox::lcr {

namespace {

template <class T>
std::vector<std::uint32_t> places(std::span<const T> some, const std::vector<T>& all) {
    std::vector<std::uint32_t> result;
    result.reserve(some.size());
    for (const auto& value : some)
        result.push_back(static_cast<std::uint32_t>(std::ranges::lower_bound(all, value) - all.begin()));
    return result;
}

std::int64_t moment(const std::optional<Time>& time) {
    return time ? time->time_since_epoch().count() : ScopeRecord::never;
}

// The shape of terms whose price is fee + rate × seconds in the table's currency, counted in quanta.
class Shapes {
  public:
    Shapes(std::int64_t quantum, Currency currency) : quantum_(quantum), currency_(currency) {}

    std::uint32_t number(const Terms& terms) {
        constexpr std::size_t most = 0xFFFF;
        constexpr std::int64_t most_fee = std::int64_t{1} << 56;
        if (terms.blocked || !is_linear(terms) || terms.currency != currency_) return no_shape;
        auto fee = terms.connect_fee.units();
        if (fee % quantum_ != 0 || fee / quantum_ > most_fee / 60) return no_shape;
        ShapeRecord shape{.fee = static_cast<std::uint64_t>(fee / quantum_ * 60),
                          .minimum = static_cast<std::uint32_t>(terms.minimum),
                          .increment = static_cast<std::uint32_t>(terms.increment)};
        auto [place, is_new] = numbers_.try_emplace(std::tuple(shape.fee, shape.minimum, shape.increment),
                                                    static_cast<std::uint32_t>(records.size()));
        if (is_new && records.size() >= most) {
            numbers_.erase(place);
            return no_shape;
        }
        if (is_new) records.push_back(shape);
        return place->second;
    }
    std::vector<ShapeRecord> records;

  private:
    std::int64_t quantum_;
    Currency currency_;
    std::map<std::tuple<std::uint64_t, std::uint32_t, std::uint32_t>, std::uint32_t> numbers_;
};

}  // namespace

std::uint32_t TextPool::intern(std::string_view text) {
    if (auto known = numbers_.find(text); known != numbers_.end()) return known->second;
    auto number = static_cast<std::uint32_t>(ends_.size());
    bytes_.insert(bytes_.end(), text.begin(), text.end());
    ends_.push_back(bytes_.size());
    numbers_.emplace(std::string(text), number);
    return number;
}

std::string_view TextPool::view(std::uint32_t number) const {
    auto begin = number == 0 ? 0 : ends_[number - 1];
    return {bytes_.data() + begin, ends_[number] - begin};
}

void TextPool::store(ImageBuilder& builder) {
    numbers_.clear();
    builder.set(Section::text_places, std::move(ends_));
    builder.set(Section::texts, std::move(bytes_));
}

std::vector<std::uint32_t> RowParts::translate(std::span<const Terms> some, const std::vector<Terms>& all) {
    return places(some, all);
}
std::vector<std::uint32_t> RowParts::translate(std::span<const Scope> some, const std::vector<Scope>& all) {
    return places(some, all);
}

RowParts make_parts(const std::vector<Terms>& terms, const std::vector<Scope>& scopes, TextPool& texts,
                    std::int64_t quantum, Currency currency) {
    RowParts parts;
    Shapes shapes(quantum, currency);
    for (const auto& t : terms) {
        TermsRecord record{.connect_fee = t.connect_fee.units(),
                           .attempt_fee = t.attempt_fee.units(),
                           .minimum = t.minimum,
                           .increment = t.increment,
                           .grace = t.grace,
                           .free_seconds = t.free_seconds,
                           .minimum_charge = t.minimum_charge.units(),
                           .maximum_charge = t.maximum_charge ? t.maximum_charge->units() : -1,
                           .first_tier = static_cast<std::uint32_t>(parts.tiers.size()),
                           .tiers = static_cast<std::uint32_t>(t.tiers.size()),
                           .blocked = t.blocked,
                           .shape = shapes.number(t)};
        std::ranges::copy(t.currency.text(), record.currency.begin());
        for (const auto& tier : t.tiers) parts.tiers.push_back({tier.from, tier.rate.units(), tier.increment});
        parts.terms.push_back(record);
    }
    parts.shapes = std::move(shapes.records);
    for (const auto& s : scopes) {
        parts.scopes.push_back({.effective = moment(s.effective),
                                .end = moment(s.end),
                                .time_class = texts.intern(s.time_class),
                                .origin = texts.intern(s.origin),
                                .jurisdiction = static_cast<std::uint8_t>(s.jurisdiction)});
        for (auto time : {s.effective, s.end})
            if (time) parts.boundaries.push_back(moment(time));
    }
    std::ranges::sort(parts.boundaries);
    parts.boundaries.erase(std::unique(parts.boundaries.begin(), parts.boundaries.end()), parts.boundaries.end());
    return parts;
}

}  // namespace trunkbox::lcr

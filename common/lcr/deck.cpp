#include "lcr/deck.h"

#include <algorithm>
#include <functional>
#include <unordered_map>

namespace trunkbox::lcr {

namespace {

// Values kept once each, found again by hash; the order is that of their first use.
template <class T>
class Pool {
  public:
    template <class U>
    std::uint32_t intern(const U& value, std::size_t hash) {
        if (last_ < values_.size() && values_[last_] == value) return last_;
        auto [first, end] = places_.equal_range(hash);
        for (; first != end; ++first)
            if (values_[first->second] == value) return last_ = first->second;
        last_ = static_cast<std::uint32_t>(values_.size());
        values_.emplace_back(value);
        places_.emplace(hash, last_);
        return last_;
    }
    [[nodiscard]] const std::vector<T>& values() const { return values_; }

  private:
    std::vector<T> values_;
    std::unordered_multimap<std::size_t, std::uint32_t> places_;
    std::uint32_t last_ = 0;  // neighbours in a deck are alike
};

class Hash {
  public:
    Hash& operator<<(std::uint64_t value) {
        state_ = (state_ ^ value) * 0x9E3779B97F4A7C15U;
        state_ ^= state_ >> 32U;
        return *this;
    }
    Hash& operator<<(std::int64_t value) { return *this << static_cast<std::uint64_t>(value); }
    Hash& operator<<(Money value) { return *this << value.units(); }
    Hash& operator<<(std::string_view text) { return *this << std::uint64_t{std::hash<std::string_view>{}(text)}; }
    Hash& operator<<(const std::optional<Time>& time) {
        return *this << (time ? time->time_since_epoch().count() : std::int64_t{-1});
    }
    [[nodiscard]] std::size_t value() const { return state_; }

  private:
    std::uint64_t state_ = 0;
};

std::size_t hash_of(const Terms& terms) {
    Hash hash;
    hash << terms.currency.text() << terms.connect_fee << terms.attempt_fee << terms.minimum << terms.increment
         << terms.grace << terms.free_seconds << terms.minimum_charge << terms.maximum_charge.value_or(Money{})
         << std::uint64_t{terms.blocked};
    for (const auto& tier : terms.tiers) hash << tier.from << tier.rate << tier.increment;
    return hash.value();
}

std::size_t hash_of(const Scope& scope) {
    Hash hash;
    hash << scope.effective << scope.end << std::string_view(scope.time_class) << std::string_view(scope.origin)
         << static_cast<std::uint64_t>(scope.jurisdiction);
    return hash.value();
}

}  // namespace

struct Deck::Pools {
    Pool<Terms> terms;
    Pool<Scope> scopes;
    Pool<std::string> destinations;
};

Deck::Deck(std::string file) : file_(std::move(file)), pools_(std::make_unique<Pools>()) {}
Deck::Deck(Deck&&) noexcept = default;
Deck& Deck::operator=(Deck&&) noexcept = default;
Deck::Deck(const Deck& other)
    : file_(other.file_), rows_(other.rows_), pools_(std::make_unique<Pools>(*other.pools_)) {}
Deck& Deck::operator=(const Deck& other) {
    return *this = Deck(other);
}
Deck::~Deck() = default;

DeckRow Deck::row(std::size_t index) const {
    const auto& packed = rows_[index];
    return {.prefix = packed.prefix,
            .destination = destinations()[packed.destination],
            .rate = packed.rate,
            .terms = terms()[packed.terms],
            .scope = scopes()[packed.scope],
            .line = packed.line};
}

void Deck::add(const DeckRow& row) {
    add(Packed{.prefix = row.prefix,
               .rate = row.rate,
               .terms = intern(row.terms),
               .scope = intern(row.scope),
               .destination = intern_destination(row.destination),
               .line = static_cast<std::uint32_t>(row.line)});
}

std::uint32_t Deck::intern(const Terms& terms) {
    return pools_->terms.intern(terms, hash_of(terms));
}
std::uint32_t Deck::intern(const Scope& scope) {
    return pools_->scopes.intern(scope, hash_of(scope));
}
std::uint32_t Deck::intern_destination(std::string_view destination) {
    return pools_->destinations.intern(destination, std::hash<std::string_view>{}(destination));
}

void Deck::append(const Deck& other, std::uint32_t lines) {
    auto intern_all = [](const auto& values, auto intern_one) {
        std::vector<std::uint32_t> numbers;
        for (const auto& value : values) numbers.push_back(intern_one(value));
        return numbers;
    };
    auto terms = intern_all(other.terms(), [&](const auto& value) { return intern(value); });
    auto scopes = intern_all(other.scopes(), [&](const auto& value) { return intern(value); });
    auto destinations = intern_all(other.destinations(), [&](const auto& value) { return intern_destination(value); });
    for (auto row : other.rows_) {
        row.terms = terms[row.terms];
        row.scope = scopes[row.scope];
        row.destination = destinations[row.destination];
        row.line += lines;
        rows_.push_back(row);
    }
}

std::span<const Terms> Deck::terms() const {
    return pools_->terms.values();
}
std::span<const Scope> Deck::scopes() const {
    return pools_->scopes.values();
}
std::span<const std::string> Deck::destinations() const {
    return pools_->destinations.values();
}

void Deck::sort() {
    auto key = [](const Packed& row) { return tree_key(row.prefix); };
    if (!std::ranges::is_sorted(rows_, {}, key)) std::ranges::stable_sort(rows_, {}, key);
}

}  // namespace trunkbox::lcr

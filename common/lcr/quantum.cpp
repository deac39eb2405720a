#include "lcr/quantum.h"

#include "lcr/image.h"

#include <algorithm>
#include <array>
#include <vector>

namespace trunkbox::lcr {

namespace {

// Rates by the powers of ten that they are a multiple of and at the same time small enough to count in: of those powers
// the finest (begin) and the one behind the coarsest.
class Fits {
  public:
    void add(Money rate) {
        auto units = static_cast<std::uint64_t>(rate.units());
        auto coarsest = static_cast<std::size_t>(Money::decimals - rate.decimals_used());
        std::size_t finest = 0;
        while (finest <= coarsest && units / rate_by_index >= powers_of_ten[finest]) ++finest;
        ++begin_[finest];
        ++end_[coarsest + 1];
        ++rates_;
    }
    void add(const Fits& other) {
        for (std::size_t i = 0; i < begin_.size(); ++i) {
            begin_[i] += other.begin_[i];
            end_[i] += other.end_[i];
        }
        rates_ += other.rates_;
    }
    // The unit that the most rates are small multiples of.
    [[nodiscard]] Quantum best() const {
        std::size_t best = 0, most = 0, count = 0;
        for (std::size_t i = 0; i <= Money::decimals; ++i) {
            count += begin_[i];
            count -= end_[i];
            if (count > most) {
                best = i;
                most = count;
            }
        }
        return {.units = static_cast<std::int64_t>(powers_of_ten[best]), .fits_all = most == rates_};
    }

  private:
    std::array<std::size_t, Money::decimals + 2> begin_{};
    std::array<std::size_t, Money::decimals + 2> end_{};
    std::size_t rates_ = 0;
};

}  // namespace

Quantum choose_quantum(std::span<const Deck* const> decks, const Parallel& parallel) {
    constexpr std::size_t rows_at_once = std::size_t{1} << 17;
    std::vector<std::span<const Deck::Packed>> pieces;
    for (const auto* deck : decks)
        for (auto rows = deck->packed(); !rows.empty(); rows = rows.subspan(pieces.back().size()))
            pieces.push_back(rows.first(std::min(rows_at_once, rows.size())));
    std::vector<Fits> fits(pieces.size());
    parallel(pieces.size(), [&](std::size_t i) {
        Fits mine;
        for (const auto& row : pieces[i]) mine.add(row.rate);
        fits[i] = mine;
    });
    Fits all;
    for (const auto& one : fits) all.add(one);
    return all.best();
}

}  // namespace trunkbox::lcr

#include "lcr/select.h"

#include "lcr/circumstances.h"
#include "lcr/image.h"

#include <algorithm>
#include <array>

namespace trunkbox::lcr {

namespace {

constexpr std::size_t most_shadowed = 20;

// How well a row fits: the caller first, then whether it names the jurisdiction.
struct Fit {
    int origin = 0;
    bool names_jurisdiction = false;
    auto operator<=>(const Fit&) const = default;
};

class Selection {
  public:
    Selection(const Table& table, const Facts& facts)
        : table_(table),
          facts_(facts),
          rows_(table.parts().records<RowRecord>(Section::rows)),
          scopes_(table.parts().records<ScopeRecord>(Section::scopes)),
          decks_(table.parts().records<DeckRecord>(Section::decks)),
          findings_(table.carriers().size()) {}

    Result<std::vector<Finding>> run() {
        if (auto done = walk(facts_.number, RateBy::dialled); !done) return tl::unexpected(done.error());
        if (facts_.routing_number)
            if (auto done = walk(*facts_.routing_number, RateBy::routing_number); !done)
                return tl::unexpected(done.error());
        return std::move(findings_);
    }

  private:
    // From the longest prefix of the number to the shortest, for the carriers that rate by this number.
    Result<void> walk(const numbering::E164& number, RateBy by) {
        auto place = table_.longest(number);
        while (place && *place) {
            auto range = table_.rows_of(**place);
            if (!range) return tl::unexpected(range.error());
            for (auto position = range->first; position < range->last;) {
                auto last = position;
                auto carrier = carrier_at(position);
                while (last < range->last && carrier_at(last) == carrier) ++last;
                if (carrier >= findings_.size()) return table_.parts().damaged(Section::rows, "a row of no carrier");
                const auto& its = table_.carriers()[carrier];
                auto rates_by = facts_.routing_number ? its.rate_by : RateBy::dialled;
                if (rates_by == by) weigh(carrier, number, **place, {position, last});
                position = last;
            }
            place = table_.shorter(**place);
        }
        if (!place) return tl::unexpected(place.error());
        return {};
    }

    [[nodiscard]] std::size_t carrier_at(std::uint32_t position) const {
        auto deck = rows_[position].deck;
        return deck < decks_.size() && rows_[position].scope < scopes_.size() ? decks_[deck].carrier
                                                                              : findings_.size();
    }

    // The rows of one carrier at one prefix, the one that wins in front.
    void weigh(std::size_t carrier, const numbering::E164& number, std::uint32_t place, Table::Range rows) {
        auto& finding = findings_[carrier];
        std::optional<std::pair<Fit, std::uint32_t>> best;
        std::array<std::optional<std::uint32_t>, 2> stand_ins{};  // interstate, intrastate
        for (auto position = rows.first; position < rows.last; ++position) {
            auto fit = this->fit(carrier, number, position);
            if (!fit) {
                auto& unfit = finding.unfit[static_cast<std::size_t>(fit.error())];
                if (!unfit) unfit = {position, place};
                if (fit.error() == Unfit::other_jurisdiction) stand_in(carrier, number, position, stand_ins);
                continue;
            }
            if (best && best->first >= *fit) {
                shadow(finding, {position, place});
                continue;
            }
            if (best) shadow(finding, {best->second, place});
            best = {*fit, position};
        }
        if (!best)
            if (auto row = choose(table_.carriers()[carrier], stand_ins)) best = {Fit{}, *row};
        if (!best) return;
        if (finding.row)
            shadow(finding, {best->second, place});
        else
            finding.row = {best->second, place};
    }

    static void shadow(Finding& finding, PlacedRow row) {
        if (finding.shadowed.size() < most_shadowed) finding.shadowed.push_back(row);
    }

    [[nodiscard]] tl::expected<Fit, Unfit> fit(std::size_t carrier, const numbering::E164& number,
                                               std::uint32_t position) const {
        const auto& scope = scopes_[rows_[position].scope];
        auto now = facts_.at.time_since_epoch().count();
        if (scope.end != ScopeRecord::never && scope.end <= now) return tl::unexpected(Unfit::ended);
        if (scope.effective != ScopeRecord::never && now < scope.effective) return tl::unexpected(Unfit::not_begun);
        Fit result;
        if (scope.time_class == 0 && scope.origin == 0 && scope.jurisdiction == 0) return result;
        const auto& its = table_.carriers()[carrier];
        const auto& settings = table_.settings();
        const auto& image = table_.parts();
        if (scope.time_class != 0 && !in_time_class(settings, image.text(scope.time_class), its.zone, facts_.hours_at.value_or(facts_.at)))
            return tl::unexpected(Unfit::other_hours);
        auto origin = origin_match(settings, image.text(scope.origin), facts_.from);
        if (!origin) return tl::unexpected(Unfit::other_caller);
        auto jurisdiction = static_cast<Jurisdiction>(scope.jurisdiction);
        if (jurisdiction != Jurisdiction::any &&
            jurisdiction != jurisdiction_of(settings, its.basis, facts_.from, number))
            return tl::unexpected(Unfit::other_jurisdiction);
        return Fit{.origin = *origin, .names_jurisdiction = jurisdiction != Jurisdiction::any};
    }

    // A call of no jurisdiction goes by the inter or the intra row where the deck has none for such calls.
    void stand_in(std::size_t carrier, const numbering::E164& number, std::uint32_t position,
                  std::array<std::optional<std::uint32_t>, 2>& stand_ins) const {
        const auto& its = table_.carriers()[carrier];
        auto call = jurisdiction_of(table_.settings(), its.basis, facts_.from, number);
        if (call != Jurisdiction::indeterminate) return;
        auto row = static_cast<Jurisdiction>(scopes_[rows_[position].scope].jurisdiction);
        auto& slot = stand_ins[row == Jurisdiction::interstate ? 0 : 1];
        if (!slot) slot = position;
    }

    [[nodiscard]] std::optional<std::uint32_t> choose(
        const Carrier& carrier, const std::array<std::optional<std::uint32_t>, 2>& stand_ins) const {
        const auto& [inter, intra] = stand_ins;
        if (!inter || !intra) return inter ? inter : intra;
        if (carrier.indeterminate == Indeterminate::interstate) return inter;
        if (carrier.indeterminate == Indeterminate::intrastate) return intra;
        auto cost = [&](std::uint32_t position) {
            auto row = table_.row(position);
            return row ? bill(row->rate, row->terms, facts_.duration).cost : Cost{};
        };
        return cost(*inter) >= cost(*intra) ? inter : intra;
    }

    const Table& table_;
    const Facts& facts_;
    std::span<const RowRecord> rows_;
    std::span<const ScopeRecord> scopes_;
    std::span<const DeckRecord> decks_;
    std::vector<Finding> findings_;
};

}  // namespace

Result<std::vector<Finding>> select_rows(const Table& table, const Facts& facts) {
    return Selection(table, facts).run();
}

}  // namespace trunkbox::lcr

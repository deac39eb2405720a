#include "lcr/evaluate.h"

#include "lcr/exchange.h"
#include "lcr/hours.h"
#include "lcr/image.h"
#include "lcr/rank.h"
#include "lcr/select.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

struct ReasonText {
    Reason reason;
    std::string_view name;
    std::string_view meaning;
};
constexpr std::array reason_texts{
    ReasonText{Reason::no_rate, "no_rate", "no prefix of the number stands in the carrier's decks"},
    ReasonText{Reason::blocked, "blocked", "the longest prefix in force is blocked"},
    ReasonText{Reason::expired, "expired", "all matching rows have ended"},
    ReasonText{Reason::not_yet_effective, "not_yet_effective", "no matching row is in force, at least one will be"},
    ReasonText{Reason::time_class, "time_class", "the matching rows are for other hours of the week, or none is for those into which the call lasts"},
    ReasonText{Reason::origin, "origin", "the matching rows are for other callers"},
    ReasonText{Reason::jurisdiction, "jurisdiction", "the matching rows are for calls of another jurisdiction"},
    ReasonText{Reason::shorter_match, "shorter_match", "another carrier has a longer prefix, with --match global"},
    ReasonText{Reason::margin, "margin", "the selling price leaves less than the margin asked for"},
    ReasonText{Reason::quality, "quality", "measured worse than the settings allow"},
    ReasonText{Reason::exchange, "exchange", "its currency has no rate of exchange at that time"},
    ReasonText{Reason::disabled, "disabled", "the carrier is switched off"},
    ReasonText{Reason::max_attempts, "max_attempts", "it would rank behind the number of routes asked for"},
};

const ReasonText& text_of(Reason reason) {
    return *std::ranges::find(reason_texts, reason, &ReasonText::reason);
}

Cost::Round round_of(Rounding rounding) {
    switch (rounding) {
        case Rounding::half_up: return Cost::Round::half_up;
        case Rounding::half_even: return Cost::Round::half_even;
        case Rounding::up: return Cost::Round::up;
        case Rounding::down: return Cost::Round::down;
    }
    return Cost::Round::half_up;
}

class Evaluation {
  public:
    Evaluation(const Table& table, const Facts& facts) : table_(table), facts_(facts), decision_(begin()) {}

    Result<Decision> run() {
        if (!decision_.guard.routable()) return std::move(decision_);
        auto findings = select_rows(table_, facts_);
        if (!findings) return tl::unexpected(findings.error());
        if (facts_.hours == Hours::split) {
            auto later = LaterRows::find(table_, facts_);
            if (!later) return tl::unexpected(later.error());
            later_ = std::move(*later);
        }
        auto longest = longest_match(*findings);
        if (!longest) return tl::unexpected(longest.error());
        for (std::size_t i = 0; i < findings->size(); ++i)
            if (auto done = admit(i, (*findings)[i], *longest); !done) return tl::unexpected(done.error());
        if (facts_.sell != nullptr)
            if (auto done = keep_margin(); !done) return tl::unexpected(done.error());
        rank(decision_, facts_);
        std::ranges::sort(decision_.rejected, {}, &Rejected::carrier);
        return std::move(decision_);
    }

  private:
    Decision begin() const {
        Decision decision{.number = facts_.number,
                          .at = facts_.at,
                          .duration = facts_.duration,
                          .profile = facts_.profile,
                          .currency = table_.currency(),
                          .order = complete_order(facts_.order),
                          .hours = facts_.hours,
                          .guard = lcr::guard(table_.settings().guards, facts_.number.digits())};
        if (!facts_.profile.empty()) {
            decision.weight = 0;
            for (const auto& share : facts_.profile) decision.weight += share.weight;
        }
        return decision;
    }

    // With Match::global, how long a prefix must be.
    Result<int> longest_match(const std::vector<Finding>& findings) const {
        int longest = 0;
        if (facts_.match == Match::per_carrier) return longest;
        for (const auto& finding : findings) {
            if (!finding.row) continue;
            auto prefix = table_.prefix(finding.row->place);
            if (!prefix) return tl::unexpected(prefix.error());
            longest = std::max(longest, prefix->length());
        }
        return longest;
    }

    Result<void> admit(std::size_t carrier, const Finding& finding, int longest) {
        const auto& its = table_.carriers()[carrier];
        if (!its.enabled || facts_.without.contains(its.name)) {
            reject(its, Reason::disabled, "the carrier is switched off");
            return {};
        }
        if (!finding.row) return reject_unfit(its, finding);
        auto prefix = table_.prefix(finding.row->place);
        if (!prefix) return tl::unexpected(prefix.error());
        auto row = table_.row(finding.row->position);
        if (!row) return tl::unexpected(row.error());
        if (row->terms.blocked) {
            reject(its, Reason::blocked, fmt::format("prefix {} is blocked", prefix->text()), *prefix, row->source());
            return {};
        }
        if (prefix->length() < longest) {
            reject(its, Reason::shorter_match,
                   fmt::format("prefix {} is shorter than another carrier's", prefix->text()), *prefix, row->source());
            return {};
        }
        if (later_) {
            auto after = later_->follow(carrier, finding.row->position, row->terms);
            if (!after) return tl::unexpected(after.error());
            if (!after->gap.empty()) {
                reject(its, Reason::time_class, std::move(after->gap), *prefix, row->source());
                return {};
            }
            row->terms = std::move(after->terms);
        }
        auto entry = candidate(its, *prefix, *row);
        if (!entry) return {};
        for (const auto& other : finding.shadowed)
            if (auto done = add_shadowed(*entry, other); !done) return done;
        decision_.ranked.push_back(std::move(*entry));
        return {};
    }

    Result<void> add_shadowed(Candidate& entry, const PlacedRow& placed) const {
        auto prefix = table_.prefix(placed.place);
        if (!prefix) return tl::unexpected(prefix.error());
        auto row = table_.row(placed.position);
        if (!row) return tl::unexpected(row.error());
        entry.shadowed.push_back(fmt::format("{} at {}", prefix->text(), row->source()));
        return {};
    }

    // Nothing if the carrier is left out; the reason is then in the decision.
    std::optional<Candidate> candidate(const Carrier& carrier, numbering::Prefix prefix, const Table::Row& row) {
        auto exchange = exchange_at(table_.settings(), row.terms.currency, facts_.at);
        if (!exchange) {
            reject(carrier, Reason::exchange,
                   fmt::format("no rate of exchange from {} to {} at that time", row.terms.currency.text(),
                               table_.currency().text()),
                   prefix, row.source());
            return std::nullopt;
        }
        Candidate entry{.carrier = carrier.name,
                        .priority = carrier.priority,
                        .prefix = prefix,
                        .destination = std::string(row.destination),
                        .rate = row.rate,
                        .terms = row.terms,
                        .exchange = *exchange,
                        .digits = carrier.digits,
                        .quality = known_quality(carrier),
                        .weight = carrier.weight,
                        .source = row.source()};
        if (auto why = too_bad(entry.quality); !why.empty()) {
            reject(carrier, Reason::quality, std::move(why), prefix, entry.source);
            return std::nullopt;
        }
        price(entry);
        entry.printed_cost = printed(entry.cost, carrier, decision_.weight);
        return entry;
    }

    void price(Candidate& entry) const {
        if (facts_.profile.empty()) {
            auto [seconds, cost] = bill(entry.rate, entry.terms, facts_.duration);
            entry.billed_seconds = seconds;
            entry.cost = cost;
        }
        std::uint64_t seconds = 0;
        for (const auto& share : facts_.profile) {
            auto one = bill(entry.rate, entry.terms, std::chrono::seconds(share.seconds));
            seconds += static_cast<std::uint64_t>(one.seconds) * share.weight;
            entry.cost = entry.cost + one.cost.times(share.weight);
        }
        if (!facts_.profile.empty())
            entry.billed_seconds = static_cast<std::int64_t>((seconds + decision_.weight - 1) / decision_.weight);
        entry.compared = entry.terms.currency == table_.currency() ? entry.cost : entry.cost.exchanged(entry.exchange);
    }

    [[nodiscard]] Quality known_quality(const Carrier& carrier) const {
        bool enough = !carrier.quality.samples || *carrier.quality.samples >= table_.settings().least_samples;
        return enough ? carrier.quality : Quality{};
    }

    // What is not known is not held against anybody.
    [[nodiscard]] std::string too_bad(const Quality& quality) const {
        const auto& settings = table_.settings();
        if (quality.asr && settings.least_asr && *quality.asr < *settings.least_asr)
            return fmt::format("answer-seizure ratio {} is below {}", *quality.asr, *settings.least_asr);
        if (quality.ner && settings.least_ner && *quality.ner < *settings.least_ner)
            return fmt::format("network effectiveness ratio {} is below {}", *quality.ner, *settings.least_ner);
        return {};
    }

    void reject(const Carrier& carrier, Reason reason, std::string text,
                std::optional<numbering::Prefix> prefix = {}, std::string source = {}) {
        decision_.rejected.push_back({.carrier = carrier.name,
                                      .reason = reason,
                                      .text = std::move(text),
                                      .prefix = prefix,
                                      .source = std::move(source)});
    }

    Result<void> reject_unfit(const Carrier& carrier, const Finding& finding) {
        struct Kind {
            Unfit unfit;
            Reason reason;
        };
        // What comes closest to a match is the reason.
        constexpr std::array kinds{Kind{Unfit::other_hours, Reason::time_class},
                                   Kind{Unfit::other_caller, Reason::origin},
                                   Kind{Unfit::other_jurisdiction, Reason::jurisdiction},
                                   Kind{Unfit::not_begun, Reason::not_yet_effective},
                                   Kind{Unfit::ended, Reason::expired}};
        for (const auto& kind : kinds) {
            const auto& placed = finding.unfit[static_cast<std::size_t>(kind.unfit)];
            if (!placed) continue;
            auto prefix = table_.prefix(placed->place);
            if (!prefix) return tl::unexpected(prefix.error());
            auto row = table_.row(placed->position);
            if (!row) return tl::unexpected(row.error());
            reject(carrier, kind.reason, describe(kind.unfit, prefix->text(), row->scope), *prefix, row->source());
            return {};
        }
        reject(carrier, Reason::no_rate, "no prefix of the number is in its decks");
        return {};
    }

    static std::string describe(Unfit unfit, const std::string& prefix, const Scope& scope) {
        switch (unfit) {
            case Unfit::not_begun:
                return fmt::format("prefix {} becomes effective {}", prefix, rfc3339(*scope.effective, 0));
            case Unfit::ended: return fmt::format("prefix {} ended {}", prefix, rfc3339(*scope.end, 0));
            case Unfit::other_hours: return fmt::format("prefix {} is for time class '{}'", prefix, scope.time_class);
            case Unfit::other_caller: return fmt::format("prefix {} is for callers '{}'", prefix, scope.origin);
            case Unfit::other_jurisdiction:
                return fmt::format("prefix {} is for {} calls", prefix, name(scope.jurisdiction));
        }
        return {};
    }

    // On the cost of this very call, both sides with their increments.
    Result<void> keep_margin() {
        auto facts = facts_;
        facts.sell = nullptr;
        facts.least_margin = {};
        facts.order = {};
        facts.without = {};
        facts.match = Match::per_carrier;
        if (facts_.sell->currency() != table_.currency())
            return failure(Fault::usage, "",
                           fmt::format("selling prices are in {}, routes in {}", facts_.sell->currency().text(),
                                       table_.currency().text()),
                           "compile both in one currency");
        auto price = evaluate(*facts_.sell, facts);
        if (!price) return tl::unexpected(price.error());
        std::vector<Candidate> kept;
        for (auto& entry : decision_.ranked) {
            auto why = price->ranked.empty() ? std::string("there is no selling price for the number")
                                             : below_margin(entry, price->ranked.front());
            if (why.empty())
                kept.push_back(std::move(entry));
            else
                decision_.rejected.push_back({.carrier = entry.carrier,
                                              .reason = Reason::margin,
                                              .text = std::move(why),
                                              .prefix = entry.prefix,
                                              .source = entry.source});
        }
        decision_.ranked = std::move(kept);
        return {};
    }

    std::string below_margin(Candidate& entry, const Candidate& price) const {
        auto left = price.compared - entry.compared;
        if (price.compared == Cost{}) return "the selling price is nothing";
        entry.margin = left.ratio(price.compared);
        auto least = facts_.least_margin.value_or(Money{});
        if (left.is_share(least, price.compared)) return {};
        return fmt::format("sold for {}, bought for {}: a margin of {:.2f} %, below {} %",
                           price.compared.text(6, Cost::Round::half_up, decision_.weight),
                           entry.compared.text(6, Cost::Round::half_up, decision_.weight), *entry.margin * 100,
                           Money::of_units(least.units() * 100).text());
    }

    const Table& table_;
    const Facts& facts_;
    Decision decision_;
    std::optional<LaterRows> later_{};  // of a call whose hours are split
};

}  // namespace

std::string_view name(Reason reason) {
    return text_of(reason).name;
}
std::string_view meaning(Reason reason) {
    return text_of(reason).meaning;
}
std::vector<Reason> reasons() {
    std::vector<Reason> all;
    for (const auto& entry : reason_texts) all.push_back(entry.reason);
    return all;
}

std::string printed(Cost cost, const Carrier& carrier, std::uint64_t calls) {
    return cost.text(carrier.digits, round_of(carrier.rounding), calls);
}

char* write_printed(char* to, Cost cost, const Carrier& carrier) {
    return cost.write(to, carrier.digits, round_of(carrier.rounding));
}

Result<Decision> evaluate(const Table& table, const Facts& facts) {
    return Evaluation(table, facts).run();
}

}  // namespace trunkbox::lcr

#include "lcr/hours.h"

#include "base/zone.h"
#include "lcr/circumstances.h"

#include <algorithm>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

std::vector<bool> classes_at(const Settings& settings, std::string_view zone, Time at) {
    std::vector<bool> hold;
    for (const auto& [name, spans] : settings.time_classes) hold.push_back(in_time_class(settings, name, zone, at));
    return hold;
}

std::int64_t since_1970(Time at) {
    return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

}  // namespace

std::vector<std::int64_t> class_changes(const Settings& settings, std::string_view zone, Time start,
                                        std::int64_t seconds) {
    std::vector<std::int64_t> changes;
    if (settings.time_classes.empty()) return changes;
    auto hold = classes_at(settings, zone, start);
    // Classes, and the days on which clocks are changed, begin with a minute.
    for (auto offset = 60 - since_1970(start) % 60; offset < seconds; offset += 60) {
        auto now = classes_at(settings, zone, start + std::chrono::seconds(offset));
        if (now != hold) changes.push_back(offset);
        hold = std::move(now);
    }
    return changes;
}

Terms continued(Terms terms, std::span<const Later> rows) {
    for (const auto& row : rows) {
        const auto from = std::max(row.from, terms.minimum);
        std::erase_if(terms.tiers, [&](const Tier& tier) { return tier.from >= from; });
        // What the row bills by at that moment of the call, then its own tiers.
        Tier entered{.from = from, .rate = row.rate, .increment = row.terms.increment};
        for (const auto& tier : row.terms.tiers)
            if (tier.from <= from) entered = {.from = from, .rate = tier.rate, .increment = tier.increment};
        terms.tiers.push_back(entered);
        for (const auto& tier : row.terms.tiers)
            if (tier.from > from) terms.tiers.push_back(tier);
    }
    return terms;
}

Result<LaterRows> LaterRows::find(const Table& table, const Facts& facts) {
    LaterRows later(table, facts.at);
    auto seconds = started_seconds(facts.duration);
    if (!facts.profile.empty()) seconds = std::ranges::max(facts.profile, {}, &DurationShare::seconds).seconds;
    for (const auto& carrier : table.carriers()) {
        auto [known, fresh] = later.changes_.try_emplace(carrier.zone);
        if (!fresh) continue;
        known->second = class_changes(table.settings(), carrier.zone, facts.at, seconds);
        for (auto from : known->second) later.findings_.try_emplace(from);
    }
    auto then = facts;
    for (auto& [from, findings] : later.findings_) {
        then.hours_at = facts.at + std::chrono::seconds(from);
        auto found = select_rows(table, then);
        if (!found) return tl::unexpected(found.error());
        findings = std::move(*found);
    }
    return later;
}

Result<LaterRows::Continuation> LaterRows::follow(std::size_t carrier, std::uint32_t position,
                                                  const Terms& terms) const {
    std::vector<Later> rows;
    for (auto from : changes_.at(table_->carriers()[carrier].zone)) {
        const auto& finding = findings_.at(from)[carrier];
        auto when = [&] { return rfc3339(start_ + std::chrono::seconds(from), 0); };
        if (!finding.row) return Continuation{.terms = {}, .gap = fmt::format("it has no rate from {} on", when())};
        if (finding.row->position == position) continue;
        position = finding.row->position;
        auto row = table_->row(position);
        if (!row) return tl::unexpected(row.error());
        if (row->terms.blocked)
            return Continuation{.terms = {}, .gap = fmt::format("{} blocks the call from {} on", row->source(), when())};
        if (row->terms.currency != terms.currency)
            return Continuation{.terms = {}, .gap = fmt::format("{} bills in {} from {} on", row->source(),
                                                                row->terms.currency.text(), when())};
        rows.push_back({.from = from, .rate = row->rate, .terms = std::move(row->terms)});
    }
    return Continuation{.terms = continued(terms, rows), .gap = {}};
}

}  // namespace trunkbox::lcr

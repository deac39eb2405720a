#include "lcr/contents.h"

#include <algorithm>
#include <map>

namespace trunkbox::lcr {

namespace {

void widen(std::optional<Time>& least, std::optional<Time>& most, const std::optional<Time>& time) {
    if (!time) return;
    if (!least || *time < *least) least = time;
    if (!most || *time > *most) most = time;
}

}  // namespace

Result<std::vector<CarrierContents>> contents(const Table& table) {
    std::vector<CarrierContents> all(table.carriers().size());
    for (std::uint32_t position = 0; position < table.rows(); ++position) {
        auto row = table.row(position);
        if (!row) return tl::unexpected(row.error());
        auto& its = all[row->carrier];
        ++its.rows;
        if (row->terms.blocked)
            ++its.blocked;
        else
            its.currencies.emplace(row->terms.currency.text());
        if (its.files.empty() || !its.files.contains(std::string(row->file))) its.files.emplace(row->file);
        widen(its.first_effective, its.last_effective, row->scope.effective);
        std::optional<Time> unused;
        widen(its.first_end, unused, row->scope.end);
    }
    return all;
}

Result<void> each_row(const Table& table, numbering::Prefix prefix,
                      const std::function<Result<void>(numbering::Prefix, const Table::Row&)>& visit) {
    for (auto place = table.lower_bound(prefix); place < table.prefixes(); ++place) {
        auto its = table.prefix(place);
        if (!its) return tl::unexpected(its.error());
        if (!its->begins_with(prefix)) return {};
        auto range = table.rows_of(place);
        if (!range) return tl::unexpected(range.error());
        for (auto position = range->first; position < range->last; ++position) {
            auto row = table.row(position);
            if (!row) return tl::unexpected(row.error());
            if (auto done = visit(*its, *row); !done) return done;
        }
    }
    return {};
}

std::vector<EffectiveRule> effective_rules(std::span<const RerouteRule> changes) {
    using Kind = RerouteRule::Kind;
    std::map<std::pair<Kind, int>, EffectiveRule> rules;
    for (const auto& rule : status_rules())
        rules[{Kind::status, rule.status}] = {Kind::status, rule.status, rule.next, rule.why};
    for (const auto& rule : cause_rules())
        rules[{Kind::cause, rule.cause}] = {Kind::cause, rule.cause, rule.next, rule.why};
    for (const auto& change : changes)
        rules[{change.kind, change.code}] = {change.kind, change.code, change.next, "the settings say so"};
    std::vector<EffectiveRule> all;
    for (const auto& [key, rule] : rules) all.push_back(rule);
    return all;
}

}  // namespace trunkbox::lcr

#include "output/diff.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace trunkbox::output {

namespace {

constexpr std::array kinds{lcr::ChangeKind::opened,  lcr::ChangeKind::closed,    lcr::ChangeKind::up,
                           lcr::ChangeKind::down,    lcr::ChangeKind::blocked,   lcr::ChangeKind::unblocked,
                           lcr::ChangeKind::increments, lcr::ChangeKind::currency};
static_assert(kinds.size() == lcr::change_kinds);

Result<std::optional<lcr::Table::Row>> row_at(const lcr::Table& table, std::uint32_t position) {
    if (position == lcr::Change::none) return std::optional<lcr::Table::Row>{};
    auto row = table.row(position);
    if (!row) return tl::unexpected(row.error());
    return std::optional(std::move(*row));
}

struct Sides {
    std::optional<lcr::Table::Row> before;
    std::optional<lcr::Table::Row> after;
};

Result<Sides> sides_of(const DiffView& view, const lcr::Change& change) {
    auto before = row_at(view.old_table, change.before);
    if (!before) return tl::unexpected(before.error());
    auto after = row_at(view.new_table, change.after);
    if (!after) return tl::unexpected(after.error());
    return Sides{std::move(*before), std::move(*after)};
}

Value row_or_null(const std::optional<lcr::Table::Row>& row) {
    if (!row) return {};
    return Record{{"rate", row->rate.text()},
                  {"currency", row->terms.currency.text()},
                  {"blocked", row->terms.blocked},
                  {"connect_fee", row->terms.connect_fee.text()},
                  {"minimum", row->terms.minimum},
                  {"increment", row->terms.increment},
                  {"source", row->source()}};
}

std::string side_text(const std::optional<lcr::Table::Row>& row) {
    if (!row) return "nothing";
    if (row->terms.blocked) return "blocked";
    auto text = fmt::format("{} {}", row->rate.text(), row->terms.currency.text());
    if (row->terms.minimum != 0 || row->terms.increment != 1)
        text += fmt::format(" {}/{}", row->terms.minimum, row->terms.increment);
    if (row->terms.connect_fee != Money{}) text += fmt::format(" + {}", row->terms.connect_fee.text());
    return text;
}

std::string destination(const Sides& sides) {
    const auto& row = sides.after ? sides.after : sides.before;
    return row ? std::string(row->destination) : std::string{};
}

Result<void> append_change(std::string& text, const DiffView& view, const lcr::Change& change) {
    auto sides = sides_of(view, change);
    if (!sides) return tl::unexpected(sides.error());
    text += fmt::format("{:<10} {:<8} {}  {} -> {}", lcr::name(change.kind), change.prefix.text(),
                        view.diff.carriers[change.carrier], side_text(sides->before), side_text(sides->after));
    if (change.percent && *change.percent != 0) text += fmt::format("  {:+.1f} %", *change.percent);
    if (change.begins) text += "  from " + rfc3339(*change.begins, 0);
    if (change.short_notice) text += "  short notice";
    if (auto name = destination(*sides); !name.empty()) text += "  " + name;
    if (change.folded > 0) text += fmt::format("  and {} longer", change.folded);
    if (change.impact.calls > 0)
        text += fmt::format("  {} calls, {} min: {} -> {}", change.impact.calls, change.impact.seconds / 60,
                            change.impact.before.text(2), change.impact.after.text(2));
    text += '\n';
    return {};
}

void append_traffic(std::string& text, const lcr::Diff& diff) {
    for (const auto& move : diff.moves)
        text += fmt::format("{} calls, {} min: {} -> {}, {} {} -> {} {}\n", move.calls, move.seconds / 60,
                            move.from.empty() ? "nobody" : move.from, move.to.empty() ? "nobody" : move.to,
                            move.before.text(2), diff.currency_before.text(), move.after.text(2),
                            diff.currency_after.text());
    text += fmt::format("the traffic at its cheapest: {} {} -> {} {}\n", diff.before.text(2),
                        diff.currency_before.text(), diff.after.text(2), diff.currency_after.text());
}

Record counts(const lcr::Diff& diff) {
    Record record;
    for (auto kind : kinds) record.set(std::string(lcr::name(kind)), diff.count(kind));
    record.set("short_notice", diff.short_notices());
    return record;
}

}  // namespace

Result<Record> record(const DiffView& view, const lcr::Change& change) {
    auto sides = sides_of(view, change);
    if (!sides) return tl::unexpected(sides.error());
    Record record{{"change", lcr::name(change.kind)},
                  {"carrier", view.diff.carriers[change.carrier]},
                  {"prefix", change.prefix.text()},
                  {"destination", destination(*sides)},
                  {"old", row_or_null(sides->before)},
                  {"new", row_or_null(sides->after)},
                  {"percent", change.percent ? Value(fmt::format("{:.2f}", *change.percent)) : Value()},
                  {"begins", Value::date(change.begins)},
                  {"until", Value::date(change.until)},
                  {"short_notice", change.short_notice},
                  {"folded", change.folded}};
    if (!view.diff.traffic_at) return record;
    const auto& impact = change.impact;
    record.set("traffic", Record{{"calls", impact.calls},
                                 {"seconds", impact.seconds},
                                 {"first_seconds_before", impact.first_before},
                                 {"first_seconds_after", impact.first_after},
                                 {"cost_before", impact.before.text()},
                                 {"cost_after", impact.after.text()}});
    return record;
}

Result<Record> record(const DiffView& view) {
    Value::Array changes;
    for (const auto& change : view.diff.changes) {
        auto entry = record(view, change);
        if (!entry) return entry;
        changes.emplace_back(std::move(*entry));
    }
    Record result{{"prefixes", view.diff.prefixes}, {"counts", counts(view.diff)}, {"changes", std::move(changes)}};
    if (!view.diff.traffic_at) return result;
    Value::Array moves;
    for (const auto& move : view.diff.moves)
        moves.emplace_back(Record{{"from", move.from},
                                  {"to", move.to},
                                  {"calls", move.calls},
                                  {"seconds", move.seconds},
                                  {"cost_before", move.before.text()},
                                  {"cost_after", move.after.text()}});
    result.set("traffic_at", rfc3339(*view.diff.traffic_at, 0));
    result.set("cost_before", view.diff.before.text());
    result.set("currency_before", view.diff.currency_before.text());
    result.set("cost_after", view.diff.after.text());
    result.set("currency_after", view.diff.currency_after.text());
    result.set("moves", std::move(moves));
    return result;
}

Result<std::string> text(const DiffView& view) {
    std::string text;
    for (const auto& change : view.diff.changes)
        if (auto done = append_change(text, view, change); !done) return tl::unexpected(done.error());
    if (view.diff.traffic_at) append_traffic(text, view.diff);
    std::string line;
    for (auto kind : kinds)
        if (auto count = view.diff.count(kind); count > 0)
            line += fmt::format("{}{} {}", line.empty() ? "" : ", ", count, lcr::name(kind));
    if (auto count = view.diff.short_notices(); count > 0) line += fmt::format(", {} at short notice", count);
    return text + (line.empty() ? "no change" : line) + fmt::format(" over {} prefixes\n", view.diff.prefixes);
}

}  // namespace trunkbox::output

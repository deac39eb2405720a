#include "output/directory.h"

#include <fmt/format.h>

#include "base/text.h"

namespace trunkbox::output {

using centrex::is_null;
using centrex::Column;
using centrex::Kind;
using centrex::Row;
using centrex::RowChange;
using centrex::Table;

namespace {

Value value(const Column& column, const centrex::Cell& cell) {
    if (is_null(cell)) return nullptr;
    switch (column.kind) {
        case Kind::flag: return Value(centrex::integer(cell) != 0);
        case Kind::integer:
        case Kind::seconds: return Value(centrex::integer(cell));
        default: return Value(shown(column, cell));
    }
}

std::string key_text(const Table& table, const centrex::Key& key) {
    std::string text;
    for (std::size_t i = 0; i < key.size(); ++i) text += (i > 0 ? " " : "") + shown(table.columns[i], key[i]);
    return text;
}

Value or_null(const std::string& text) { return text.empty() ? Value() : Value(text); }

Value row_or_null(const Table& table, const std::optional<Row>& row) {
    if (!row) return nullptr;
    return record(table, *row);
}

}  // namespace

Record record(const Table& table, const Row& row) {
    Record record;
    for (std::size_t i = 0; i < table.columns.size(); ++i)
        if (table.columns[i].kind != Kind::secret)
            record.set(std::string(table.columns[i].name), value(table.columns[i], row[i]));
    return record;
}

std::string text(const Table& table, const Row& row) {
    std::string line = shown(table.columns[table.keys - 1], row[table.keys - 1]);
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const auto& column = table.columns[i];
        if (i == table.keys - 1 || is_null(row[i]) || column.kind == Kind::secret) continue;
        auto shown_value = shown(column, row[i]);
        if (shown_value.find(' ') != std::string::npos) shown_value = '"' + shown_value + '"';
        line += fmt::format("  {}={}", column.name, shown_value);
    }
    return line;
}

Value row_changes(std::span<const RowChange> rows) {
    Value::Array list;
    for (const auto& row : rows)
        list.emplace_back(Record{{"op", !row.before ? "add" : !row.after ? "delete" : "set"},
                                 {"table", row.table->name},
                                 {"key", key_text(*row.table, row.key())},
                                 {"before", row_or_null(*row.table, row.before)},
                                 {"after", row_or_null(*row.table, row.after)}});
    return list;
}

std::string text(std::span<const RowChange> rows) {
    std::string text;
    for (const auto& row : rows) text += diff_line(row) + '\n';
    return text;
}

Record record(const centrex::Resolution& resolution, std::int64_t change) {
    Value::Array legs;
    for (const auto& leg : resolution.legs)
        legs.emplace_back(Record{{"user", leg.user},
                                 {"phone", leg.phone},
                                 {"site", leg.site},
                                 {"uri", leg.uri},
                                 {"after_s", Value::seconds(leg.after)},
                                 {"for_s", Value::seconds(leg.ring_for)}});
    Value::Array then;
    for (const auto& next : resolution.then) then.emplace_back(Record{{"condition", next.condition}, {"to", next.to}});
    Value::Array why;
    for (const auto& step : resolution.why) why.emplace_back(Record{{"step", step.name}, {"text", step.text}});
    Record record{{"number", resolution.number},
                  {"at", rfc3339(resolution.at, 0)},
                  {"tenant", nullptr},
                  {"outcome", centrex::name(resolution.outcome)},
                  {"legs", std::move(legs)},
                  {"then", std::move(then)},
                  {"why", std::move(why)},
                  {"emergency", nullptr},
                  {"change", change}};
    if (!resolution.tenant.empty()) record.set("tenant", resolution.tenant);
    if (const auto& emergency = resolution.emergency)
        record.set("emergency", Record{{"cli", emergency->cli.text()},
                                       {"address", emergency->address},
                                       {"site", emergency->site},
                                       {"phone", emergency->phone}});
    if (const auto& from = resolution.from)
        record.set("from", Record{{"user", or_null(from->user.name)},
                                  {"phone", or_null(from->phone ? from->phone->id.name : "")},
                                  {"shows", or_null(from->shows ? from->shows->text() : "")}});
    return record;
}

std::string text(const centrex::Resolution& resolution, bool explain) {
    auto text = fmt::format("{}  {}", resolution.number, centrex::name(resolution.outcome));
    if (!resolution.tenant.empty()) text += "  of " + resolution.tenant;
    text += '\n';
    for (const auto& leg : resolution.legs) {
        text += fmt::format("  {}  {}  {}", leg.phone.empty() ? "-" : leg.phone, leg.user, leg.uri);
        if (leg.after > Duration::zero()) text += fmt::format("  after {} s", seconds(leg.after));
        if (leg.ring_for > Duration::zero()) text += fmt::format("  for {} s", seconds(leg.ring_for));
        text += '\n';
    }
    for (const auto& next : resolution.then) text += fmt::format("  then {}: {}\n", next.condition, next.to);
    if (!explain) return text;
    for (const auto& step : resolution.why) text += fmt::format("  why {}: {}\n", step.name, step.text);
    return text;
}

}  // namespace trunkbox::output

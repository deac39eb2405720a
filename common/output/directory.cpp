#include "output/directory.h"

#include <fmt/format.h>

#include "base/text.h"
#include "output/members.h"

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

namespace {

double rounded(Duration duration) { return std::get<double>(Value::seconds(duration).data()); }

void describe_way(auto& members, const centrex::Resolution& resolution) {
    members.list("legs", resolution.legs, [](auto& leg, const centrex::Leg& its) {
        leg.set("user", its.user);
        leg.set("phone", its.phone);
        leg.set("site", its.site);
        leg.set("uri", its.uri);
        leg.set("after_s", rounded(its.after));
        leg.set("for_s", rounded(its.ring_for));
    });
    members.list("then", resolution.then, [](auto& then, const centrex::Then& its) {
        then.set("condition", its.condition);
        then.set("to", its.to);
    });
    members.list("why", resolution.why, [](auto& why, const centrex::Step& its) {
        why.set("step", its.name);
        why.set("text", its.text);
    });
}

void describe(auto& members, const centrex::Resolution& resolution, std::int64_t change) {
    members.set("number", resolution.number);
    members.set("at", rfc3339(resolution.at, 0));
    set_or_null(members, "tenant", resolution.tenant);
    members.set("outcome", centrex::name(resolution.outcome));
    describe_way(members, resolution);
    const auto& emergency = resolution.emergency;
    if (!emergency) members.set_null("emergency");
    if (emergency)
        members.nest("emergency", [&](auto& its) {
            its.set("cli", emergency->cli.text());
            its.set("address", emergency->address);
            its.set("site", emergency->site);
            its.set("phone", emergency->phone);
        });
    members.set("change", change);
    if (const auto& from = resolution.from)
        members.nest("from", [&](auto& its) {
            set_or_null(its, "user", from->user.name);
            set_or_null(its, "phone", from->phone ? from->phone->id.name : "");
            set_or_null(its, "shows", from->shows ? from->shows->text() : "");
        });
}

}  // namespace

Record record(const centrex::Resolution& resolution, std::int64_t change) {
    Record record;
    RecordMembers members(record);
    describe(members, resolution, change);
    return record;
}

std::string json_line(const centrex::Resolution& resolution, std::int64_t change) {
    std::string line;
    line.reserve(1024);
    {
        JsonMembers members(line);
        describe(members, resolution, change);
    }
    return line;
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

// What rows say of each other: names that must be there, values that are taken, and the counts of numbers.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "centrex/lookup.h"
#include "store/directory_rows.h"
#include "store/directory_schema.h"

namespace trunkbox::store {

using centrex::against;
using centrex::Cell;
using centrex::Column;
using centrex::is_null;
using centrex::Key;
using centrex::Kind;
using centrex::Row;
using centrex::Table;

namespace {

// Which of a table's columns name rows of others, and whose.
struct Naming {
    std::optional<std::size_t> tenant{};
    std::vector<std::size_t> columns{};
    bool unique = false;  // there are values that may occur but once, beside the key
};

const Naming& naming_of(const Table& table) {
    static const auto all = [] {
        std::unordered_map<const Table*, Naming> found;
        for (const auto& one : centrex::tables()) {
            auto& naming = found[&one];
            if (one.has("tenant")) naming.tenant = one.index("tenant");
            naming.unique = !one.once.empty();
            for (std::size_t i = 0; i < one.columns.size(); ++i) {
                const auto& column = one.columns[i];
                if (column.kind == Kind::target || (!column.table.empty() && column.table != one.name)) naming.columns.push_back(i);
                naming.unique = naming.unique || column.unique;
            }
        }
        return found;
    }();
    return all.at(&table);
}

}  // namespace

Result<bool> DirectoryRows::target_is_there(const std::string& tenant, const std::string& target) {
    const std::array<Cell, 2> parameters{tenant, target};
    auto row = database().one("SELECT 1 FROM \"target\" WHERE \"tenant\" = ? AND \"target\" = ?", parameters);
    if (!row) return tl::unexpected(row.error());
    return row->has_value();
}

Result<void> DirectoryRows::check_reference(const Table& table, const std::string& tenant, const Column& column,
                                            const Cell& value) {
    const auto& name = centrex::text(value);
    // The row before it most often named the same.
    auto& last = last_named_[&column];
    if (last.there && last.tenant == tenant && last.value == value) return {};
    std::string seen(column.kind == Kind::target ? "target" : column.table);
    (seen += '|') += tenant;
    append_shown(seen += '|', column, value);
    if (known_.contains(seen)) {
        last = {true, tenant, value};
        return {};
    }
    if (column.kind == Kind::target) {
        auto there = target_is_there(tenant, name);
        if (!there) return tl::unexpected(there.error());
        if (!*there) {
            auto [kind, wanted] = split_once(name, ':');
            const auto* named = centrex::find_table(kind == "voicemail" ? "user" : kind);
            auto near = near_names(*this, named != nullptr ? *named : table, tenant, std::string(wanted.value_or("")));
            return against("reference", fmt::format("tenant '{}' has no {} '{}'", printable(tenant), kind,
                                                    printable(wanted.value_or(""))),
                           near ? *near : "");
        }
    } else {
        const auto& named = centrex::table(column.table);
        Key key = column.table == "tenant" ? Key{value} : Key{tenant, value};
        auto there = centrex::known_row(*this, named, key);
        if (!there) return tl::unexpected(there.error());
    }
    known_.insert(std::move(seen));
    last = {true, tenant, value};
    return {};
}

Result<void> DirectoryRows::check_references(const Table& table, const Row& row, const std::optional<Row>& before) {
    const auto& naming = naming_of(table);
    static const std::string nobody;
    const auto& tenant = naming.tenant ? centrex::text(row[*naming.tenant]) : nobody;
    for (auto i : naming.columns) {
        if (is_null(row[i]) || (before && (*before)[i] == row[i])) continue;
        if (auto good = check_reference(table, tenant, table.columns[i], row[i]); !good) return good;
    }
    return {};
}

Result<void> DirectoryRows::check_unique(const Table& table, const Row& row) {
    if (!naming_of(table).unique) return {};
    auto check = [&](std::vector<centrex::Match> where, std::string_view what) -> Result<void> {
        auto rows = find({.table = &table, .where = std::move(where), .limit = 2});
        if (!rows) return tl::unexpected(rows.error());
        for (const auto& other : *rows)
            if (key_of(table, other) != key_of(table, row))
                return against("unique", fmt::format("{} of {} is that of {} already", what,
                                                     called(table, key_of(table, row)), called(table, key_of(table, other))));
        return {};
    };
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const auto& column = table.columns[i];
        if (!column.unique || is_null(row[i])) continue;
        if (auto good = check({{.column = column.name, .value = row[i]}}, column.name); !good) return good;
    }
    if (table.once.empty()) return {};
    auto [first, second] = split_once(table.once, ',');
    return check({{.column = first, .value = cell(table, row, first)}, {.column = *second, .value = cell(table, row, *second)}},
                 *second);
}

// The first row that names this one, if any.
Result<void> DirectoryRows::check_unused(const Table& table, const Key& key) {
    const auto& tenant = key.front();
    auto used = [&](const Table& by, std::vector<centrex::Match> where) -> Result<void> {
        auto rows = find({.table = &by, .where = std::move(where), .limit = 1});
        if (!rows) return tl::unexpected(rows.error());
        if (rows->empty()) return {};
        return against("in-use", fmt::format("{} is still named by {}", called(table, key),
                                             called(by, key_of(by, rows->front()))),
                       "change that first");
    };
    for (const auto& by : centrex::tables()) {
        for (const auto& column : by.columns) {
            Result<void> good;
            if (column.owned) continue;  // goes with it
            if (column.kind == Kind::target && !table.targets.empty())
                for (auto kind : split(table.targets, '|')) {
                    auto target = fmt::format("{}:{}", kind, centrex::text(key.back()));
                    if (good)
                        good = used(by, {{.column = "tenant", .value = tenant}, {.column = column.name, .value = target}});
                }
            else if (column.table == table.name && by.name != table.name && table.name == "tenant")
                good = used(by, {{.column = column.name, .value = tenant}});
            else if (column.table == table.name && by.name != table.name)
                good = used(by, {{.column = "tenant", .value = tenant}, {.column = column.name, .value = key.back()}});
            if (!good) return good;
        }
    }
    return {};
}

Result<void> DirectoryRows::remove_owned(const Table& table, const Key& key) {
    for (const auto& by : centrex::tables()) {
        for (const auto& column : by.columns) {
            if (!column.owned || column.table != table.name) continue;
            auto rows = find({.table = &by,
                              .where = {{.column = "tenant", .value = key.front()}, {.column = column.name, .value = key.back()}}});
            if (!rows) return tl::unexpected(rows.error());
            for (const auto& row : *rows)
                if (auto gone = remove(by, key_of(by, row)); !gone) return tl::unexpected(gone.error());
        }
    }
    return {};
}

Result<void> DirectoryRows::targets(const Table& table, const Key& key, bool add) {
    if (table.targets.empty()) return {};
    for (auto kind : split(table.targets, '|')) {
        const std::array<Cell, 2> cells{key.front(), fmt::format("{}:{}", kind, centrex::text(key.back()))};
        auto done = run(add ? "INSERT INTO \"target\" (\"tenant\", \"target\") VALUES (?, ?)"
                            : "DELETE FROM \"target\" WHERE \"tenant\" = ? AND \"target\" = ?",
                        cells);
        if (!done) return done;
    }
    return {};
}

void DirectoryRows::count_number(std::int64_t number, std::int64_t by) {
    const auto chunk = number / usage_chunk;
    counted_[chunk] += by;
    attempted_.push_back(by > 0 ? chunk : -chunk);
}

Result<void> DirectoryRows::flush() {
    if (auto settled = settle(); !settled) return settled;
    return flush_counts();
}

Result<void> DirectoryRows::flush_counts() {
    if (auto saved = save(); !saved) return saved;
    if (auto written = backlog_.write(); !written) return written;
    if (auto written = backlog_.wait(); !written) return written;
    for (const auto& [chunk, by] : counted_) {
        if (by == 0) continue;
        const std::array<Cell, 2> cells{chunk, by};
        auto done = run("INSERT INTO \"usage\" (\"chunk\", \"used\") VALUES (?, ?) ON CONFLICT (\"chunk\") DO UPDATE "
                        "SET \"used\" = \"usage\".\"used\" + excluded.\"used\"",
                        cells);
        if (!done) return done;
    }
    counted_.clear();
    return {};
}

Result<std::map<std::int64_t, std::int64_t>> DirectoryRows::used_of_chunks(std::int64_t first, std::int64_t last) {
    const std::array<Cell, 2> parameters{first, last};
    auto statement = database().prepare("SELECT \"chunk\", \"used\" FROM \"usage\" WHERE \"chunk\" BETWEEN ? AND ?");
    if (!statement) return tl::unexpected(statement.error());
    if (auto started = (*statement)->start(parameters); !started) return tl::unexpected(started.error());
    std::map<std::int64_t, std::int64_t> used;
    while (true) {
        auto there = (*statement)->step();
        if (there && *there) {
            used.emplace_hint(used.end(), centrex::integer((*statement)->cell(0)), centrex::integer((*statement)->cell(1)));
            continue;
        }
        (*statement)->finish();
        if (!there) return tl::unexpected(there.error());
        return used;
    }
}

// A chunk that the counts call full is not looked into, so that the last free one of a million is found at once.
Result<std::vector<std::int64_t>> DirectoryRows::without_row(std::int64_t first, std::int64_t last, std::size_t count) {
    if (auto flushed = flush_counts(); !flushed) return tl::unexpected(flushed.error());
    std::vector<std::int64_t> free;
    auto next = first / usage_chunk;
    const auto end = last / usage_chunk + 1;
    while (next < end && free.size() < count) {
        auto gap = skip_full(next, end);
        if (!gap) return tl::unexpected(gap.error());
        auto from = std::max(first, gap->first * usage_chunk);
        auto to = std::min(last, gap->end * usage_chunk - 1);
        if (auto done = add_gaps(from, to, count, free); !done) return tl::unexpected(done.error());
        next = gap->end + 1;
    }
    return free;
}

// The first chunks from `next` on that are not full, up to the next that is, or to `end`.
Result<DirectoryRows::Gap> DirectoryRows::skip_full(std::int64_t next, std::int64_t end) {
    const std::array<Cell, 3> parameters{next, end - 1, usage_chunk};
    auto statement = database().prepare_walk(
        "SELECT \"chunk\" FROM \"usage\" WHERE \"chunk\" BETWEEN ? AND ? AND \"used\" >= ? ORDER BY \"chunk\"");
    if (!statement) return tl::unexpected(statement.error());
    if (auto started = (*statement)->start(parameters); !started) return tl::unexpected(started.error());
    for (;;) {
        auto there = (*statement)->step();
        auto full = there && *there ? centrex::integer((*statement)->cell(0)) : end;
        if (there && full == next && next < end) {
            ++next;
            continue;
        }
        (*statement)->finish();
        if (!there) return tl::unexpected(there.error());
        return Gap{next, full};
    }
}

// What is missing from `first` to `last`, until `free` has `count`.
Result<void> DirectoryRows::add_gaps(std::int64_t first, std::int64_t last, std::size_t count, std::vector<std::int64_t>& free) {
    const std::array<Cell, 2> parameters{first, last};
    auto statement = database().prepare("SELECT \"number\" FROM \"number\" WHERE \"number\" BETWEEN ? AND ? ORDER BY \"number\"");
    if (!statement) return tl::unexpected(statement.error());
    if (auto started = (*statement)->start(parameters); !started) return started;
    for (auto next = first; next <= last && free.size() < count;) {
        auto there = (*statement)->step();
        if (!there) {
            (*statement)->finish();
            return tl::unexpected(there.error());
        }
        auto taken = *there ? centrex::integer((*statement)->cell(0)) : last + 1;
        for (; next < taken && free.size() < count; ++next) free.push_back(next);
        next = std::max(next, taken + 1);
    }
    (*statement)->finish();
    return {};
}

Result<std::vector<centrex::StateCount>> DirectoryRows::count_numbers(std::int64_t first, std::int64_t last) {
    const std::array<Cell, 2> parameters{first, last};
    if (auto written = write_held(centrex::table("number")); !written) return tl::unexpected(written.error());
    auto statement = database().prepare(
        "SELECT \"tenant\", \"state\", COUNT(*) FROM \"number\" WHERE \"number\" BETWEEN ? AND ? GROUP BY \"tenant\", \"state\"");
    if (!statement) return tl::unexpected(statement.error());
    if (auto started = (*statement)->start(parameters); !started) return tl::unexpected(started.error());
    std::vector<centrex::StateCount> counts;
    while (true) {
        auto there = (*statement)->step();
        if (there && *there) {
            counts.push_back({centrex::text((*statement)->cell(0)), centrex::text((*statement)->cell(1)),
                              centrex::integer((*statement)->cell(2))});
            continue;
        }
        (*statement)->finish();
        if (!there) return tl::unexpected(there.error());
        return counts;
    }
}

}  // namespace trunkbox::store

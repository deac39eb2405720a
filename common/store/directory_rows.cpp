#include "store/directory_rows.h"

#include <algorithm>

#include <fmt/format.h>

#include "store/directory_schema.h"

namespace trunkbox::store {

using centrex::Cell;
using centrex::Key;
using centrex::Query;
using centrex::Row;
using centrex::Table;

namespace {

std::string column_list(const Table& table) {
    std::string list;
    for (const auto& column : table.columns) list += fmt::format("{}\"{}\"", list.empty() ? "" : ", ", column.name);
    return list;
}

std::string key_condition(const Table& table) {
    std::string list;
    for (std::size_t i = 0; i < table.keys; ++i)
        list += fmt::format("{}\"{}\" = ?", list.empty() ? "" : " AND ", table.columns[i].name);
    return list;
}

std::string key_order(const Table& table, bool descending) {
    std::string list;
    for (std::size_t i = 0; i < table.keys; ++i)
        list += fmt::format("{}\"{}\"{}", list.empty() ? "" : ", ", table.columns[i].name, descending ? " DESC" : "");
    return list;
}

Row read_row(const Statement& statement, const Table& table) {
    Row row;
    row.reserve(table.columns.size());
    for (std::size_t i = 0; i < table.columns.size(); ++i) row.push_back(statement.cell(i));
    return row;
}

}  // namespace

const DirectoryRows::Texts& DirectoryRows::texts(const Table& table) {
    auto [place, added] = texts_.try_emplace(&table);
    if (!added) return place->second;
    auto& texts = place->second;
    auto columns = column_list(table);
    auto where = " WHERE " + key_condition(table);
    texts.get = fmt::format("SELECT {} FROM \"{}\"{}", columns, table.name, where);
    texts.revision = fmt::format("SELECT \"rev\" FROM \"{}\"{}", table.name, where);
    texts.all = fmt::format("SELECT {} FROM \"{}\" ORDER BY {}", columns, table.name, key_order(table, false));
    texts.remove = fmt::format("DELETE FROM \"{}\"{}", table.name, where);
    std::string marks;
    std::string sets;
    for (const auto& column : table.columns) {
        marks += "?, ";
        sets += fmt::format("\"{}\" = ?, ", column.name);
    }
    texts.insert = fmt::format("INSERT INTO \"{}\" ({}, \"rev\") VALUES ({}?)", table.name, columns, marks);
    texts.update = fmt::format("UPDATE \"{}\" SET {}\"rev\" = ?{}", table.name, sets, where);
    return texts;
}

Result<void> DirectoryRows::run(const std::string& sql, std::span<const Cell> parameters) {
    if (auto saved = save(); !saved) return saved;
    auto done = database().one(sql, parameters, 0);
    if (!done) return tl::unexpected(done.error());
    return {};
}

Result<std::int64_t> DirectoryRows::revision(const Table& table, const Key& key) {
    if (auto written = write_held(table); !written) return tl::unexpected(written.error());
    auto row = database().one(texts(table).revision, key);
    if (!row) return tl::unexpected(row.error());
    return *row ? centrex::integer((**row)[0]) : 0;
}

// Those that answer a call ask the same few questions again and again.
const std::string& DirectoryRows::text_of(const Query& query) {
    auto same = [&](const Question& asked) {
        auto alike = [](const centrex::Match& a, const centrex::Match& b) { return a.is == b.is && a.column == b.column; };
        return asked.table == query.table && asked.descending == query.descending &&
               asked.limited == (query.limit > 0) && asked.any_order == query.any_order && std::ranges::equal(asked.where, query.where, alike);
    };
    if (auto known = std::ranges::find_if(questions_, same); known != questions_.end()) return known->sql;
    Question question{.table = query.table, .descending = query.descending, .limited = query.limit > 0,
                      .any_order = query.any_order};
    question.sql = fmt::format("SELECT {} FROM \"{}\"", column_list(*query.table), query.table->name);
    for (const auto& match : query.where) {
        using Is = centrex::Match::Is;
        question.sql += question.where.empty() ? " WHERE " : " AND ";
        question.sql += fmt::format("\"{}\" {}", match.column, match.is == Is::equal      ? "= ?"
                                                               : match.is == Is::at_most  ? "<= ?"
                                                               : match.is == Is::at_least ? ">= ?"
                                                                                          : "IS NULL");
        const auto& column = query.table->columns[query.table->index(match.column)];
        question.where.push_back({.column = column.name, .is = match.is});
    }
    if (!question.any_order) question.sql += " ORDER BY " + key_order(*query.table, query.descending);
    if (question.limited) question.sql += " LIMIT ?";
    return questions_.emplace_back(std::move(question)).sql;
}

Result<std::vector<Row>> DirectoryRows::find(const Query& query) {
    const auto& table = *query.table;
    if (auto written = write_held(table); !written) return tl::unexpected(written.error());
    std::vector<Cell> parameters;
    for (const auto& match : query.where)
        if (match.is != centrex::Match::Is::null) parameters.push_back(match.value);
    if (query.limit > 0) parameters.emplace_back(static_cast<std::int64_t>(query.limit));
    const auto& sql = text_of(query);
    auto statement = database().prepare(sql);
    if (!statement) return tl::unexpected(statement.error());
    if (auto started = (*statement)->start(parameters); !started) return tl::unexpected(started.error());
    std::vector<Row> rows;
    while (true) {
        auto there = (*statement)->step();
        if (there && *there) {
            rows.push_back(read_row(**statement, table));
            continue;
        }
        (*statement)->finish();
        if (!there) return tl::unexpected(there.error());
        return rows;
    }
}

Result<void> DirectoryRows::each(const Table& table, const std::function<Result<void>(const Row&)>& take) {
    if (auto written = write_held(table); !written) return written;
    auto statement = database().prepare_walk(texts(table).all);
    if (!statement) return tl::unexpected(statement.error());
    if (auto started = (*statement)->start({}); !started) return started;
    while (true) {
        auto there = (*statement)->step();
        Result<void> taken;
        if (there && *there) taken = take(read_row(**statement, table));
        static_cast<void>(database());  // what was taken may be about to write
        if (there && *there && taken) continue;
        (*statement)->finish();
        if (!there) return tl::unexpected(there.error());
        return taken;
    }
}

Result<void> DirectoryRows::begin_change() {
    if (change_ != 0) return {};
    const auto at = std::chrono::floor<std::chrono::seconds>(edit_->at).time_since_epoch().count();
    auto maybe = [](const std::string& text) { return text.empty() ? Cell{} : Cell{text}; };
    const std::vector<Cell> cells{at,
                                  edit_->actor,
                                  edit_->host,
                                  edit_->command,
                                  maybe(edit_->message),
                                  maybe(edit_->plan),
                                  edit_->undo_of ? Cell{*edit_->undo_of} : Cell{}};
    if (auto saved = save(); !saved) return saved;
    auto row = database().one(
        "INSERT INTO \"change\" (\"change\", \"at\", \"actor\", \"host\", \"command\", \"message\", \"plan\", \"undo_of\") "
        "VALUES ((SELECT COALESCE(MAX(\"change\"), 0) + 1 FROM \"change\"), ?, ?, ?, ?, ?, ?, ?) RETURNING \"change\"",
        cells);
    if (!row) return tl::unexpected(row.error());
    change_ = centrex::integer((**row)[0]);
    return {};
}

void DirectoryRows::note(const Table& table, const std::optional<Row>& before, const Row* after) {
    backlog_.add_touched(change_, ++sequence_, table, before ? &*before : nullptr, after);
    if (edit_->keep_rows) rows_.push_back({&table, before, after != nullptr ? std::optional(*after) : std::nullopt});
}

Result<void> DirectoryRows::write_now(const Table& table, const Row& row, bool was_there) {
    std::vector<Cell> parameters(row.begin(), row.end());
    parameters.emplace_back(change_);
    if (!was_there) {
        if (auto done = targets(table, key_of(table, row), true); !done) return done;
        return run(texts(table).insert, parameters);
    }
    if (auto written = write_held(table); !written) return written;
    parameters.insert(parameters.end(), row.begin(), row.begin() + static_cast<std::ptrdiff_t>(table.keys));
    return run(texts(table).update, parameters);
}

Result<bool> DirectoryRows::put(const Table& table, Row row) {
    if (auto good = centrex::check(table, row); !good) return tl::unexpected(good.error());
    const bool is_number = table.name == "number";
    auto before = is_number ? get_number(centrex::integer(row[0])) : get(table, key_of(table, row));
    if (!before) return tl::unexpected(before.error());
    if (*before && **before == row) return false;
    if (auto good = check_references(table, row, *before); !good) return tl::unexpected(good.error());
    if (auto good = check_unique(table, row); !good) return tl::unexpected(good.error());
    if (auto begun = begin_change(); !begun) return tl::unexpected(begun.error());
    last_got_.reset();
    if (*before || !is_number)
        if (auto written = write_now(table, row, before->has_value()); !written) return tl::unexpected(written.error());
    if (!is_number) forget_seen();
    if (auto owes = owe(table, *before ? &**before : nullptr, &row); !owes) return tl::unexpected(owes.error());
    note(table, *before, &row);
    if (is_number && !*before) {
        count_number(centrex::integer(row[0]), 1);
        row.emplace_back(change_);
        backlog_.add_number(std::move(row));
    }
    if (backlog_.full() && savepoint_ == Savepoint::none)
        if (auto written = backlog_.write(); !written) return tl::unexpected(written.error());
    return true;
}

Result<bool> DirectoryRows::remove(const Table& table, const Key& key) {
    auto before = get(table, key);
    if (!before) return tl::unexpected(before.error());
    if (!*before) return false;
    if (auto good = check_unused(table, key); !good) return tl::unexpected(good.error());
    if (auto begun = begin_change(); !begun) return tl::unexpected(begun.error());
    forget_known();
    last_got_.reset();
    if (auto written = write_held(table); !written) return tl::unexpected(written.error());
    if (auto done = remove_owned(table, key); !done) return tl::unexpected(done.error());
    if (auto done = run(texts(table).remove, key); !done) return tl::unexpected(done.error());
    if (table.name != "number") forget_seen();  // what it owned may have asked for it
    if (auto done = targets(table, key, false); !done) return tl::unexpected(done.error());
    if (table.name == "number") count_number(centrex::integer(key[0]), -1);
    if (auto owes = owe(table, &**before, nullptr); !owes) return tl::unexpected(owes.error());
    note(table, *before, nullptr);
    return true;
}

}  // namespace trunkbox::store

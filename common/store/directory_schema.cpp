#include "store/directory_schema.h"

#include <fmt/format.h>

#include "base/text.h"
#include "centrex/schema.h"

namespace trunkbox::store {

namespace {

using centrex::Column;
using centrex::Kind;
using centrex::Table;
using Engine = Database::Engine;

bool is_integer(Kind kind) {
    return kind == Kind::number || kind == Kind::integer || kind == Kind::seconds || kind == Kind::time ||
           kind == Kind::flag;
}

std::string type_of(bool integer, Engine engine) {
    if (engine == Engine::sqlite) return integer ? "INTEGER" : "TEXT";
    return integer ? "BIGINT" : "TEXT COLLATE \"C\"";
}

// Not IN: for a list of more than two, SQLite builds an index for each row that it checks.
std::string choices_rule(const Column& column) {
    std::string list;
    for (auto choice : split(column.choices, '|'))
        list += fmt::format("{}\"{}\" = '{}'", list.empty() ? "" : " OR ", column.name, choice);
    return fmt::format(" CHECK ({})", list);
}

std::string column_sql(const Column& column, Engine engine) {
    auto sql = fmt::format("\"{}\" {}", column.name, type_of(is_integer(column.kind), engine));
    if (column.required) sql += " NOT NULL";
    if (column.unique) sql += " UNIQUE";
    if (!column.choices.empty()) sql += choices_rule(column);
    if (column.kind == Kind::flag) sql += fmt::format(" CHECK (\"{}\" IN (0, 1))", column.name);
    if (column.kind == Kind::number) sql += fmt::format(" CHECK (\"{}\" BETWEEN 1000 AND 999999999999999)", column.name);
    return sql;
}

// What refers to rows of other tables.
std::string reference_sql(const Table& table, const Column& column) {
    if (column.kind == Kind::target)
        return fmt::format(",\n  FOREIGN KEY (\"tenant\", \"{}\") REFERENCES \"target\" (\"tenant\", \"target\")",
                           column.name);
    if (column.table.empty() || column.table == table.name) return {};
    if (column.table == "tenant")
        return fmt::format(",\n  FOREIGN KEY (\"{}\") REFERENCES \"tenant\" (\"tenant\")", column.name);
    return fmt::format(",\n  FOREIGN KEY (\"tenant\", \"{0}\") REFERENCES \"{1}\" (\"tenant\", \"{1}\")", column.name,
                       column.table);
}

std::string table_sql(const Table& table, Engine engine) {
    auto sql = fmt::format("CREATE TABLE \"{}\" (\n", table.name);
    std::string key;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        sql += "  " + column_sql(table.columns[i], engine) + ",\n";
        if (i < table.keys) key += fmt::format("{}\"{}\"", key.empty() ? "" : ", ", table.columns[i].name);
    }
    sql += fmt::format("  \"rev\" {} NOT NULL", type_of(true, engine));
    if (!table.targets.empty()) {
        auto kind = split(table.targets, '|').front();
        sql += fmt::format(",\n  \"as_target\" {} GENERATED ALWAYS AS ('{}:' || \"{}\") STORED", type_of(false, engine),
                           kind, table.columns[1].name);
    }
    sql += fmt::format(",\n  PRIMARY KEY ({})", key);
    for (auto rule : table.rules) sql += fmt::format(",\n  CHECK ({})", rule);
    if (!table.once.empty()) {
        auto [first, second] = split_once(table.once, ',');
        sql += fmt::format(",\n  UNIQUE (\"{}\", \"{}\")", first, second.value_or(""));
    }
    if (!table.targets.empty())
        sql += ",\n  FOREIGN KEY (\"tenant\", \"as_target\") REFERENCES \"target\" (\"tenant\", \"target\")";
    for (const auto& column : table.columns) sql += reference_sql(table, column);
    return sql + (engine == Engine::sqlite ? "\n) STRICT" : "\n)");
}

// Who refers to a row must be found at once; a tenant's rows are found by their key.
void add_indexes(std::vector<std::string>& all, const Table& table) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const auto& column = table.columns[i];
        const bool refers = column.kind == Kind::target || (!column.table.empty() && column.table != "tenant");
        if (!refers || i < table.keys || table.once == fmt::format("tenant,{}", column.name)) continue;
        // With the rest of the key behind it: else the key itself is taken for its order, and the whole tenant is read.
        all.push_back(fmt::format("CREATE INDEX \"{0}_{1}\" ON \"{0}\" (\"tenant\", \"{1}\", \"{2}\") WHERE \"{1}\" IS NOT NULL",
                                  table.name, column.name, table.columns[table.keys - 1].name));
    }
}

void add_history(std::vector<std::string>& all, Engine engine) {
    const bool sqlite = engine == Engine::sqlite;
    all.push_back(fmt::format(
        "CREATE TABLE \"change\" (\n  \"change\" {} PRIMARY KEY{},\n  \"at\" {} NOT NULL,\n  \"actor\" {} NOT NULL,\n  \"host\" {} NOT NULL,\n"
        "  \"command\" {} NOT NULL,\n  \"message\" {},\n  \"plan\" {},\n  \"undo_of\" {}\n){}",
        type_of(true, engine), sqlite ? " AUTOINCREMENT" : "", type_of(true, engine), type_of(false, engine), type_of(false, engine), type_of(false, engine),
        type_of(false, engine), type_of(false, engine), type_of(true, engine), sqlite ? " STRICT" : ""));
    all.push_back(fmt::format(
        "CREATE TABLE \"change_row\" (\n  \"change\" {0} NOT NULL REFERENCES \"change\" (\"change\"),\n  \"seq\" {0} NOT NULL,\n"
        "  \"rows\" {0} NOT NULL DEFAULT 1,\n  \"table\" {1} NOT NULL,\n  \"key\" {1} NOT NULL,\n  \"before\" {1},\n  \"after\" {1},\n"
        "  PRIMARY KEY (\"change\", \"seq\")\n){2}",
        type_of(true, engine), type_of(false, engine), sqlite ? " STRICT, WITHOUT ROWID" : ""));
    if (!sqlite) return;
    for (const char* name : {"change", "change_row"})
        for (const char* verb : {"UPDATE", "DELETE"})
            all.push_back(fmt::format("CREATE TRIGGER \"{0}_no_{1}\" BEFORE {1} ON \"{0}\" BEGIN "
                                      "SELECT RAISE(ABORT, 'history is only added to'); END",
                                      name, verb));
}

}  // namespace

std::vector<std::string> schema_sql(Engine engine) {
    const bool sqlite = engine == Engine::sqlite;
    std::vector<std::string> all;
    // One row: what the database says that it is, and the lock of whoever writes. A file says so in its header.
    if (!sqlite) {
        all.push_back("CREATE TABLE \"directory\" (\n  \"application\" BIGINT PRIMARY KEY,\n  \"version\" BIGINT NOT NULL\n)");
        all.push_back(fmt::format("INSERT INTO \"directory\" VALUES ({}, {})", application_id, centrex::schema_version));
    }
    for (const auto& table : centrex::tables()) {
        all.push_back(table_sql(table, engine));
        add_indexes(all, table);
        if (table.name == "tenant")
            all.push_back(fmt::format("CREATE TABLE \"target\" (\n  \"tenant\" {0} NOT NULL REFERENCES \"tenant\" (\"tenant\"),\n"
                                      "  \"target\" {0} NOT NULL,\n  PRIMARY KEY (\"tenant\", \"target\")\n){1}",
                                      type_of(false, engine), sqlite ? " STRICT, WITHOUT ROWID" : ""));
    }
    all.push_back(
        "CREATE INDEX \"number_until\" ON \"number\" (\"until\", \"number\") WHERE \"until\" IS NOT NULL");
    all.push_back("CREATE INDEX \"user_default_cli\" ON \"user\" (\"default_cli\") WHERE \"default_cli\" IS NOT NULL");
    all.push_back("CREATE INDEX \"number_request\" ON \"number\" (\"request\", \"number\") WHERE \"request\" IS NOT NULL");
    all.push_back(fmt::format("CREATE TABLE \"usage\" (\n  \"chunk\" {0} PRIMARY KEY,\n  \"used\" {0} NOT NULL\n){1}",
                              type_of(true, engine), sqlite ? " STRICT" : ""));
    add_history(all, engine);
    if (sqlite) {
        all.push_back(fmt::format("PRAGMA application_id={}", application_id));
        all.push_back(fmt::format("PRAGMA user_version={}", centrex::schema_version));
    }
    return all;
}

}  // namespace trunkbox::store

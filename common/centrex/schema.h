// The tables of the directory as data. Storage, edits, history, dump, plans and the command line all go by these
// descriptions; none of them has code for a single table.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::centrex {

enum class Kind {
    text,     // one line, anything printable
    slug,     // a name: lower-case letters, digits, '-', '_', '.'
    number,   // E.164, kept as an integer
    integer,
    seconds,  // a length of time
    time,     // a moment, kept as seconds since 1970
    flag,     // 0 or 1
    choice,   // one of Column::choices
    target,   // "user:alice": a row of a table whose rows can be rung, of the same tenant
    zone,     // IANA time zone
    region,   // ISO 3166 letters
    domain,   // host name
    uri,      // sip:…
    digits,   // what is dialled: 0-9, '*', '#'
    prefix,   // "+44": how numbers begin; "+" is all of them
    hours,    // "mon-fri 09:00-18:00"
    day,      // "2026-12-25"
    secret,   // never shown unless asked for
};

struct Column {
    std::string_view name;
    Kind kind = Kind::text;
    bool required = false;
    bool unique = false;               // in the whole directory
    std::string_view table = {};       // the row that it names: of the same tenant, unless it is a tenant
    bool owned = false;                // a row of that table goes with the row that it names here
    std::string_view choices = {};     // "a|b|c"
    std::string_view fallback = {};    // of a new row; empty: nothing
    bool from_tenant = false;          // a new row has what the tenant's has under the same name
    std::string_view help = {};
    std::string_view sample = {};      // a good value, for errors and examples
};

// Rows of another table that belong to one row, in their order: the members of a group. That table's key is the row's key
// and "position"; `value` is its only other column.
struct List {
    std::string_view option;  // "member"
    std::string_view table;
    std::string_view value;
    std::string_view help = {};
    std::string_view sample = {};
};

struct Table {
    std::string_view name;
    std::size_t keys = 1;  // so many of the first columns are the key
    std::vector<Column> columns;
    // What a row can be rung as: "user" lets targets name it "user:alice", "user|voicemail" each of its rows as both.
    std::string_view targets = {};
    // Rules that the database keeps too, in the SQL that all databases read.
    std::vector<std::string_view> rules = {};
    // Two columns that each together occur once, beside the key; e.g. "tenant,user".
    std::string_view once = {};
    std::vector<List> lists = {};

    // Throws std::logic_error for a name that is none of its columns.
    [[nodiscard]] std::size_t index(std::string_view column) const;
    [[nodiscard]] bool has(std::string_view column) const;
};

// What is referred to comes before what refers to it.
[[nodiscard]] const std::vector<Table>& tables();
// Null when there is none of that name.
[[nodiscard]] const Table* find_table(std::string_view name);
// Throws std::logic_error when there is none.
[[nodiscard]] const Table& table(std::string_view name);

// Version of these tables, counted up with each change of them.
inline constexpr int schema_version = 4;

}  // namespace trunkbox::centrex

#include "centrex/row.h"

#include <algorithm>
#include <stdexcept>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "base/time.h"
#include "base/zone.h"
#include "centrex/hours.h"
#include "numbering/spelling.h"

namespace trunkbox::centrex {

namespace {

tl::unexpected<Error> bad(const Column& column, std::string_view text, std::string_view what, std::string fix = {}) {
    if (fix.empty() && !column.sample.empty()) fix = fmt::format("write e.g. '{}'", column.sample);
    return failure(Fault::input, "", fmt::format("{} '{}' is {}", column.name, printable(text), what), std::move(fix));
}

constexpr std::size_t longest_text = 1000;

bool all_of(std::string_view text, std::string_view marks) {
    return std::all_of(text.begin(), text.end(), [&](char c) {
        return is_digit(c) || (marks.find('a') != std::string_view::npos && c >= 'a' && c <= 'z') ||
               (c != 'a' && marks.find(c) != std::string_view::npos);
    });
}

Result<Cell> parse_slug(const Column& column, std::string_view text) {
    if (text.size() > 64 || !all_of(text, "a-_.") || text.front() == '-' || text.front() == '.')
        return bad(column, text, "no name", "use lower-case letters, digits, '-', '_' and '.', e.g. 'desk-214'");
    return std::string(text);
}

Result<Cell> parse_text(const Column& column, std::string_view text) {
    if (text.size() > longest_text) return bad(column, text, fmt::format("longer than {} bytes", longest_text));
    // Control characters would forge lines where rows are printed.
    if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
        return bad(column, text, "not one printable line", "leave out line breaks and control characters");
    return std::string(text);
}

Result<Cell> parse_number_cell(const Column& column, std::string_view text, std::string_view region) {
    auto number = numbering::read_number(text, region);
    if (!number) return failure(Fault::input, "", number.error().what, number.error().fix);
    if (number->length() < 4) return bad(column, text, "too short");
    return static_cast<std::int64_t>(number->value());
}

Result<Cell> parse_integer_cell(const Column& column, std::string_view text) {
    auto number = parse_integer<std::int64_t>(text);
    if (!number || *number < 0 || *number > 1'000'000) return bad(column, text, "not a whole number up to 1000000");
    return *number;
}

Result<Cell> parse_seconds(const Column& column, std::string_view text) {
    auto length = parse_duration(text);
    if (!length || *length < Duration::zero()) return bad(column, text, "not a duration", "write e.g. '20s'");
    return std::chrono::duration_cast<std::chrono::seconds>(*length).count();
}

Result<Cell> parse_time(const Column& column, std::string_view text) {
    auto time = parse_rfc3339(text.size() == 10 ? std::string(text) + "T00:00:00Z" : std::string(text));
    if (!time) return bad(column, text, "not a time", "write e.g. '2027-01-01' or '2027-01-01T08:00:00Z'");
    return std::chrono::floor<std::chrono::seconds>(*time).time_since_epoch().count();
}

Result<Cell> parse_flag(const Column& column, std::string_view text) {
    for (std::string_view yes : {"1", "yes", "true", "on"})
        if (iequals(text, yes)) return std::int64_t{1};
    for (std::string_view no : {"0", "no", "false", "off"})
        if (iequals(text, no)) return std::int64_t{0};
    return bad(column, text, "neither yes nor no", "write 'yes' or 'no'");
}

Result<Cell> parse_choice(const Column& column, std::string_view text) {
    auto choices = split(column.choices, '|');
    if (std::find(choices.begin(), choices.end(), text) != choices.end()) return std::string(text);
    return bad(column, text, "not known", fmt::format("choose from {}", fmt::join(choices, ", ")));
}

Result<Cell> parse_target(const Column& column, std::string_view text) {
    auto [kind, name] = split_once(text, ':');
    std::vector<std::string_view> kinds;
    for (const auto& entry : tables())
        if (!entry.targets.empty())
            for (auto one : split(entry.targets, '|')) kinds.push_back(one);
    if (!name || name->empty())
        return bad(column, text, "no target", fmt::format("write KIND:NAME, e.g. '{}'", column.sample));
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end())
        return bad(column, text, "no target", fmt::format("its kind is one of {}", fmt::join(kinds, ", ")));
    return std::string(text);
}

Result<Cell> parse_uri(const Column& column, std::string_view text) {
    const bool sip = istarts_with(text, "sip:") || istarts_with(text, "sips:");
    if (!sip || text.size() < 6 || text.size() > 255 || text.find_first_of(" \t\r\n<>\"") != std::string_view::npos)
        return bad(column, text, "not a SIP URI");
    return parse_text(column, text);
}

Result<Cell> parse_prefix(const Column& column, std::string_view text) {
    if (text.front() != '+' || text.size() > 16 || !all_of(text.substr(1), "")) return bad(column, text, "no beginning of numbers",
                                                                                          "write e.g. '+44', or '+' for all of them");
    return std::string(text);
}

Result<Cell> parse_domain(const Column& column, std::string_view text) {
    auto host = lower(text);
    if (host.size() > 253 || !all_of(host, "a-.") || host.front() == '.' || host.back() == '.' ||
        host.find("..") != std::string::npos)
        return bad(column, text, "not a domain");
    return host;
}

}  // namespace

std::int64_t integer(const Cell& cell) {
    const auto* value = std::get_if<std::int64_t>(&cell);
    return value != nullptr ? *value : 0;
}

const std::string& text(const Cell& cell) {
    static const std::string none;
    const auto* value = std::get_if<std::string>(&cell);
    return value != nullptr ? *value : none;
}

const Cell& cell(const Table& table, const Row& row, std::string_view column) { return row.at(table.index(column)); }
Cell& cell(const Table& table, Row& row, std::string_view column) { return row.at(table.index(column)); }

Key key_of(const Table& table, const Row& row) {
    return {row.begin(), row.begin() + static_cast<std::ptrdiff_t>(table.keys)};
}

namespace {

Row defaults_of(const Table& table) {
    Row row;
    for (const auto& column : table.columns) {
        auto cell = parse_cell(column, column.fallback);
        if (!cell) throw std::logic_error("the default of a column is no good value of it");
        row.push_back(std::move(*cell));
    }
    return row;
}

}  // namespace

Row empty_row(const Table& table) {
    static const auto known = [] {
        std::unordered_map<const Table*, Row> all;
        for (const auto& entry : tables()) all.emplace(&entry, defaults_of(entry));
        return all;
    }();
    const auto found = known.find(&table);
    return found == known.end() ? defaults_of(table) : found->second;
}

void append_shown(std::string& into, const Column& column, const Cell& cell) {
    if (is_null(cell)) return;
    if (const auto* word = std::get_if<std::string>(&cell)) {
        into += *word;
        return;
    }
    const auto value = std::get<std::int64_t>(cell);
    if (column.kind == Kind::time) {
        into += rfc3339(Time{std::chrono::seconds{value}}, 0);
    } else if (column.kind == Kind::flag) {
        into += value != 0 ? "yes" : "no";
    } else {
        if (column.kind == Kind::number) into += '+';
        const fmt::format_int digits(value);
        into.append(digits.data(), digits.size());
    }
}

std::string shown(const Column& column, const Cell& cell) {
    std::string text;
    append_shown(text, column, cell);
    return text;
}

Result<Cell> parse_cell(const Column& column, std::string_view text, std::string_view region) {
    if (text.empty()) return Cell{};
    switch (column.kind) {
        case Kind::text:
        case Kind::secret: return parse_text(column, text);
        case Kind::slug: return parse_slug(column, text);
        case Kind::number: return parse_number_cell(column, text, region);
        case Kind::integer: return parse_integer_cell(column, text);
        case Kind::seconds: return parse_seconds(column, text);
        case Kind::time: return parse_time(column, text);
        case Kind::flag: return parse_flag(column, text);
        case Kind::choice: return parse_choice(column, text);
        case Kind::target: return parse_target(column, text);
        case Kind::zone:
            if (auto good = check_zone(text); !good) return bad(column, text, "not a time zone");
            return std::string(text);
        case Kind::region:
            if (!numbering::is_region(text)) return bad(column, text, "not a country", "write e.g. 'FR'");
            return std::string(text);
        case Kind::domain: return parse_domain(column, text);
        case Kind::uri: return parse_uri(column, text);
        case Kind::hours:
            if (auto hours = Hours::parse(text); !hours) return tl::unexpected(hours.error());
            return std::string(trim(text));
        case Kind::day:
            if (text.size() != 10 || !parse_time(column, text)) return bad(column, text, "not a day", "write e.g. '2026-12-25'");
            return std::string(text);
        case Kind::prefix: return parse_prefix(column, text);
        case Kind::digits:
            if (text.size() > 32 || !all_of(text, "*#")) return bad(column, text, "not what can be dialled");
            return std::string(text);
    }
    throw std::logic_error("a kind of column without values");
}

std::string called(const Table& table, const Key& key) {
    std::string name;
    for (std::size_t i = 0; i < table.keys; ++i)
        if (table.keys == 1 || table.columns[i].name != "tenant")
            name += (name.empty() ? "" : " ") + shown(table.columns[i], key[i]);
    return fmt::format("{} '{}'", table.name, name);
}

void append_json_text(std::string& into, std::string_view text) {
    into += '"';
    std::size_t plain = 0;  // where what is taken as it stands begins
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool control = static_cast<unsigned char>(c) < 0x20;
        if (!control && c != '"' && c != '\\') continue;
        into += text.substr(plain, i - plain);
        plain = i + 1;
        if (control)
            fmt::format_to(std::back_inserter(into), "\\u{:04x}", static_cast<unsigned>(c));
        else
            (into += '\\') += c;
    }
    into += text.substr(plain);
    into += '"';
}

namespace {

void append_json_value(std::string& into, const Column& column, const Cell& cell) {
    if (column.kind == Kind::flag) {
        into += integer(cell) != 0 ? "true" : "false";
    } else if (column.kind == Kind::integer || column.kind == Kind::seconds) {
        append_shown(into, column, cell);
    } else if (const auto* word = std::get_if<std::string>(&cell)) {
        append_json_text(into, *word);
    } else {  // a number or a time: nothing to escape
        into += '"';
        append_shown(into, column, cell);
        into += '"';
    }
}

}  // namespace

void append_json(std::string& into, const Table& table, std::span<const Cell> cells) {
    into += '{';
    bool first = true;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (is_null(cells[i])) continue;
        const auto& column = table.columns[i];
        into += std::exchange(first, false) ? "\"" : ",\"";
        into += column.name;
        into += "\":";
        append_json_value(into, column, cells[i]);
    }
    into += '}';
}

std::string json(const Table& table, std::span<const Cell> cells) {
    std::string line;
    append_json(line, table, cells);
    return line;
}

Result<void> check(const Table& table, const Row& row) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const auto& column = table.columns[i];
        if (column.required && is_null(row[i]))
            return failure(Fault::input, "", fmt::format("{} has no {}", called(table, key_of(table, row)), column.name),
                           column.sample.empty() ? "" : fmt::format("give one, e.g. '{}'", column.sample));
    }
    return {};
}

}  // namespace trunkbox::centrex

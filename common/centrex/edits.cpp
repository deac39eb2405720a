#include "centrex/edits.h"

#include <fmt/format.h>

namespace trunkbox::centrex {

tl::unexpected<Error> against(std::string_view rule, std::string what, std::string fix) {
    return failure(Fault::rule, fmt::format("rule '{}'", rule), std::move(what), std::move(fix));
}

namespace {

std::string shown_value(const Column& column, const Cell& cell) {
    if (is_null(cell)) return "-";
    if (column.kind == Kind::secret) return "(hidden)";
    auto text = shown(column, cell);
    return text.find(' ') == std::string::npos ? text : '"' + text + '"';
}

}  // namespace

std::string diff_line(const RowChange& change) {
    const auto& table = *change.table;
    auto line = fmt::format("{} {}", !change.before ? '+' : !change.after ? '-' : '~', table.name);
    auto key = change.key();
    for (std::size_t i = 0; i < key.size(); ++i) line += ' ' + shown(table.columns[i], key[i]);
    if (!change.after) return line;
    for (std::size_t i = table.keys; i < table.columns.size(); ++i) {
        const auto& after = (*change.after)[i];
        if (change.before && (*change.before)[i] == after) continue;
        if (!change.before && is_null(after)) continue;
        const auto& column = table.columns[i];
        line += fmt::format("  {}=", column.name);
        if (change.before) line += shown_value(column, (*change.before)[i]) + " -> ";
        line += shown_value(column, after);
    }
    return line;
}

}  // namespace trunkbox::centrex

#include "config/directory_rows.h"

#include <fmt/format.h>

namespace trunkbox::config {

namespace {

// Numbers and truths are taken as text too: spreadsheets know no other.
Result<std::string> word(const Node& node) {
    if (auto text = node.text()) return std::string(*text);
    if (auto truth = node.boolean()) return std::string(*truth ? "yes" : "no");
    if (auto number = node.integer()) return fmt::format("{}", *number);
    return node.wrong(fmt::format("expected text, a whole number or a truth, got {}", node.kind()));
}

}  // namespace

Result<centrex::Row> read_row(const centrex::Table& table, const Node& object, bool defaults, std::string_view region) {
    Fields fields(object);
    auto row = defaults ? empty_row(table) : centrex::Row(table.columns.size());
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        fields.take(table.columns[i].name, [&](const Node& node) -> Result<void> {
            if (node.is_null()) {
                row[i] = centrex::Cell{};
                return {};
            }
            auto text = word(node);
            if (!text) return tl::unexpected(text.error());
            auto cell = parse_cell(table.columns[i], *text, region);
            if (!cell) return node.wrong(cell.error());
            row[i] = std::move(*cell);
            return {};
        });
    }
    if (auto done = fields.done(); !done) return tl::unexpected(done.error());
    return row;
}

Result<centrex::Row> read_row(const centrex::Table& table, std::string_view line, std::string_view where) {
    auto document = read_json(line, where);
    if (!document) return tl::unexpected(document.error());
    return read_row(table, document->root());
}

}  // namespace trunkbox::config

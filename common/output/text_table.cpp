#include "output/text_table.h"

#include <algorithm>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace trunkbox::output {

namespace {

// Code points: all bytes but those that continue one.
std::size_t width(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

}  // namespace

TextTable::TextTable(std::vector<Column> columns) : columns_(std::move(columns)), widths_(columns_.size()) {
    std::vector<std::string> titles;
    for (const auto& column : columns_) titles.push_back(column.title);
    add(std::move(titles));
}

void TextTable::add(std::vector<std::string> cells) {
    if (cells.size() != columns_.size()) throw std::logic_error("a row has as many cells as the table has columns");
    for (std::size_t i = 0; i < cells.size(); ++i) widths_[i] = std::max(widths_[i], width(cells[i]));
    rows_.push_back(std::move(cells));
}

std::string TextTable::text() const {
    std::string text;
    for (const auto& row : rows_) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (i > 0) text += "  ";
            std::string blanks(widths_[i] - width(row[i]), ' ');
            text += columns_[i].side == Side::right ? blanks + row[i] : row[i] + blanks;
        }
        text.erase(text.find_last_not_of(' ') + 1);
        text += '\n';
    }
    return text;
}

}  // namespace trunkbox::output

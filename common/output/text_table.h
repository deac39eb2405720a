// Columns that stand below each other on a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace trunkbox::output {

// Each column is as wide as its widest cell, counted in code points; numbers stand at the right, words at the left.
class TextTable {
  public:
    enum class Side { left, right };
    struct Column {
        std::string title{};
        Side side = Side::right;
    };
    explicit TextTable(std::vector<Column> columns);

    // As many cells as there are columns.
    void add(std::vector<std::string> cells);
    [[nodiscard]] bool empty() const { return rows_.size() == 1; }
    // The titles and the rows, a line each, without blanks at its end.
    [[nodiscard]] std::string text() const;

  private:
    std::vector<Column> columns_;
    std::vector<std::vector<std::string>> rows_;  // the titles first
    std::vector<std::size_t> widths_;
};

}  // namespace trunkbox::output

#include "support/compare.h"

#include <algorithm>
#include <cstddef>

namespace transcript {
namespace {

constexpr std::string_view any = "...";

// "…" means the same; patterns are compared with dots.
std::string with_dots(std::string_view pattern) {
    static constexpr std::string_view ellipsis = "…";
    std::string dots;
    for (std::size_t at = pattern.find(ellipsis); at != std::string_view::npos; at = pattern.find(ellipsis)) {
        dots.append(pattern.substr(0, at)).append(any);
        pattern.remove_prefix(at + ellipsis.size());
    }
    return dots.append(pattern);
}

enum class Edit { none, same, skip, only_expected, only_shown };

struct Cell {
    std::size_t cost = 0;
    Edit edit = Edit::none;
};

class Table {
  public:
    Table(std::size_t rows, std::size_t columns) : columns_(columns), cells_(rows * columns) {}
    Cell& at(std::size_t row, std::size_t column) { return cells_[row * columns_ + column]; }

  private:
    std::size_t columns_;
    std::vector<Cell> cells_;
};

void offer(Cell& cell, std::size_t cost, Edit edit) {
    if (cell.edit == Edit::none || cost < cell.cost) cell = {cost, edit};
}

}  // namespace

bool line_matches(std::string_view written, std::string_view line) {
    const std::string dots = with_dots(written);
    std::string_view pattern = dots;
    std::size_t cut = pattern.find(any);
    if (cut == std::string_view::npos) return pattern == line;
    if (!line.starts_with(pattern.substr(0, cut))) return false;
    line.remove_prefix(cut);
    pattern.remove_prefix(cut + any.size());
    // Every piece between two wildcards is taken where it first occurs; the last one must end the line.
    for (cut = pattern.find(any); cut != std::string_view::npos; cut = pattern.find(any)) {
        const std::size_t found = line.find(pattern.substr(0, cut));
        if (found == std::string_view::npos) return false;
        line.remove_prefix(found + cut);
        pattern.remove_prefix(cut + any.size());
    }
    return line.ends_with(pattern);
}

std::vector<std::string> difference(const std::vector<std::string>& expected,
                                    const std::vector<std::string>& shown) {
    const std::size_t rows = expected.size();
    const std::size_t columns = shown.size();
    Table table(rows + 1, columns + 1);
    // From the end, so that the path reads forwards: cell (i, j) compares expected[i…] with shown[j…].
    for (std::size_t i = rows + 1; i-- > 0;) {
        for (std::size_t j = columns + 1; j-- > 0;) {
            Cell& cell = table.at(i, j);
            if (i == rows && j == columns) continue;
            const bool wildcard = i < rows && with_dots(expected[i]) == any;
            if (i < rows && j < columns && !wildcard && line_matches(expected[i], shown[j]))
                offer(cell, table.at(i + 1, j + 1).cost, Edit::same);
            if (wildcard && j < columns) offer(cell, table.at(i, j + 1).cost, Edit::skip);
            if (i < rows) offer(cell, table.at(i + 1, j).cost + (wildcard ? 0U : 1U), Edit::only_expected);
            if (j < columns) offer(cell, table.at(i, j + 1).cost + 1, Edit::only_shown);
        }
    }
    std::vector<std::string> lines;
    if (table.at(0, 0).cost == 0) return lines;
    for (std::size_t i = 0, j = 0; i < rows || j < columns;) {
        switch (table.at(i, j).edit) {
            case Edit::same: lines.push_back("  " + shown[j]); ++i; ++j; break;
            case Edit::skip: lines.push_back("  " + shown[j]); ++j; break;
            case Edit::only_expected:
                if (with_dots(expected[i]) != any) lines.push_back("- " + expected[i]);
                ++i;
                break;
            case Edit::only_shown: lines.push_back("+ " + shown[j]); ++j; break;
            case Edit::none: return lines;
        }
    }
    return lines;
}

}  // namespace transcript

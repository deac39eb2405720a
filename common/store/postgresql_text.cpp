#include "store/postgresql_text.h"

#include <fmt/format.h>

namespace trunkbox::store {

std::string numbered(std::string_view sql) {
    std::string text;
    int parameters = 0;
    char quote = 0;
    for (char c : sql) {
        if (quote == 0 && c == '?') {
            text += fmt::format("${}", ++parameters);
            continue;
        }
        if (quote == 0 && (c == '\'' || c == '"'))
            quote = c;
        else if (c == quote)
            quote = 0;
        text += c;
    }
    return text;
}

std::string copy_sql(std::string_view table, std::span<const std::string> columns) {
    std::string list;
    for (const auto& column : columns) list += fmt::format("{}\"{}\"", list.empty() ? "" : ", ", column);
    return fmt::format("COPY \"{}\" ({}) FROM STDIN", table, list);
}

void append_copy_line(std::string& lines, std::span<const centrex::Cell> cells) {
    bool first = true;
    for (const auto& cell : cells) {
        if (!first) lines += '\t';
        first = false;
        if (centrex::is_null(cell)) {
            lines += "\\N";
        } else if (const auto* number = std::get_if<std::int64_t>(&cell)) {
            fmt::format_to(std::back_inserter(lines), "{}", *number);
        } else {
            for (char c : std::get<std::string>(cell)) {
                if (c == '\\' || c == '\t' || c == '\n' || c == '\r') lines += '\\';
                lines += c == '\t' ? 't' : c == '\n' ? 'n' : c == '\r' ? 'r' : c;
            }
        }
    }
    lines += '\n';
}

}  // namespace trunkbox::store

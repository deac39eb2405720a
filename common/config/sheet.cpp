#include "config/sheet.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/csv.h"
#include "base/text.h"
#include "config/json.h"

namespace trunkbox::config {

namespace {

using Take = std::function<Result<void>(std::size_t, const centrex::SheetLine&)>;
using Bad = std::function<Result<void>(std::size_t, const Error&)>;

// Whether the bytes are UTF-8, as far as sequences go; what is not is taken for Latin-1, which is never wrong.
bool is_utf8(std::string_view text) {
    std::size_t follow = 0;
    for (char byte : text) {
        auto c = static_cast<unsigned char>(byte);
        if (follow > 0) {
            if ((c & 0xc0U) != 0x80) return false;
            --follow;
        } else if (c >= 0x80) {
            follow = c >= 0xc2 && c <= 0xdf ? 1 : (c & 0xf0U) == 0xe0 ? 2 : c >= 0xf0 && c <= 0xf4 ? 3 : 9;
            if (follow == 9) return false;
        }
    }
    return follow == 0;
}

std::string from_latin1(std::string_view text) {
    std::string utf8;
    for (char byte : text) {
        auto c = static_cast<unsigned char>(byte);
        if (c < 0x80) {
            utf8 += static_cast<char>(c);
        } else {
            utf8 += static_cast<char>(0xc0U | (c >> 6U));
            utf8 += static_cast<char>(0x80U | (c & 0x3fU));
        }
    }
    return utf8;
}

// "Emergency CLI" is emergency_cli; "" passes the column over.
Result<std::string> column_of(std::string_view header, const SheetOptions& options, const std::string& where) {
    if (auto mapped = options.map.find(trim(header)); mapped != options.map.end()) {
        if (mapped->second == "-") return std::string{};
        header = mapped->second;
    }
    auto name = lower(trim(header));
    std::replace_if(name.begin(), name.end(), [](char c) { return c == ' ' || c == '-'; }, '_');
    const auto& known = centrex::sheet_columns();
    if (std::find(known.begin(), known.end(), name) != known.end()) return name;
    auto near = nearest(name, known);
    return failure(Fault::input, where, fmt::format("column '{}' is not known", printable(header)),
                   near.empty() ? fmt::format("say what it is, or pass it over: --map '{}=-'", printable(header))
                                : fmt::format("did you mean '{}'?", near));
}

// Those of the first line; what is not known is told all at once.
Result<std::vector<std::string>> columns_of(const CsvReader& reader, const CsvRecord& record, const SheetOptions& options) {
    std::vector<std::string> columns, strangers;
    std::optional<Error> first;
    for (const auto& field : record.fields) {
        auto column = column_of(field.text, options, reader.where(field));
        if (!column) {
            strangers.push_back(fmt::format("'{}'", printable(trim(field.text))));
            if (!first) first = std::move(column.error());
            continue;
        }
        if (!column->empty() && std::find(columns.begin(), columns.end(), *column) != columns.end())
            return failure(Fault::input, reader.where(field), fmt::format("column '{}' stands twice", *column));
        columns.push_back(std::move(*column));
    }
    if (!first) return columns;
    if (strangers.size() == 1) return tl::unexpected(std::move(*first));
    return failure(Fault::input, first->where, fmt::format("columns {} are not known", fmt::join(strangers, ", ")),
                   "say with --map what each of them is, e.g. --map 'Login=user', or '-' to pass it over");
}

Result<void> each_csv(std::string_view text, const std::string& name, const SheetOptions& options, const Take& take,
                      const Bad& bad) {
    CsvReader reader(text, name);
    CsvRecord record;
    auto more = reader.next(record);
    if (!more) return tl::unexpected(more.error());
    if (!*more) return failure(Fault::input, name, "is empty", "its first line names the columns, e.g. 'user,name,number'");
    auto columns = columns_of(reader, record, options);
    if (!columns) return tl::unexpected(columns.error());
    centrex::SheetLine line;
    while (true) {
        more = reader.next(record);
        if (!more) return tl::unexpected(more.error());
        if (!*more) return {};
        Result<void> done;
        if (record.fields.size() != columns->size()) {
            done = bad(record.line, Error{Fault::input, "", fmt::format("has {} fields, the first line {}",
                                                                        record.fields.size(), columns->size()),
                                          "quote fields that hold a separator"});
        } else {
            line.cells.clear();
            for (std::size_t i = 0; i < columns->size(); ++i)
                if (!(*columns)[i].empty() && !record.fields[i].text.empty())
                    line.cells.emplace_back((*columns)[i], record.fields[i].text);
            done = take(record.line, line);
        }
        if (!done) return done;
    }
}

Result<centrex::SheetLine> read_object(std::string_view text, const SheetOptions& options, const std::string& where) {
    auto document = read_json(text, where);
    if (!document) return tl::unexpected(document.error());
    centrex::SheetLine line;
    Fields fields(document->root());
    for (auto column : centrex::sheet_columns()) {
        auto key = std::string(column);
        for (const auto& [theirs, ours] : options.map)
            if (ours == column) key = theirs;
        fields.take(key, [&](const Node& node) -> Result<void> {
            if (node.is_null()) return {};
            auto word = node.text();
            if (word) line.cells.emplace_back(column, *word);
            if (word) return {};
            auto truth = node.boolean();
            if (truth) line.cells.emplace_back(column, *truth ? "yes" : "no");
            if (truth) return {};
            auto number = node.integer();
            if (number) line.cells.emplace_back(column, fmt::format("{}", *number));
            return number ? Result<void>{} : tl::unexpected(word.error());
        });
    }
    if (auto done = fields.done(); !done) return tl::unexpected(done.error());
    return line;
}

Result<void> each_json(std::string_view text, const std::string& name, const SheetOptions& options, const Take& take,
                       const Bad& bad) {
    std::size_t number = 0;
    for (auto one : split(text, '\n')) {
        ++number;
        if (trim(one).empty()) continue;
        auto line = read_object(one, options, fmt::format("{}:{}", name, number));
        auto done = line ? take(number, *line) : bad(number, line.error());
        if (!done) return done;
    }
    return {};
}

}  // namespace

Result<void> each_line(std::string_view text, const std::string& name, const SheetOptions& options, const Take& take,
                       const Bad& bad) {
    std::string converted;
    if (!is_utf8(text)) {
        converted = from_latin1(text);
        text = converted;
    }
    return options.format == SheetFormat::csv ? each_csv(text, name, options, take, bad)
                                              : each_json(text, name, options, take, bad);
}

}  // namespace trunkbox::config

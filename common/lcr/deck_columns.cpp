#include "lcr/deck_columns.h"

#include "base/text.h"
#include "lcr/deck_options.h"
#include "lcr/deck_text.h"
#include "lcr/deck_titles.h"

#include <algorithm>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

constexpr std::array code_columns{Column::prefix, Column::area, Column::country_code};
constexpr std::array rate_columns{Column::rate, Column::inter_rate, Column::intra_rate, Column::ij_rate};

template <std::size_t size>
bool is_one_of(Column column, const std::array<Column, size>& columns) {
    return std::ranges::find(columns, column) != columns.end();
}

// Of a title with or without a unit behind it.
struct Meaning {
    const Title* title = nullptr;
    std::optional<Currency> currency{};
};
Meaning meaning_of(std::string_view field) {
    constexpr std::size_t longest_title = 100;
    if (field.size() > longest_title) return {};
    auto name = normalised(field);
    if (auto* title = find_title(name)) return {.title = title};
    auto bare = without_unit(name);
    return {.title = find_title(bare.text), .currency = bare.currency};
}

// The column of the record that a map's text names: digits are its number, anything else its title.
std::optional<std::size_t> named_column(const CsvRecord& record, std::string_view name) {
    if (auto number = parse_integer<std::size_t>(name))
        return *number >= 1 && *number <= record.fields.size() ? std::optional(*number - 1) : std::nullopt;
    auto wanted = normalised(name);
    for (std::size_t i = 0; i < record.fields.size(); ++i)
        if (normalised(record.fields[i].text) == wanted) return i;
    return std::nullopt;
}

bool leaves_out(std::string_view text) {
    return text.empty() || text == "-";
}

class HeaderReader {
  public:
    HeaderReader(const CsvReader& reader, const CsvRecord& header, const ColumnMap& map)
        : reader_(reader), header_(header), map_(map), settled_(header.fields.size(), false) {}

    Result<Columns> read();

  private:
    Result<void> follow_map();
    Result<void> follow(const std::string& ours, const std::string& theirs);
    Result<void> follow_titles();
    Result<void> take(std::size_t place, const Title& title);
    Result<void> settle(std::size_t place, Column column);
    Result<void> check_complete() const;
    tl::unexpected<Error> unknown(const CsvField& field) const;
    bool holds_digits() const;

    const CsvReader& reader_;
    const CsvRecord& header_;
    const ColumnMap& map_;
    std::vector<bool> settled_;
    bool by_number_ = false;  // the map numbers the column of prefixes
    Columns columns_;
};

Result<void> HeaderReader::settle(std::size_t place, Column column) {
    settled_[place] = true;
    if (column >= Column::ignored) return {};
    auto& settled = columns_.places[static_cast<std::size_t>(column)];
    if (settled)
        return failure(Fault::input, reader_.where(header_.fields[place]),
                       fmt::format("column '{}' means the same as column {}",
                                   printable(to_utf8(header_.fields[place].text)), *settled + 1),
                       "keep one of them");
    settled = place;
    return {};
}

Result<void> HeaderReader::follow(const std::string& ours, const std::string& theirs) {
    bool leave_out = leaves_out(theirs);
    auto* title = leave_out ? nullptr : find_title(normalised(ours));
    if (!leave_out && (title == nullptr || title->column >= Column::ignored))
        return failure(Fault::input, "",
                       fmt::format("map '{}={}' names no column of ours", printable(ours), printable(theirs)),
                       "write e.g. 'prefix=Code', or 'Code=-' to leave a column out");
    const auto& name = leave_out ? ours : theirs;
    auto place = named_column(header_, name);
    if (!place)
        return failure(
            Fault::input, reader_.where(header_.fields.front()),
            fmt::format("deck has no column '{}'", printable(name)),
            fmt::format("name one of its titles, or a number from 1 to {}", header_.fields.size()));
    if (settled_[*place])
        return failure(Fault::input, reader_.where(header_.fields[*place]),
                       fmt::format("column '{}' is mapped twice", printable(name)), "map it once");
    if (!leave_out && is_one_of(title->column, code_columns))
        by_number_ = parse_integer<std::size_t>(theirs).has_value();
    return settle(*place, leave_out ? Column::ignored : title->column);
}

Result<void> HeaderReader::follow_map() {
    for (const auto& [ours, theirs] : map_) {
        if (is_deck_option(ours)) continue;
        if (auto done = follow(ours, theirs); !done) return done;
    }
    return {};
}

Result<void> HeaderReader::take(std::size_t place, const Title& title) {
    if (title.column == Column::neutral || title.column == Column::constant)
        columns_.neutral.push_back({.place = place,
                                    .title = std::string(title.text),
                                    .word = title.neutral,
                                    .constant = title.column == Column::constant});
    return settle(place, title.column);
}

tl::unexpected<Error> HeaderReader::unknown(const CsvField& field) const {
    auto name = normalised(field.text);
    std::vector<std::string_view> known;
    for (const auto& title : known_titles())
        if (title.column < Column::ignored) known.push_back(title.text);
    constexpr std::size_t longest = 60;  // a title has no more; the distance of two texts takes their product
    auto near = name.size() > longest ? std::string_view{} : nearest(name, known);
    auto fix = near.empty()
                   ? fmt::format("say with --map what it is, e.g. 'rate={0}', or '{0}=-' to leave it out",
                                 printable(name, 20))
                   : fmt::format("did you mean '{}'?", near);
    return failure(Fault::input, reader_.where(field),
                   fmt::format("column '{}' is not known", printable(name)), fix);
}

Result<void> HeaderReader::follow_titles() {
    for (std::size_t i = 0; i < header_.fields.size(); ++i) {
        if (settled_[i]) continue;
        auto meaning = meaning_of(header_.fields[i].text);
        if (meaning.title == nullptr) return unknown(header_.fields[i]);
        if (auto done = take(i, *meaning.title); !done) return done;
        if (!meaning.currency) continue;
        if (columns_.currency && *columns_.currency != *meaning.currency)
            return failure(Fault::input, reader_.where(header_.fields[i]), "titles name two currencies",
                           "map the columns of one of them, leave the others out");
        columns_.currency = meaning.currency;
    }
    return {};
}

bool HeaderReader::holds_digits() const {
    return std::ranges::any_of(code_columns, [&](Column column) {
        auto place = columns_.place(column);
        auto cell = place ? clean_cell(header_.fields[*place].text) : std::string_view{};
        return !cell.empty() && (is_digit(cell.front()) || cell.front() == '+');
    });
}

Result<void> HeaderReader::check_complete() const {
    auto has = [&](Column column) { return columns_.place(column).has_value(); };
    auto missing = [&](std::string_view name) {
        return failure(Fault::input, reader_.where(header_.fields.front()),
                       fmt::format("no column '{}'", name),
                       "begin the deck with a header row, e.g. 'prefix,destination,rate'");
    };
    if (has(Column::prefix) && has(Column::area))
        return failure(Fault::input, reader_.where(header_.fields[*columns_.place(Column::area)]),
                       "column means prefixes as another does", "leave one of them out with --map");
    if (has(Column::area) && !has(Column::country_code)) return missing("country code");
    if (!has(Column::prefix) && !has(Column::country_code)) return missing("prefix");
    if (std::ranges::none_of(rate_columns, has)) return missing("rate");
    if (has(Column::jurisdiction) && std::any_of(rate_columns.begin() + 1, rate_columns.end(), has))
        return failure(Fault::input, reader_.where(header_.fields[*columns_.place(Column::jurisdiction)]),
                       "column 'jurisdiction' beside rates that have one each",
                       "leave one of them out with --map");
    if (columns_.untitled)
        for (std::size_t i = 0; i < header_.fields.size(); ++i)
            if (!settled_[i])
                return failure(Fault::input, reader_.where(header_.fields[i]),
                               fmt::format("column {} of a deck without a header is not mapped", i + 1),
                               fmt::format("say with --map what it is, or '{}=-' to leave it out", i + 1));
    return {};
}

Result<Columns> HeaderReader::read() {
    columns_.width = header_.fields.size();
    if (auto done = follow_map(); !done) return tl::unexpected(done.error());
    columns_.untitled = by_number_ && holds_digits();
    if (!columns_.untitled)
        if (auto done = follow_titles(); !done) return tl::unexpected(done.error());
    if (auto done = check_complete(); !done) return tl::unexpected(done.error());
    auto& destination = columns_.places[static_cast<std::size_t>(Column::destination)];
    if (!destination) destination = columns_.place(Column::country);
    return columns_;
}

}  // namespace

bool is_header(const CsvRecord& record, const ColumnMap& map) {
    constexpr std::size_t most_columns = 1000;
    if (record.fields.size() > most_columns) return false;
    bool code = false;
    bool rate = false;
    auto see = [&](Column column) {
        code = code || is_one_of(column, code_columns);
        rate = rate || is_one_of(column, rate_columns);
    };
    for (const auto& field : record.fields)
        if (auto meaning = meaning_of(field.text); meaning.title != nullptr) see(meaning.title->column);
    for (const auto& [ours, theirs] : map) {
        auto* title = leaves_out(theirs) ? nullptr : find_title(normalised(ours));
        if (title != nullptr && named_column(record, theirs)) see(title->column);
    }
    return code && rate;
}

Result<Columns> read_columns(const CsvReader& reader, const CsvRecord& header, const ColumnMap& map) {
    return HeaderReader(reader, header, map).read();
}

}  // namespace trunkbox::lcr

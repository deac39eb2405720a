#include "lcr/deck.h"

#include "base/csv.h"
#include "base/text.h"
#include "lcr/deck_columns.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

constexpr std::int64_t most_increment = 86400;

// One record of a deck, read field by field; every error carries the field's place.
class RowReader {
  public:
    RowReader(const CsvReader& reader, const Columns& columns, const CsvRecord& record)
        : reader_(reader), columns_(columns), record_(record) {}

    Result<DeckRow> read() const;

  private:
    // The field's text without blanks around it; "" when the deck lacks the column.
    std::string_view text(Column column) const {
        auto* field = find(column);
        return field == nullptr ? std::string_view{} : trim(field->text);
    }
    const CsvField* find(Column column) const {
        auto place = columns_[static_cast<std::size_t>(column)];
        return place ? &record_.fields[*place] : nullptr;
    }
    tl::unexpected<Error> bad(Column column, std::string what, std::string fix) const {
        return failure(Fault::input, reader_.where(*find(column)), std::move(what), std::move(fix));
    }
    tl::unexpected<Error> bad(Column column, const Error& error) const {
        return bad(column, error.what, error.fix);
    }

    Result<numbering::Prefix> prefix() const;
    Result<bool> blocked() const;
    Result<Money> money(Column column, bool required) const;
    Result<Currency> currency() const;
    Result<std::int64_t> whole_seconds(Column column, std::string_view text, std::int64_t least) const;
    Result<void> intervals(DeckRow& row) const;
    Result<std::optional<Time>> time(Column column) const;
    Result<void> terms(DeckRow& row) const;
    Result<void> window(DeckRow& row) const;

    const CsvReader& reader_;
    const Columns& columns_;
    const CsvRecord& record_;
};

Result<numbering::Prefix> RowReader::prefix() const {
    auto digits = text(Column::prefix);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    // What a spreadsheet makes of a long number: its digits are lost, no reader can bring them back.
    if (digits.find_first_of("eE") != std::string_view::npos && !digits.empty() && is_digit(digits.front()))
        return bad(Column::prefix,
                   fmt::format("prefix '{}' was turned into a floating-point number by a spreadsheet",
                               printable(digits)),
                   "export the deck again with the column as text");
    auto prefix = numbering::Prefix::parse(digits);
    if (!prefix) return bad(Column::prefix, prefix.error());
    return prefix;
}

Result<bool> RowReader::blocked() const {
    bool is_blocked = false;
    auto flag = lower(text(Column::blocked));
    constexpr std::array<std::string_view, 5> yes{"yes", "true", "1", "y", "blocked"};
    constexpr std::array<std::string_view, 5> no{"no", "false", "0", "n", ""};
    if (std::ranges::find(yes, flag) != yes.end())
        is_blocked = true;
    else if (std::ranges::find(no, flag) == no.end())
        return bad(Column::blocked, fmt::format("blocked '{}' is neither yes nor no", printable(flag)),
                   "write 'yes' or 'no'");
    auto status = lower(text(Column::status));
    constexpr std::array<std::string_view, 3> closed{"blocked", "closed", "inactive"};
    constexpr std::array<std::string_view, 5> open{"active", "open", "current", "enabled", ""};
    if (std::ranges::find(closed, status) != closed.end()) return true;
    if (std::ranges::find(open, status) == open.end())
        return bad(Column::status, fmt::format("status '{}' is not known", printable(status)),
                   "write 'active' or 'blocked'");
    return is_blocked;
}

Result<Money> RowReader::money(Column column, bool required) const {
    auto amount = text(column);
    if (amount.empty() && !required) return Money{};
    // Where ';' parts the fields, the writer's country has the decimal comma.
    bool comma = reader_.separator() == ';' && amount.find(',') != std::string_view::npos;
    auto money = Money::parse(amount, comma ? ',' : '.');
    if (!money) return bad(column, money.error());
    return money;
}

Result<Currency> RowReader::currency() const {
    auto letters = text(Column::currency);
    if (letters.empty()) return Currency{};
    auto currency = Currency::parse(letters);
    if (!currency) return bad(Column::currency, currency.error());
    return currency;
}

Result<std::int64_t> RowReader::whole_seconds(Column column, std::string_view digits,
                                              std::int64_t least) const {
    auto count = parse_integer<std::int64_t>(digits);
    if (!count || *count < least || *count > most_increment)
        return bad(
            column,
            fmt::format("'{}' is not whole seconds from {} to {}", printable(digits), least, most_increment),
            "write e.g. '60'");
    return *count;
}

Result<void> RowReader::intervals(DeckRow& row) const {
    auto minimum = text(Column::minimum);
    auto increment = text(Column::increment);
    auto minimum_column = Column::minimum;
    // "30/6": thirty seconds at least, then by six.
    if (auto [first, next] = split_once(increment, '/'); next) {
        if (!minimum.empty())
            return bad(Column::increment,
                       fmt::format("'{}' gives the minimum a second time", printable(increment)),
                       "write the increment alone");
        minimum = trim(first);
        minimum_column = Column::increment;
        increment = trim(*next);
    }
    if (!minimum.empty()) {
        auto count = whole_seconds(minimum_column, minimum, 0);
        if (!count) return tl::unexpected(count.error());
        row.minimum = *count;
    }
    if (!increment.empty()) {
        auto count = whole_seconds(Column::increment, increment, 1);
        if (!count) return tl::unexpected(count.error());
        row.increment = *count;
    }
    return {};
}

Result<std::optional<Time>> RowReader::time(Column column) const {
    auto written = text(column);
    if (written.empty()) return std::nullopt;
    auto time =
        written.size() == 10 ? parse_rfc3339(std::string(written) + "T00:00:00Z") : parse_rfc3339(written);
    if (!time)
        return bad(column, fmt::format("'{}' is not a date or time", printable(written)),
                   "write e.g. '2026-11-22' or '2026-11-22T10:00:00Z'");
    return *time;
}

Result<void> RowReader::terms(DeckRow& row) const {
    auto blocked = this->blocked();
    if (!blocked) return tl::unexpected(blocked.error());
    row.blocked = *blocked;
    auto rate = money(Column::rate, !row.blocked);
    if (!rate) return tl::unexpected(rate.error());
    row.rate = *rate;
    auto connect_fee = money(Column::connect_fee, false);
    if (!connect_fee) return tl::unexpected(connect_fee.error());
    row.connect_fee = *connect_fee;
    auto currency = this->currency();
    if (!currency) return tl::unexpected(currency.error());
    row.currency = *currency;
    return intervals(row);
}

Result<void> RowReader::window(DeckRow& row) const {
    auto effective = time(Column::effective);
    if (!effective) return tl::unexpected(effective.error());
    row.effective = *effective;
    auto end = time(Column::end);
    if (!end) return tl::unexpected(end.error());
    row.end = *end;
    if (row.effective && row.end && *row.end <= *row.effective)
        return bad(Column::end,
                   fmt::format("ends '{}', not after it becomes effective", printable(text(Column::end))),
                   "check the two dates");
    return {};
}

Result<DeckRow> RowReader::read() const {
    auto prefix = this->prefix();
    if (!prefix) return tl::unexpected(prefix.error());
    DeckRow row{
        .prefix = *prefix, .destination = std::string(text(Column::destination)), .line = record_.line};
    if (auto done = terms(row); !done) return tl::unexpected(done.error());
    if (auto done = window(row); !done) return tl::unexpected(done.error());
    return row;
}

}  // namespace

Result<Deck> read_deck(std::string_view csv, std::string_view file) {
    CsvReader reader(csv, std::string(file));
    CsvRecord record;
    auto header = reader.next(record);
    if (!header) return tl::unexpected(header.error());
    if (!*header)
        return failure(Fault::input, std::string(file), "deck is empty",
                       "begin it with a header row, e.g. 'prefix,destination,rate'");
    auto columns = read_columns(reader, record);
    if (!columns) return tl::unexpected(columns.error());
    auto width = record.fields.size();
    Deck deck{.file = std::string(file)};
    for (;;) {
        auto more = reader.next(record);
        if (!more) return tl::unexpected(more.error());
        if (!*more) return deck;
        if (record.fields.size() != width)
            return failure(
                Fault::input, reader.where(record.fields.back()),
                fmt::format("record has {} fields, the header has {}", record.fields.size(), width),
                fmt::format("separate the fields by '{}', quote a field that contains it",
                            reader.separator()));
        auto row = RowReader(reader, *columns, record).read();
        if (!row) return tl::unexpected(row.error());
        deck.rows.push_back(std::move(*row));
    }
}

}  // namespace trunkbox::lcr

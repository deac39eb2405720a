#include "lcr/deck_reader.h"

#include "base/csv.h"
#include "base/text.h"
#include "lcr/deck_columns.h"
#include "lcr/deck_options.h"
#include "lcr/deck_rows.h"
#include "lcr/deck_text.h"

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

// A file of a few megabytes can name billions of prefixes; no deck means that.
constexpr std::size_t most_expanded = 10'000'000;

// What is no text at all is said in one sentence, not as the NUL byte or the odd title that it would be.
Result<void> check_is_text(std::string_view csv, std::string_view file) {
    struct Kind {
        std::string_view begins;
        std::string_view name;
        std::string_view fix;
    };
    constexpr std::array<Kind, 6> kinds{{{"\xff\xfe", "text in UTF-16", "save it as CSV in UTF-8"},
                                         {"\xfe\xff", "text in UTF-16", "save it as CSV in UTF-8"},
                                         {"PK\x03\x04", "a spreadsheet or ZIP archive", "export it as CSV"},
                                         {"\xd0\xcf\x11\xe0", "a spreadsheet", "export it as CSV"},
                                         {"\x1f\x8b", "compressed by gzip", "decompress it"},
                                         {"%PDF", "a PDF document", "ask for it as CSV"}}};
    for (const auto& kind : kinds)
        if (csv.starts_with(kind.begins))
            return failure(Fault::input, std::string(file), fmt::format("deck is {}", kind.name),
                           std::string(kind.fix));
    return {};
}

// Where the header stands: carriers put their name and the date above it.
struct Start {
    char separator = ',';
    std::size_t records_before = 0;
};

std::optional<std::size_t> find_header(std::string_view csv, char separator, const ColumnMap& map) {
    constexpr std::size_t most_before = 20;
    CsvReader reader(csv, "", separator);
    CsvRecord record;
    for (std::size_t i = 0; i <= most_before; ++i) {
        auto more = reader.next(record);
        if (!more || !*more) return std::nullopt;
        if (is_header(record, map)) return i;
    }
    return std::nullopt;
}

Start find_start(std::string_view csv, const ColumnMap& map) {
    auto likely = CsvReader(csv, "").separator();
    for (char separator : {likely, ';', '\t', ',', '|'})
        if (auto before = find_header(csv, separator, map)) return {separator, *before};
    return {likely, 0};
}

class DeckReader {
  public:
    DeckReader(std::string_view csv, std::string_view file, const ReadOptions& options)
        : csv_(csv),
          options_(options),
          start_(find_start(csv, options.map)),
          reader_(csv, std::string(file), start_.separator) {
        result_.deck.rename(std::string(file));
    }

    Result<ReadDeck> read();

  private:
    Result<void> read_header();
    Result<void> read_rows(RowReader& rows);
    Result<void> keep_or_fail(Error error);
    DateOrder date_order();
    DateOrder order_in_file() const;
    void reserve();

    std::string_view csv_;
    const ReadOptions& options_;
    Start start_;
    CsvReader reader_;
    CsvRecord record_;
    Columns columns_;
    DeckOptions deck_options_;
    std::optional<DateOrder> order_;
    ReadDeck result_;
};

Result<void> DeckReader::read_header() {
    for (std::size_t i = 0; i <= start_.records_before; ++i) {
        auto more = reader_.next(record_);
        if (!more) return tl::unexpected(more.error());
        if (!*more)
            return failure(Fault::input, result_.deck.file(), "deck is empty",
                           "begin it with a header row, e.g. 'prefix,destination,rate'");
    }
    auto columns = read_columns(reader_, record_, options_.map);
    if (!columns) return tl::unexpected(columns.error());
    columns_ = std::move(*columns);
    return {};
}

// All of the file's dates, for one that can be no other way.
DateOrder DeckReader::order_in_file() const {
    CsvReader reader(csv_, "", start_.separator);
    CsvRecord record;
    auto found = DateOrder::unknown;
    for (;;) {
        auto more = reader.next(record);
        if (!more || !*more) return found;
        for (auto column : {Column::effective, Column::end}) {
            auto place = columns_.place(column);
            if (!place || *place >= record.fields.size()) continue;
            auto shown = order_shown_by(clean_cell(record.fields[*place].text));
            if (shown == DateOrder::unknown || shown == found) continue;
            if (found != DateOrder::unknown) return DateOrder::both;
            found = shown;
        }
    }
}

DateOrder DeckReader::date_order() {
    if (deck_options_.date_order != DateOrder::unknown) return deck_options_.date_order;
    if (!order_) order_ = order_in_file();
    return *order_;
}

// For about as many rows as there are, judged by the first of them.
void DeckReader::reserve() {
    constexpr std::size_t sample_size = 1 << 18;
    auto sample = csv_.substr(0, sample_size);
    auto lines = static_cast<std::size_t>(std::ranges::count(sample, '\n'));
    if (lines > 0) result_.deck.reserve(csv_.size() / sample.size() * lines + lines);
}

Result<void> DeckReader::keep_or_fail(Error error) {
    if (!options_.skip_bad) return tl::unexpected(std::move(error));
    ++result_.skipped;
    if (result_.skipped_because.size() < options_.most_bad)
        result_.skipped_because.push_back(std::move(error));
    return {};
}

// What a spreadsheet makes of an empty line.
bool is_blank(const CsvRecord& record) {
    return clean_cell(record.fields.front().text).empty() &&
           std::ranges::all_of(record.fields,
                               [](const auto& field) { return clean_cell(field.text).empty(); });
}

Result<void> DeckReader::read_rows(RowReader& rows) {
    bool has_row = columns_.untitled;
    for (;;) {
        if (!has_row) {
            auto more = reader_.next(record_);
            if (!more) return tl::unexpected(more.error());
            if (!*more) return {};
        }
        has_row = false;
        if (record_.line > std::numeric_limits<std::uint32_t>::max())
            return failure(Fault::input, result_.deck.file(), "deck has more than 4294967295 lines",
                           "split it");
        if (is_blank(record_)) continue;
        if (auto done = rows.read(record_); !done)
            if (auto kept = keep_or_fail(std::move(done.error())); !kept) return kept;
        if (rows.expanded() > most_expanded)
            return failure(
                Fault::input, reader_.where(record_.fields.front()),
                fmt::format("lists and ranges up to here name more than {} prefixes", most_expanded),
                "write the shorter prefixes that they have in common");
    }
}

Result<ReadDeck> DeckReader::read() {
    auto deck_options = read_deck_options(options_.map);
    if (!deck_options) return tl::unexpected(deck_options.error());
    deck_options_ = *deck_options;
    if (auto done = read_header(); !done) return tl::unexpected(done.error());
    reserve();
    RowReader rows(reader_, columns_, result_.deck, deck_options_, options_.currency,
                   [this] { return date_order(); });
    if (auto done = read_rows(rows); !done) return tl::unexpected(done.error());
    return std::move(result_);
}

}  // namespace

Result<ReadDeck> read_deck(std::string_view csv, std::string_view file, const ReadOptions& options) {
    if (auto done = check_is_text(csv, file); !done) return tl::unexpected(done.error());
    return DeckReader(csv, file, options).read();
}

Result<Deck> read_deck(std::string_view csv, std::string_view file) {
    auto read = read_deck(csv, file, {});
    if (!read) return tl::unexpected(read.error());
    return std::move(read->deck);
}

}  // namespace trunkbox::lcr

#include "lcr/deck_reader.h"

#include "base/csv.h"
#include "base/text.h"
#include "lcr/deck_columns.h"
#include "lcr/deck_options.h"
#include "lcr/deck_rows.h"
#include "lcr/deck_text.h"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <memory>
#include <span>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

// A file of a few megabytes can name billions of prefixes; no deck means that.
constexpr std::size_t most_expanded = 10'000'000;
constexpr std::size_t most_lines = std::numeric_limits<std::uint32_t>::max();

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
          file_(file),
          options_(options),
          start_(find_start(csv, options.map)),
          reader_(csv, file_, start_.separator) {}

    Result<ReadDeck> read(std::size_t parts, const Parallel& parallel);

  private:
    // The records that one CsvReader gives, and their rows.
    struct Part;
    using OnBad = std::function<Result<void>(Error)>;

    Result<void> read_header();
    Result<void> read_records(Part& part, const OnBad& on_bad) const;
    Result<void> read_whole();
    bool read_in_parts(std::size_t count, const Parallel& parallel);
    void join(std::span<const std::unique_ptr<Part>> parts);
    Result<void> keep_or_fail(Error error);
    DateOrder order_in_file() const;
    std::size_t about_rows() const;

    std::string_view csv_;
    std::string file_;
    const ReadOptions& options_;
    Start start_;
    CsvReader reader_;  // behind the header
    Columns columns_;
    DeckOptions deck_options_;
    ReadDeck result_;
};

struct DeckReader::Part {
    Part(const DeckReader& deck_reader, CsvReader csv, std::size_t most)
        : most_expanded(most),
          reader(std::move(csv)),
          rows(reader, deck_reader.columns_, deck, deck_reader.deck_options_, deck_reader.options_.currency,
               [&deck_reader, this] { return date_order(deck_reader); }) {}
    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;

    // Each part finds it for itself, at the same time as the others.
    DateOrder date_order(const DeckReader& deck_reader) {
        if (deck_reader.deck_options_.date_order != DateOrder::unknown) return deck_reader.deck_options_.date_order;
        if (!order) order = deck_reader.order_in_file();
        return *order;
    }

    std::size_t most_expanded;
    CsvReader reader;
    CsvRecord record;
    Deck deck;
    RowReader rows;
    std::optional<DateOrder> order;
};

Result<void> DeckReader::read_header() {
    CsvRecord record;
    auto before = reader_;
    for (std::size_t i = 0; i <= start_.records_before; ++i) {
        before = reader_;
        auto more = reader_.next(record);
        if (!more) return tl::unexpected(more.error());
        if (!*more)
            return failure(Fault::input, file_, "deck is empty",
                           "begin it with a header row, e.g. 'prefix,destination,rate'");
    }
    auto columns = read_columns(reader_, record, options_.map);
    if (!columns) return tl::unexpected(columns.error());
    columns_ = std::move(*columns);
    if (columns_.untitled) reader_ = before;
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

// Judged by the first of them.
std::size_t DeckReader::about_rows() const {
    constexpr std::size_t sample_size = 1 << 16;
    auto sample = csv_.substr(0, sample_size);
    auto lines = static_cast<std::size_t>(std::ranges::count(sample, '\n'));
    return lines == 0 ? 0 : csv_.size() / sample.size() * lines + lines;
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

Result<void> DeckReader::read_records(Part& part, const OnBad& on_bad) const {
    for (;;) {
        auto more = part.reader.next(part.record);
        if (!more) return tl::unexpected(more.error());
        if (!*more) return {};
        if (part.record.line > most_lines)
            return failure(Fault::input, file_, fmt::format("deck has more than {} lines", most_lines), "split it");
        if (is_blank(part.record)) continue;
        if (auto done = part.rows.read(part.record); !done)
            if (auto kept = on_bad(std::move(done.error())); !kept) return kept;
        if (part.rows.expanded() > part.most_expanded)
            return failure(
                Fault::input, part.reader.where(part.record.fields.front()),
                fmt::format("lists and ranges up to here name more than {} prefixes", most_expanded),
                "write the shorter prefixes that they have in common");
    }
}

Result<void> DeckReader::read_whole() {
    Part whole(*this, reader_, most_expanded);
    whole.deck.reserve(about_rows());
    auto done = read_records(whole, [this](Error error) { return keep_or_fail(std::move(error)); });
    if (done) result_.deck = std::move(whole.deck);
    return done;
}

// False, and nothing done, where it takes all of the file to tell: a part has an error, or two do not agree.
bool DeckReader::read_in_parts(std::size_t count, const Parallel& parallel) {
    std::vector<std::unique_ptr<Part>> parts;
    for (auto& reader : reader_.parts(count))
        parts.push_back(std::make_unique<Part>(*this, std::move(reader), most_expanded / count));
    if (parts.size() < 2) return false;
    std::vector<char> good(parts.size(), 0);
    parallel(parts.size(), [&](std::size_t i) {
        parts[i]->deck.reserve(i == 0 ? about_rows() : about_rows() / parts.size());
        good[i] = read_records(*parts[i], [](Error error) { return tl::unexpected(std::move(error)); }).has_value() ? 1 : 0;
    });
    std::size_t lines = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        lines += parts[i]->reader.line() - 1;
        // A part may have seen nothing that could disagree, so each is held against all before it.
        for (std::size_t k = 0; k < i; ++k)
            if (!parts[i]->rows.agrees_with(parts[k]->rows)) return false;
        if (good[i] == 0) return false;
    }
    if (lines >= most_lines) return false;
    join(parts);
    return true;
}

void DeckReader::join(std::span<const std::unique_ptr<Part>> parts) {
    std::size_t lines_before = 0;
    for (const auto& part : parts) {
        if (lines_before == 0)
            result_.deck = std::move(part->deck);
        else
            result_.deck.append(part->deck, static_cast<std::uint32_t>(lines_before));
        lines_before += part->reader.line() - 1;
    }
}

Result<ReadDeck> DeckReader::read(std::size_t parts, const Parallel& parallel) {
    auto deck_options = read_deck_options(options_.map);
    if (!deck_options) return tl::unexpected(deck_options.error());
    deck_options_ = *deck_options;
    if (auto done = read_header(); !done) return tl::unexpected(done.error());
    if (parts < 2 || !read_in_parts(parts, parallel))
        if (auto done = read_whole(); !done) return tl::unexpected(done.error());
    result_.deck.rename(file_);
    return std::move(result_);
}

}  // namespace

Result<ReadDeck> read_deck(std::string_view csv, std::string_view file, const ReadOptions& options) {
    return read_deck(csv, file, options, 1, one_by_one);
}

Result<ReadDeck> read_deck(std::string_view csv, std::string_view file, const ReadOptions& options, std::size_t parts,
                           const Parallel& parallel) {
    if (auto done = check_is_text(csv, file); !done) return tl::unexpected(done.error());
    return DeckReader(csv, file, options).read(parts, parallel);
}

Result<Deck> read_deck(std::string_view csv, std::string_view file) {
    auto read = read_deck(csv, file, {});
    if (!read) return tl::unexpected(read.error());
    return std::move(read->deck);
}

}  // namespace trunkbox::lcr

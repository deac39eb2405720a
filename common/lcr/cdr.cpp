#include "lcr/cdr.h"

#include "base/csv.h"
#include "base/text.h"
#include "base/zone.h"
#include "lcr/cdr_cells.h"
#include "lcr/cdr_columns.h"
#include "lcr/deck_text.h"
#include "lcr/terms.h"
#include "numbering/spelling.h"

#include <algorithm>

#include <fmt/format.h>

namespace trunkbox::lcr {

class CdrReader::Rows {
  public:
    Rows(std::string_view csv, std::string_view file, const CdrOptions& options)
        : file_(file), options_(options), reader_(csv, file_), times_(options.zone) {}

    Result<void> begin();
    Result<std::size_t> next(std::span<Cdr> batch);
    [[nodiscard]] bool has(CdrColumn column) const { return columns_.has(column); }
    [[nodiscard]] std::span<const std::string> carriers() const { return carriers_; }
    [[nodiscard]] std::size_t skipped() const { return skipped_; }
    [[nodiscard]] std::span<const Error> skipped_because() const { return skipped_because_; }
    [[nodiscard]] const std::string& file() const { return file_; }

  private:
    // A record's cell, "" where the record ends before it.
    [[nodiscard]] std::string_view cell(CdrColumn column) const {
        auto place = columns_.place(column);
        return place < record_.fields.size() ? clean_cell(record_.fields[place].text) : std::string_view{};
    }
    Result<void> read(Cdr& call);
    Result<void> read_needed(Cdr& call);
    Result<void> read_occupied(Cdr& call);
    Result<void> read_answered(Cdr& call);
    Result<void> read_carrier(Cdr& call);
    Result<void> read_cost(Cdr& call);
    [[nodiscard]] tl::unexpected<Error> bad(CdrColumn column, Error error) const;
    [[nodiscard]] tl::unexpected<Error> too_short() const;
    [[nodiscard]] std::int64_t scale_of(CdrColumn column) const { return columns_.per_second[static_cast<std::size_t>(column)]; }
    Result<void> keep_or_fail(Error error);

    std::string file_;
    CdrOptions options_;
    CsvReader reader_;
    CsvRecord record_;
    CdrColumns columns_;
    std::size_t needed_fields_ = 0;  // of a record that has all that is needed
    CdrTimeReader times_;
    bool has_record_ = false;  // that was read to look for a header, and is a call
    bool at_end_ = false;
    std::vector<std::string> carriers_;
    std::map<std::string, std::uint32_t, std::less<>> carrier_index_;
    std::string_view last_carrier_;
    std::uint32_t last_index_ = Cdr::no_carrier;
    std::size_t skipped_ = 0;
    std::vector<Error> skipped_because_;
};

Result<void> CdrReader::Rows::begin() {
    if (auto good = check_zone(options_.zone); !good) return good;
    if (!options_.region.empty() && !numbering::is_region(options_.region))
        return failure(Fault::usage, "", fmt::format("'{}' is not a region", printable(options_.region)),
                       "write e.g. 'GB'");
    auto more = reader_.next(record_);
    if (!more) return tl::unexpected(more.error());
    if (!*more)
        return failure(Fault::input, file_, "file of calls is empty",
                       "begin it with a header, e.g. 'number,start,duration'");
    auto columns = read_cdr_columns(reader_, record_, options_);
    if (!columns) return tl::unexpected(columns.error());
    columns_ = *columns;
    for (auto column : needed_columns) needed_fields_ = std::max(needed_fields_, columns_.place(column) + 1);
    times_.order(columns_.date_order);
    has_record_ = columns_.untitled;
    return {};
}

tl::unexpected<Error> CdrReader::Rows::bad(CdrColumn column, Error error) const {
    auto place = std::min(columns_.place(column), record_.fields.size() - 1);
    error.fault = Fault::input;
    error.where = reader_.where(record_.fields[place]);
    return tl::unexpected(std::move(error));
}

tl::unexpected<Error> CdrReader::Rows::too_short() const {
    auto column = *std::ranges::find_if(needed_columns, [&](CdrColumn one) { return columns_.place(one) >= record_.fields.size(); });
    return bad(column, {.what = fmt::format("record has {} fields, '{}' is field {}", record_.fields.size(), name(column),
                                            columns_.place(column) + 1),
                        .fix = "complete the record or remove it"});
}

Result<void> CdrReader::Rows::read_needed(Cdr& call) {
    if (record_.fields.size() < needed_fields_) return too_short();
    auto number = read_cdr_number(cell(CdrColumn::number), options_.region);
    if (!number) return bad(CdrColumn::number, number.error());
    auto start = times_.read(cell(CdrColumn::start));
    if (!start) return bad(CdrColumn::start, start.error());
    auto duration = read_cdr_duration(cell(CdrColumn::duration), scale_of(CdrColumn::duration));
    if (!duration) return bad(CdrColumn::duration, duration.error());
    call.number = *number;
    call.start = *start;
    call.duration = call.occupied = *duration;
    return has(CdrColumn::total) || has(CdrColumn::pdd) ? read_occupied(call) : Result<void>{};
}

Result<void> CdrReader::Rows::read_occupied(Cdr& call) {
    for (auto column : {CdrColumn::total, CdrColumn::pdd}) {
        auto text = cell(column);
        if (text.empty() || (column == CdrColumn::pdd && has(CdrColumn::total))) continue;
        auto value = read_cdr_duration(text, scale_of(column));
        if (!value) return bad(column, value.error());
        call.occupied = column == CdrColumn::total ? std::max(call.occupied, *value) : call.occupied + *value;
        call.occupied = std::min<Duration>(call.occupied, std::chrono::seconds(longest_call));
    }
    return {};
}

Result<void> CdrReader::Rows::read_answered(Cdr& call) {
    call.answered = call.duration > Duration{};
    auto text = cell(CdrColumn::status);
    if (text.empty()) return {};
    auto answered = read_cdr_status(text);
    if (!answered) return bad(CdrColumn::status, answered.error());
    call.answered = *answered;
    // The seconds of a call that nobody answered are those that it rang.
    if (!call.answered) call.duration = {};
    return {};
}

Result<void> CdrReader::Rows::read_carrier(Cdr& call) {
    constexpr std::size_t most_carriers = 65'535;
    auto text = cell(CdrColumn::carrier);
    if (text.empty()) return {};
    if (text == last_carrier_) {
        call.carrier = last_index_;
        return {};
    }
    auto found = carrier_index_.find(text);
    if (found == carrier_index_.end()) {
        if (carriers_.size() == most_carriers)
            return bad(CdrColumn::carrier, {.what = fmt::format("column names more than {} carriers", most_carriers),
                                            .fix = "say with --map which column has the carriers"});
        found = carrier_index_.emplace(text, static_cast<std::uint32_t>(carriers_.size())).first;
        carriers_.emplace_back(text);
    }
    last_carrier_ = found->first;
    call.carrier = last_index_ = found->second;
    return {};
}

Result<void> CdrReader::Rows::read_cost(Cdr& call) {
    auto text = cell(CdrColumn::cost);
    if (text.empty()) return {};
    bool comma = reader_.separator() != ',' && text.find(',') != std::string_view::npos;
    auto cost = Money::parse(text, comma ? ',' : '.');
    if (!cost) return bad(CdrColumn::cost, cost.error());
    call.cost = *cost;
    call.has_cost = true;
    call.currency = columns_.currency.value_or(options_.currency);
    auto letters = cell(CdrColumn::currency);
    if (letters.empty()) return {};
    auto currency = Currency::parse(letters);
    if (!currency) return bad(CdrColumn::currency, currency.error());
    call.currency = *currency;
    return {};
}

Result<void> CdrReader::Rows::read(Cdr& call) {
    call = {.line = record_.line};
    if (auto done = read_needed(call); !done) return done;
    if (auto done = read_answered(call); !done) return done;
    // Callers withhold their number, or are extensions: that is no error.
    if (has(CdrColumn::from)) call.from = read_cdr_number(cell(CdrColumn::from), options_.region).value_or(0);
    if (has(CdrColumn::carrier))
        if (auto done = read_carrier(call); !done) return done;
    return has(CdrColumn::cost) ? read_cost(call) : Result<void>{};
}

Result<void> CdrReader::Rows::keep_or_fail(Error error) {
    if (!options_.skip_bad) return tl::unexpected(std::move(error));
    ++skipped_;
    if (skipped_because_.size() < options_.most_bad) skipped_because_.push_back(std::move(error));
    return {};
}

Result<std::size_t> CdrReader::Rows::next(std::span<Cdr> batch) {
    std::size_t filled = 0;
    while (filled < batch.size() && !at_end_) {
        if (!has_record_) {
            auto more = reader_.next(record_);
            at_end_ = !more || !*more;
            if (!more) return tl::unexpected(more.error());
            if (!*more) break;
        }
        has_record_ = false;
        if (record_.fields.size() == 1 && clean_cell(record_.fields.front().text).empty()) continue;
        if (auto done = read(batch[filled]); done) {
            ++filled;
        } else if (auto kept = keep_or_fail(std::move(done.error())); !kept) {
            at_end_ = true;
            return tl::unexpected(kept.error());
        }
    }
    return filled;
}

CdrReader::CdrReader(std::unique_ptr<Rows> rows) : rows_(std::move(rows)) {}
CdrReader::CdrReader(CdrReader&&) noexcept = default;
CdrReader& CdrReader::operator=(CdrReader&&) noexcept = default;
CdrReader::~CdrReader() = default;

Result<CdrReader> CdrReader::open(std::string_view csv, std::string_view file, const CdrOptions& options) {
    auto rows = std::make_unique<Rows>(csv, file, options);
    if (auto begun = rows->begin(); !begun) return tl::unexpected(begun.error());
    return CdrReader(std::move(rows));
}

Result<std::size_t> CdrReader::next(std::span<Cdr> batch) {
    return rows_->next(batch);
}
bool CdrReader::has(CdrColumn column) const {
    return rows_->has(column);
}
std::span<const std::string> CdrReader::carriers() const {
    return rows_->carriers();
}
std::size_t CdrReader::skipped() const {
    return rows_->skipped();
}
std::span<const Error> CdrReader::skipped_because() const {
    return rows_->skipped_because();
}
const std::string& CdrReader::file() const {
    return rows_->file();
}

}  // namespace trunkbox::lcr

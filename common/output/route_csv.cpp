#include "output/route_csv.h"

#include "base/text.h"
#include "numbering/dialled.h"
#include "output/decision.h"
#include "output/printer.h"
#include "output/render.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ostream>
#include <span>

#include <fmt/format.h>

namespace trunkbox::output {

namespace {

constexpr std::size_t batch = 1024;
constexpr std::size_t piece = std::size_t{1} << 16;

// E.164 digits and nothing else need no further look.
std::optional<std::uint64_t> plain_number(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    if (text.size() < 4 || text.size() > numbering::max_digits || text.front() == '0') return std::nullopt;
    return parse_integer<std::uint64_t>(text);
}

// ASCII that a cell takes without quotes.
constexpr auto bare_characters = [] {
    std::array<bool, 256> bare{};
    for (unsigned char c = 0; c < 0x80; ++c) bare[c] = c != ',' && c != '"' && c != '\r' && c != '\n';
    return bare;
}();
bool is_bare(std::string_view text) {
    bool bare = true;
    for (char c : text) bare &= bare_characters[static_cast<unsigned char>(c)];
    return bare;
}
// As any other table has it.
std::string careful_cell(std::string_view text) {
    auto line = csv_line({valid_utf8(text)});
    line.pop_back();
    return line;
}

// Writes where there is room.
class Pen {
  public:
    explicit Pen(char* to) : at_(to) {}
    [[nodiscard]] char* at() const { return at_; }
    void to(char* at) { at_ = at; }
    void put(char c) { *at_++ = c; }
    void put(std::string_view text) { at_ = std::copy(text.begin(), text.end(), at_); }
    void put(std::uint64_t number) { at_ = std::to_chars(at_, at_ + most_digits, number).ptr; }
    void put_cell(std::string_view text) {
        if (is_bare(text))
            put(text);
        else
            put(careful_cell(text));
    }
    void put_source(std::string_view file, std::size_t line) {
        if (!is_bare(file)) return put(careful_cell(fmt::format("{}:{}", file, line)));
        put(file);
        put(':');
        put(line);
    }
    static constexpr std::size_t most_digits = 20;

  private:
    char* at_;
};

// Of a line, beside the texts of the table.
constexpr std::size_t most_plain = 4 * Pen::most_digits + Money::most_text + Cost::most_text + 64;
// Each byte that is no UTF-8 becomes three.
constexpr std::size_t most_of_cell(std::string_view text) { return 3 * text.size(); }

}  // namespace

RouteCsv::RouteCsv(const lcr::Table& table, Time at, std::int64_t seconds, std::ostream& out)
    : table_(table), least_(table), at_(at), seconds_(seconds), out_(out), answers_(batch), columns_(route_columns().size()), text_(csv_line(route_columns())), used_(text_.size()) {
    calls_.reserve(batch);
}

// So many bytes more.
char* RouteCsv::room(std::size_t bytes) {
    if (text_.size() - used_ < bytes) text_.resize(2 * text_.size() + bytes);
    return text_.data() + used_;
}

Result<void> RouteCsv::add(std::string_view number) {
    auto digits = trim(number);
    if (digits.empty()) return {};
    auto value = plain_number(digits);
    if (!value) {
        auto dialled = numbering::read_dialled(digits);
        if (!dialled) return tl::unexpected(dialled.error());
        if (!dialled->number)
            return failure(Fault::input, "", fmt::format("number '{}' is not E.164", printable(digits)),
                           "write the country code and 4 to 15 digits, e.g. '+442079460123'");
        value = dialled->number->value();
    }
    calls_.push_back({.number = *value, .seconds = seconds_, .at = at_});
    return calls_.size() == batch ? write_batch() : Result<void>{};
}

Result<void> RouteCsv::write_batch() {
    if (auto done = least_.decide(calls_, std::span(answers_).first(calls_.size()), lcr::Origin::row); !done) return done;
    for (std::size_t i = 0; i < calls_.size(); ++i)
        if (auto done = append(calls_[i], answers_[i]); !done) return done;
    calls_.clear();
    return used_ < piece ? Result<void>{} : flush_text();
}

Result<void> RouteCsv::append(const lcr::Call& call, const lcr::Cheapest& answer) {
    if (answer.carrier == lcr::Cheapest::none) {
        append_unrouted(call);
        return {};
    }
    auto prefix = table_.prefix(answer.place);
    if (!prefix) return tl::unexpected(prefix.error());
    auto entry = table_.entry(answer.row);
    if (!entry) return tl::unexpected(entry.error());
    auto cost = cost_of(answer, *entry);
    if (!cost) return tl::unexpected(cost.error());
    const auto& carrier = table_.carriers()[answer.carrier];
    Pen pen(room(most_plain + most_of_cell(carrier.name) + most_of_cell(entry->destination) + most_of_cell(entry->file)));
    pen.put('+');
    pen.put(call.number);
    pen.put(",1,");
    pen.put_cell(carrier.name);
    pen.put(',');
    pen.put(prefix->value());
    pen.put(',');
    pen.put_cell(entry->destination);
    pen.put(',');
    pen.to(entry->rate.write(pen.at()));
    pen.put(',');
    pen.put(entry->currency.text());
    pen.put(',');
    pen.put(static_cast<std::uint64_t>(answer.billed_seconds));
    pen.put(',');
    pen.to(lcr::write_printed(pen.at(), *cost, carrier));
    pen.put(',');
    pen.put_source(entry->file, entry->line);
    pen.put('\n');
    used_ = static_cast<std::size_t>(pen.at() - text_.data());
    return {};
}

void RouteCsv::append_unrouted(const lcr::Call& call) {
    all_routed_ = false;
    Pen pen(room(most_plain + columns_));
    pen.put('+');
    pen.put(call.number);
    for (std::size_t i = 1; i < columns_; ++i) pen.put(',');
    pen.put('\n');
    used_ = static_cast<std::size_t>(pen.at() - text_.data());
}

// In the row's own currency.
Result<Cost> RouteCsv::cost_of(const lcr::Cheapest& answer, const lcr::Table::Entry& entry) const {
    if (entry.currency == table_.currency()) return answer.cost;
    auto row = table_.row(answer.row);
    if (!row) return tl::unexpected(row.error());
    return lcr::bill(row->rate, row->terms, std::chrono::seconds(seconds_)).cost;
}

Result<void> RouteCsv::flush_text() {
    out_.write(text_.data(), static_cast<std::streamsize>(used_));
    used_ = 0;
    return flush(out_, "standard output");
}

Result<void> RouteCsv::finish() {
    if (auto done = write_batch(); !done) return done;
    return flush_text();
}

}  // namespace trunkbox::output

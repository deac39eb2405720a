#include "output/route_csv.h"

#include "base/text.h"
#include "numbering/dialled.h"
#include "output/decision.h"
#include "output/printer.h"
#include "output/render.h"

#include <algorithm>
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

void append_cell(std::string& text, std::string_view cell) {
    if (std::ranges::none_of(cell, [](char c) { return c == ',' || c == '"' || c == '\r' || c == '\n'; })) {
        text += cell;
        return;
    }
    text += '"';
    for (char c : cell) {
        text += c;
        if (c == '"') text += c;
    }
    text += '"';
}

void append_integer(std::string& text, std::uint64_t value) {
    fmt::format_int digits(value);
    text.append(digits.data(), digits.size());
}

lcr::Carrier const& carrier_of(const lcr::Table& table, const lcr::Cheapest& answer) {
    return table.carriers()[answer.carrier];
}

}  // namespace

RouteCsv::RouteCsv(const lcr::Table& table, Time at, std::int64_t seconds, std::ostream& out)
    : table_(table), least_(table), at_(at), seconds_(seconds), out_(out), answers_(batch), columns_(route_columns().size()), text_(csv_line(route_columns())) {
    calls_.reserve(batch);
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
    return text_.size() < piece ? Result<void>{} : flush_text();
}

Result<void> RouteCsv::append(const lcr::Call& call, const lcr::Cheapest& answer) {
    text_ += '+';
    append_integer(text_, call.number);
    if (answer.carrier == lcr::Cheapest::none) {
        all_routed_ = false;
        text_.append(columns_ - 1, ',');
        text_ += '\n';
        return {};
    }
    auto prefix = table_.prefix(answer.place);
    if (!prefix) return tl::unexpected(prefix.error());
    auto entry = table_.entry(answer.row);
    if (!entry) return tl::unexpected(entry.error());
    auto cost = cost_of(answer, *entry);
    if (!cost) return tl::unexpected(cost.error());
    const auto& carrier = carrier_of(table_, answer);
    text_ += ",1,";
    append_cell(text_, carrier.name);
    text_ += ',';
    append_integer(text_, prefix->value());
    text_ += ',';
    append_cell(text_, entry->destination);
    text_ += ',';
    text_ += entry->rate.text();
    text_ += ',';
    text_ += entry->currency.text();
    text_ += ',';
    append_integer(text_, static_cast<std::uint64_t>(answer.billed_seconds));
    text_ += ',';
    text_ += lcr::printed(*cost, carrier);
    text_ += ',';
    append_source(*entry);
    text_ += '\n';
    return {};
}

// In the row's own currency.
Result<Cost> RouteCsv::cost_of(const lcr::Cheapest& answer, const lcr::Table::Entry& entry) const {
    if (entry.currency == table_.currency()) return answer.cost;
    auto row = table_.row(answer.row);
    if (!row) return tl::unexpected(row.error());
    return lcr::bill(row->rate, row->terms, std::chrono::seconds(seconds_)).cost;
}

// A cell is quoted as a whole, and a line number needs no quotes.
void RouteCsv::append_source(const lcr::Table::Entry& entry) {
    append_cell(text_, entry.file);
    bool quoted = text_.back() == '"' && !entry.file.empty();
    if (quoted) text_.pop_back();
    text_ += ':';
    append_integer(text_, entry.line);
    if (quoted) text_ += '"';
}

Result<void> RouteCsv::flush_text() {
    out_.write(text_.data(), static_cast<std::streamsize>(text_.size()));
    text_.clear();
    return flush(out_, "standard output");
}

Result<void> RouteCsv::finish() {
    if (auto done = write_batch(); !done) return done;
    return flush_text();
}

}  // namespace trunkbox::output

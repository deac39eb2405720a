#include "output/route_csv.h"

#include "base/text.h"
#include "numbering/dialled.h"
#include "output/decision.h"
#include "output/printer.h"
#include "output/render.h"

#include <ostream>

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
    if (cell.find_first_of(",\"\r\n") == std::string_view::npos) {
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

lcr::Carrier const& carrier_of(const lcr::Table& table, const lcr::Cheapest& answer) {
    return table.carriers()[answer.carrier];
}

}  // namespace

RouteCsv::RouteCsv(const lcr::Table& table, Time at, std::int64_t seconds, std::ostream& out)
    : table_(table), at_(at), seconds_(seconds), out_(out), answers_(batch), text_(csv_line(route_columns())) {
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
    if (auto done = lcr::cheapest(table_, calls_, answers_, true); !done) return done;
    for (std::size_t i = 0; i < calls_.size(); ++i)
        if (auto done = append(calls_[i], answers_[i]); !done) return done;
    calls_.clear();
    return text_.size() < piece ? Result<void>{} : flush_text();
}

Result<void> RouteCsv::append(const lcr::Call& call, const lcr::Cheapest& answer) {
    auto to = std::back_inserter(text_);
    fmt::format_to(to, "+{}", call.number);
    if (answer.carrier == lcr::Cheapest::none) {
        all_routed_ = false;
        text_.append(route_columns().size() - 1, ',');
        text_ += '\n';
        return {};
    }
    auto prefix = table_.prefix(answer.place);
    if (!prefix) return tl::unexpected(prefix.error());
    auto row = table_.row(answer.row);
    if (!row) return tl::unexpected(row.error());
    const auto& carrier = carrier_of(table_, answer);
    text_ += ",1,";
    append_cell(text_, carrier.name);
    fmt::format_to(to, ",{},", prefix->value());
    append_cell(text_, row->destination);
    text_ += ',';
    text_ += row->rate.text();
    text_ += ',';
    text_ += row->terms.currency.text();
    fmt::format_to(to, ",{},", answer.billed_seconds);
    auto cost = row->terms.currency == table_.currency()
                    ? answer.cost
                    : lcr::bill(row->rate, row->terms, std::chrono::seconds(seconds_)).cost;
    text_ += lcr::printed(cost, carrier);
    text_ += ',';
    append_cell(text_, row->source());
    text_ += '\n';
    return {};
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

#include "lcr/deck_rows.h"

#include "base/text.h"
#include "lcr/deck_prefixes.h"
#include "lcr/deck_text.h"

#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

using numbering::Prefix;

constexpr std::array rates{Column::rate, Column::inter_rate, Column::intra_rate, Column::ij_rate};
constexpr std::array jurisdictions{Jurisdiction::any, Jurisdiction::interstate, Jurisdiction::intrastate,
                                   Jurisdiction::indeterminate};

bool is_blank_or_zero(std::string_view cell) {
    return cell.find_first_not_of("0.,") == std::string_view::npos;
}

// Of a country code's cell: "+44" and "0044" are "44".
std::string_view country_digits(std::string_view cell) {
    if (cell.starts_with('+')) return cell.substr(1);
    return cell.starts_with("00") ? cell.substr(2) : cell;
}

}  // namespace

RowReader::Places RowReader::places_between(const Columns& columns, Column first, Column behind) {
    Places places;
    for (auto i = static_cast<std::size_t>(first); i < static_cast<std::size_t>(behind); ++i)
        if (columns.places[i]) places.of_record.push_back(*columns.places[i]);
    std::ranges::sort(places.of_record);
    places.adjacent = !places.of_record.empty() &&
                      places.of_record.back() - places.of_record.front() == places.of_record.size() - 1;
    return places;
}

RowReader::RowReader(const CsvReader& reader, const Columns& columns, Deck& deck, const DeckOptions& options,
                     Currency currency, std::function<DateOrder()> date_order)
    : reader_(reader),
      columns_(columns),
      deck_(deck),
      options_(options),
      currency_(currency),
      date_order_(std::move(date_order)),
      amounts_(reader.separator()),
      terms_places_(places_between(columns, first_of_terms, first_of_scope)),
      scope_places_(places_between(columns, first_of_scope, Column::ignored)) {
    for (std::size_t i = 0; i < rates.size(); ++i)
        if (auto place = columns.place(rates[i])) rate_places_.emplace_back(i, *place);
}

// Fields beyond the titles are what a spreadsheet leaves of cells that once held something, as long as they
// are empty.
Result<void> RowReader::check_width(const Cells& cells) const {
    const auto& fields = cells.record.fields;
    bool too_many = fields.size() > columns_.width;
    auto beyond = fields.begin() + static_cast<std::ptrdiff_t>(std::min(columns_.width, fields.size()));
    if (too_many &&
        std::all_of(beyond, fields.end(), [](const auto& field) { return clean_cell(field.text).empty(); }))
        return {};
    return failure(
        Fault::input, reader_.where(fields.back()),
        fmt::format("record has {} fields, the header has {}", fields.size(), columns_.width),
        fmt::format("separate the fields by '{}', quote a field that contains it", reader_.separator()));
}

bool RowReader::agrees_with(const RowReader& other) const {
    auto mark = amounts_.decimal_mark();
    auto others = other.amounts_.decimal_mark();
    return (mark == others || mark == 0 || others == 0) &&
           (constants_ == other.constants_ || !has_constants_ || !other.has_constants_);
}

Result<void> RowReader::check_neutral(const Cells& cells) {
    if (!has_constants_) {
        for (const auto& column : columns_.neutral)
            constants_.emplace_back(column.constant ? clean_cell(cells.record.fields[column.place].text) : std::string_view());
        has_constants_ = true;
    }
    for (std::size_t i = 0; i < columns_.neutral.size(); ++i) {
        const auto& column = columns_.neutral[i];
        const auto& field = cells.record.fields[column.place];
        auto text = clean_cell(field.text);
        if (column.constant ? text == constants_[i] : is_blank_or_zero(text) || iequals(text, column.word))
            continue;
        auto shown = printable(to_utf8(text));
        if (column.title.empty())
            return failure(Fault::input, reader_.where(field),
                           fmt::format("'{}' stands in a column without a title", shown),
                           fmt::format("leave the column out with --map '{}=-'", column.place + 1));
        if (column.constant)
            return failure(
                Fault::input, reader_.where(field),
                fmt::format("{} '{}' is not '{}' as in the first row", column.title, shown,
                            printable(to_utf8(constants_[i]))),
                fmt::format("split the deck, or leave the column out with --map '{}=-'", column.title));
        return failure(Fault::input, reader_.where(field),
                       fmt::format("{} '{}' may change the price", column.title, shown),
                       fmt::format("say with --map what it is, or '{}=-' to leave it out", column.title));
    }
    return {};
}

Result<void> RowReader::check_country(const Cells& cells, std::string_view country) const {
    auto code = Prefix::parse(country);
    if (!code) return cells.bad(Column::country_code, code.error());
    for (auto prefix : prefixes_)
        if (!prefix.begins_with(*code))
            return cells.bad(
                Column::prefix,
                fmt::format("prefix '{}' does not begin with its country code '{}'", prefix.text(), country),
                "where it is what follows the country code, map 'area codes' to this column");
    return {};
}

Result<void> RowReader::read_codes(const Cells& cells) {
    prefixes_.clear();
    auto country = cells.text(Column::country_code);
    if (auto place = columns_.place(Column::prefix)) {
        auto cell = cells.record.fields[*place].text;
        if (auto plain = Prefix::of_digits(cell))
            prefixes_.push_back(*plain);
        else if (auto done = read_prefixes(clean_cell(cell), {}, prefixes_); !done)
            return cells.bad(Column::prefix, done.error());
        return country.empty() ? Result<void>{} : check_country(cells, country_digits(country));
    }
    if (!columns_.place(Column::area)) {
        auto done = read_prefixes(country, {}, prefixes_);
        return done ? done : cells.bad(Column::country_code, done.error());
    }
    auto digits = country_digits(country);
    if (auto code = Prefix::parse(digits); !code) return cells.bad(Column::country_code, code.error());
    auto done = read_prefixes(cells.text(Column::area), digits, prefixes_);
    return done ? done : cells.bad(Column::area, done.error());
}

Result<void> RowReader::read_prices(const Cells& cells) {
    prices_.clear();
    for (auto [i, place] : rate_places_) {
        auto text = clean_cell(cells.record.fields[place].text);
        if (text.empty()) continue;
        auto& price = prices_.emplace_back(Price{.column = i});
        if (!is_digit(text.front()) && is_closed_word(text)) {
            price.beside.blocked = true;
            continue;
        }
        auto amount = amounts_.read(text);
        if (!amount) return cells.bad(rates[i], amount.error());
        price.rate = amount->money;
        price.beside.currency = amount->currency;
    }
    if (!prices_.empty()) return {};
    // A row without a price is understood only where it says that the calls are not taken.
    auto terms = terms_of(cells, {});
    if (!terms) return tl::unexpected(terms.error());
    if (!terms->blocked) {
        return cells.bad(rates[rate_places_.front().first], Money::parse("").error());
    }
    prices_.emplace_back();
    return {};
}

// What tells these cells from those of another record: as they stand in the file where they do so side by
// side, else each with an end that no cell which was understood has in it.
std::string_view RowReader::key_of(const Cells& cells, const Places& places) {
    const auto& fields = cells.record.fields;
    if (places.adjacent && !cells.record.quoted) {
        const auto* begin = fields[places.of_record.front()].text.data();
        auto last = fields[places.of_record.back()].text;
        return {begin, static_cast<std::size_t>(last.data() + last.size() - begin)};
    }
    key_.clear();
    for (auto place : places.of_record) key_.append(fields[place].text) += '\x1f';
    return key_;
}

Result<RowReader::KnownTerms> RowReader::terms_of(const Cells& cells, const BesideRate& beside) {
    auto key = key_of(cells, terms_places_);
    if (beside.currency || beside.blocked) {
        auto said = beside.currency ? beside.currency->text() : std::string_view("!");
        if (key.data() != key_.data()) key_.assign(key);
        key = key_.append("\x1f").append(said);
    }
    if (const auto* known = terms_.find(key)) return *known;
    auto terms = read_terms(cells, amounts_, currency_, beside);
    if (!terms) return tl::unexpected(terms.error());
    KnownTerms known{.blocked = terms->blocked, .minimum = terms->minimum, .increment = terms->increment};
    for (auto& tier : terms->tiers) {
        auto rate = per_minute(cells, Column::tiers, tier.rate, known);
        if (!rate) return tl::unexpected(rate.error());
        tier.rate = *rate;
    }
    known.index = deck_.intern(*terms);
    return terms_.put(key, known);
}

Result<RowReader::KnownScopes> RowReader::scopes_of(const Cells& cells) {
    auto key = key_of(cells, scope_places_);
    if (const auto* known = scopes_.find(key)) return *known;
    auto scope = read_scope(cells, date_order_);
    if (!scope) return tl::unexpected(scope.error());
    KnownScopes known{deck_.intern(*scope)};
    for (std::size_t i = 1; i < rates.size(); ++i) {
        scope->jurisdiction = jurisdictions[i];
        if (columns_.place(rates[i])) known[i] = deck_.intern(*scope);
    }
    return scopes_.put(key, known);
}

Result<Money> RowReader::per_minute(const Cells& cells, Column column, Money rate,
                                    const KnownTerms& terms) const {
    auto per = options_.per == 0 ? terms.increment : options_.per;
    if (per == 60 || terms.blocked) return rate;
    if (options_.per == 0 && terms.minimum != 0 && terms.minimum != terms.increment)
        return cells.bad(column, "rate per increment where the first is another than the next",
                         "map 'per' to what the rates are for");
    auto units = Int128{rate.units()} * 60;
    if (units % per != 0 || units / per > std::numeric_limits<std::int64_t>::max())
        return cells.bad(column, fmt::format("rate '{}' for {} s is no decimal a minute", rate.text(), per),
                         "write rates a minute");
    return Money::of_units(static_cast<std::int64_t>(units / per));
}

std::uint32_t RowReader::destination_of(const Cells& cells) {
    const auto* field = cells.field(Column::destination);
    auto text = field == nullptr ? std::string_view{} : field->text;
    if (const auto* known = destinations_.find(text)) return *known;
    return destinations_.put(text, deck_.intern_destination(to_utf8(clean_cell(text))));
}

Result<void> RowReader::read(const CsvRecord& record) {
    Cells cells{.reader = reader_, .columns = columns_, .record = record};
    if (record.fields.size() != columns_.width)
        if (auto done = check_width(cells); !done) return done;
    if (auto done = read_codes(cells); !done) return done;
    if (auto done = read_prices(cells); !done) return done;
    if (!columns_.neutral.empty())
        if (auto done = check_neutral(cells); !done) return done;
    auto scopes = scopes_of(cells);
    if (!scopes) return tl::unexpected(scopes.error());
    packed_.clear();
    for (const auto& price : prices_) {
        auto terms = terms_of(cells, price.beside);
        if (!terms) return tl::unexpected(terms.error());
        auto rate =
            options_.per == 60 ? price.rate : per_minute(cells, rates[price.column], price.rate, *terms);
        if (!rate) return tl::unexpected(rate.error());
        packed_.push_back({.prefix = prefixes_.front(),
                           .rate = *rate,
                           .terms = terms->index,
                           .scope = (*scopes)[price.column],
                           .destination = 0,
                           .line = static_cast<std::uint32_t>(record.line)});
    }
    auto destination = destination_of(cells);
    for (auto prefix : prefixes_)
        for (auto& row : packed_) {
            row.prefix = prefix;
            row.destination = destination;
            deck_.add(row);
        }
    expanded_ += prefixes_.size() * packed_.size() - 1;
    return {};
}

}  // namespace trunkbox::lcr

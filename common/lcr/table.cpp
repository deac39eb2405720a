#include "lcr/table.h"

#include "lcr/image.h"
#include "lcr/trie.h"

#include <algorithm>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

Result<numbering::Prefix> prefix_of(const Image& image, std::uint64_t key) {
    auto length = static_cast<int>(key & 15U);
    auto value = (key >> 4U) / powers_of_ten[static_cast<std::size_t>(numbering::max_digits - length)];
    auto prefix = numbering::Prefix::of_value(value, length);
    if (!prefix) return image.damaged(Section::prefixes, "no prefix");
    return *prefix;
}

}  // namespace

Table::Table(std::unique_ptr<const Image> image) : image_(std::move(image)) {}
Table::Table(Table&&) noexcept = default;
Table& Table::operator=(Table&&) noexcept = default;
Table::~Table() = default;

Result<Table> Table::open(std::span<const std::byte> image, std::shared_ptr<const void> keep, std::string name) {
    auto opened = Image::open(image, std::move(keep), std::move(name));
    if (!opened) return tl::unexpected(opened.error());
    return Table(std::move(*opened));
}

Result<void> Table::verify() const {
    return image_->verify();
}
std::span<const std::byte> Table::image() const {
    return image_->bytes();
}
const std::string& Table::name() const {
    return image_->name();
}
std::size_t Table::rows() const {
    return image_->records<RowRecord>(Section::rows).size();
}
std::size_t Table::prefixes() const {
    return image_->records<PrefixRecord>(Section::prefixes).size() - 1;
}
const Settings& Table::settings() const {
    return image_->settings();
}
std::span<const Carrier> Table::carriers() const {
    return image_->carriers();
}

std::optional<std::size_t> Table::carrier(std::string_view name) const {
    auto all = carriers();
    auto found = std::ranges::find(all, name, &Carrier::name);
    if (found == all.end()) return std::nullopt;
    return static_cast<std::size_t>(found - all.begin());
}

std::string Table::Entry::source() const {
    return fmt::format("{}:{}", file, line);
}

Result<numbering::Prefix> Table::prefix(std::uint32_t place) const {
    if (place >= prefixes()) return image_->damaged(Section::prefixes, "a place beyond its end");
    return prefix_of(*image_, image_->records<PrefixRecord>(Section::prefixes)[place].key);
}

Result<Table::Range> Table::rows_of(std::uint32_t place) const {
    if (place >= prefixes()) return image_->damaged(Section::prefixes, "a place beyond its end");
    auto all = image_->records<PrefixRecord>(Section::prefixes);
    Range range{all[place].first_row, all[place + 1].first_row};
    if (range.first > range.last || range.last > rows())
        return image_->damaged(Section::prefixes, fmt::format("rows of record {}", place));
    return range;
}

Result<Table::Entry> Table::entry(std::uint32_t position) const {
    auto all = image_->records<RowRecord>(Section::rows);
    auto terms = image_->records<TermsRecord>(Section::terms);
    auto decks = image_->records<DeckRecord>(Section::decks);
    auto rates = image_->records<std::int64_t>(Section::rates);
    if (position >= all.size()) return image_->damaged(Section::rows, "a position beyond its end");
    const auto& record = all[position];
    bool by_index = (record.rate & rate_by_index) != 0;
    auto index = record.rate & ~rate_by_index;
    if (record.terms >= terms.size() || record.deck >= decks.size() || (by_index && index >= rates.size()) ||
        decks[record.deck].carrier >= carriers().size())
        return image_->damaged(Section::rows, fmt::format("record {}", position));
    Int128 units = by_index ? Int128{rates[index]} : Int128{record.rate} * image_->header().quantum;
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    const auto& deck = decks[record.deck];
    return Entry{.carrier = deck.carrier,
                 .destination = image_->text(record.destination),
                 .rate = Money::of_units(units > most ? most : static_cast<std::int64_t>(units)),
                 .currency = image_->currency(terms[record.terms]),
                 .file = image_->text(deck.file),
                 .line = record.line,
                 .amendment = deck.amendment};
}

Result<Table::Row> Table::row(std::uint32_t position) const {
    auto entry = this->entry(position);
    if (!entry) return tl::unexpected(entry.error());
    const auto& record = image_->records<RowRecord>(Section::rows)[position];
    auto scopes = image_->records<ScopeRecord>(Section::scopes);
    if (record.scope >= scopes.size()) return image_->damaged(Section::rows, fmt::format("record {}", position));
    const auto& terms = image_->records<TermsRecord>(Section::terms)[record.terms];
    return Row{*entry, image_->terms(terms), image_->scope(scopes[record.scope])};
}

Result<std::optional<std::uint32_t>> Table::longest(const numbering::E164& number) const {
    auto padded = number.value();
    for (int i = number.length(); i < numbering::max_digits; ++i) padded *= 10;
    auto unit = image_->find_line(padded);
    if (unit == no_leaf) return std::optional<std::uint32_t>{};
    std::optional<std::uint32_t> place = image_->place_of_line(unit);
    // A prefix that is longer than the number was found by the digits that pad it.
    while (place) {
        auto prefix = this->prefix(*place);
        if (!prefix) return tl::unexpected(prefix.error());
        if (prefix->covers(number)) return place;
        auto next = shorter(*place);
        if (!next) return next;
        place = *next;
    }
    return place;
}

Result<std::optional<std::uint32_t>> Table::shorter(std::uint32_t place) const {
    if (place >= prefixes()) return image_->damaged(Section::prefixes, "a place beyond its end");
    auto shorter = image_->records<PrefixRecord>(Section::prefixes)[place].shorter;
    if (shorter == PrefixRecord::none) return std::optional<std::uint32_t>{};
    // Families come before their members, which keeps a damaged file from leading in a circle.
    if (shorter >= place) return image_->damaged(Section::prefixes, fmt::format("family of record {}", place));
    return std::optional<std::uint32_t>{shorter};
}

std::uint32_t Table::lower_bound(numbering::Prefix prefix) const {
    auto all = image_->records<PrefixRecord>(Section::prefixes).first(prefixes());
    return static_cast<std::uint32_t>(std::ranges::lower_bound(all, tree_key(prefix), {}, &PrefixRecord::key) -
                                      all.begin());
}

}  // namespace trunkbox::lcr

#include "lcr/table.h"

#include "base/text.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

struct Entry {
    DeckRow row;
    std::size_t deck = 0;  // index into the carrier's decks
};

// Of two rows of one prefix, the one in front wins when both are in force: the later effective, then the
// later amendment, then the one that asks more. The last keys make contradicting duplicates independent of
// their order in the file, and never cheaper than what may be billed; their line only decides between rows
// that say the same.
bool stands_before(const Entry& a, const Entry& b) {
    auto key = [](const Entry& entry) {
        const auto& row = entry.row;
        return std::tuple(row.effective.has_value(), row.effective.value_or(Time{}), entry.deck, row.blocked,
                          row.rate, row.connect_fee, row.minimum, row.increment,
                          row.end.value_or(Time::max()));
    };
    if (a.row.prefix != b.row.prefix) return a.row.prefix < b.row.prefix;
    auto key_a = key(a);
    auto key_b = key(b);
    if (key_a != key_b) return key_a > key_b;
    return std::tie(a.row.destination, a.row.line) < std::tie(b.row.destination, b.row.line);
}

struct CompiledCarrier {
    Carrier carrier{};
    std::vector<std::string> files{};
    std::vector<Entry> entries{};  // by stands_before
    std::size_t longest = 0;       // digits of the longest prefix
};

CompiledCarrier compile_carrier(CarrierDecks source) {
    CompiledCarrier compiled{.carrier = std::move(source.carrier)};
    for (auto& deck : source.decks) {
        for (auto& row : deck.rows) compiled.entries.push_back({std::move(row), compiled.files.size()});
        compiled.files.push_back(std::move(deck.file));
    }
    std::ranges::sort(compiled.entries, stands_before);
    if (!compiled.entries.empty())
        compiled.longest = static_cast<std::size_t>(compiled.entries.back().row.prefix.length());
    return compiled;
}

// Every row must be priced in one currency; which one.
Result<Currency> one_currency(const std::vector<CarrierDecks>& carriers) {
    const DeckRow* first = nullptr;
    for (const auto& carrier : carriers)
        for (const auto& deck : carrier.decks)
            for (const auto& row : deck.rows) {
                // A blocked row has no price, so its currency says nothing.
                if (row.blocked) continue;
                if (first == nullptr) first = &row;
                if (row.currency != first->currency)
                    return failure(
                        Fault::input, fmt::format("{}:{}", deck.file, row.line),
                        fmt::format("currency '{}' stands beside '{}' and there is no rate of exchange",
                                    row.currency.text(), first->currency.text()),
                        "convert the deck to one currency");
            }
    return first == nullptr ? Currency{} : first->currency;
}

}  // namespace

struct Table::Body {
    Currency currency;
    std::vector<Carrier> carriers;
    std::vector<CompiledCarrier> compiled;  // parallel to carriers
};

Table::Table(std::unique_ptr<const Body> body) : body_(std::move(body)) {}
Table::Table(Table&&) noexcept = default;
Table& Table::operator=(Table&&) noexcept = default;
Table::~Table() = default;

Result<Table> Table::compile(std::vector<CarrierDecks> carriers) {
    std::ranges::sort(carriers, {}, [](const CarrierDecks& decks) { return decks.carrier.name; });
    for (std::size_t i = 0; i < carriers.size(); ++i) {
        const auto& name = carriers[i].carrier.name;
        if (name.empty())
            return failure(Fault::input, "", "carrier has no name", "name it, e.g. 'carrier-a'");
        if (i > 0 && carriers[i - 1].carrier.name == name)
            return failure(Fault::input, "", fmt::format("carrier '{}' is given twice", printable(name)),
                           "give all its decks at once");
    }
    auto currency = one_currency(carriers);
    if (!currency) return tl::unexpected(currency.error());
    auto body = std::make_unique<Body>();
    body->currency = *currency;
    for (auto& carrier : carriers) {
        body->carriers.push_back(carrier.carrier);
        body->compiled.push_back(compile_carrier(std::move(carrier)));
    }
    return Table(std::move(body));
}

std::size_t Table::rows() const {
    std::size_t count = 0;
    for (const auto& carrier : body_->compiled) count += carrier.entries.size();
    return count;
}

Currency Table::currency() const {
    return body_->currency;
}
std::span<const Carrier> Table::carriers() const {
    return body_->carriers;
}

Table::Finding Table::find(std::size_t carrier, const numbering::E164& number, Time at) const {
    const auto& compiled = body_->compiled[carrier];
    Finding finding;
    auto most = std::min(static_cast<std::size_t>(number.length()), compiled.longest);
    for (auto length = static_cast<int>(most); length > 0; --length) {
        auto prefix = numbering::Prefix::of(number, length);
        auto first = std::ranges::lower_bound(compiled.entries, prefix, {},
                                              [](const Entry& entry) { return entry.row.prefix; });
        for (; first != compiled.entries.end() && first->row.prefix == prefix; ++first) {
            const auto& entry = *first;
            Match match{.row = &entry.row, .file = compiled.files[entry.deck]};
            if (entry.row.end && *entry.row.end <= at) {
                if (finding.ended.row == nullptr) finding.ended = match;
            } else if (entry.row.effective && at < *entry.row.effective) {
                if (finding.not_begun.row == nullptr) finding.not_begun = match;
            } else {
                finding.row = match;
                return finding;
            }
        }
    }
    return finding;
}

}  // namespace trunkbox::lcr

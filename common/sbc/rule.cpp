// The catalogue. A row is the only place where a rule's id, text, default and source stand.
#include "sbc/rule.h"

#include <array>

#include "sbc/catalogue.h"

namespace trunkbox::sbc {

std::span<const Rule> rules() { return catalogue; }

namespace {

constexpr std::uint8_t nowhere = UINT8_MAX;
static_assert(catalogue.size() < nowhere);

// Families by their letters, from 1; 0 for none.
constexpr auto family_by_letter = [] {
    std::array<std::uint8_t, 256> table{};
    for (std::size_t i = 0; i < families.size(); ++i)
        table[static_cast<unsigned char>(families[i])] = static_cast<std::uint8_t>(i + 1);
    return table;
}();

// Where an id stands by its letter and three digits: "M-101". Others give the size of the table. Every packet of media
// asks.
constexpr std::size_t slots = families.size() * 1000;
constexpr std::size_t slot_of(std::string_view id) {
    if (id.size() != 5 || id[1] != '-') return slots;
    std::size_t family = family_by_letter[static_cast<unsigned char>(id[0])];
    auto digit = [&](std::size_t at) { return static_cast<unsigned>(static_cast<unsigned char>(id[at])) - '0'; };
    unsigned hundreds = digit(2), tens = digit(3), ones = digit(4);
    if (family == 0 || hundreds > 9 || tens > 9 || ones > 9) return slots;
    return (family - 1) * 1000 + hundreds * 100 + tens * 10 + ones;
}

constexpr std::array<std::uint8_t, slots> rows_by_id = [] {
    std::array<std::uint8_t, slots> rows{};
    rows.fill(nowhere);
    for (std::size_t row = 0; row < catalogue.size(); ++row) rows[slot_of(catalogue[row].id)] = static_cast<std::uint8_t>(row);
    return rows;
}();

}  // namespace

const Rule* find_rule(std::string_view id) {
    std::size_t slot = slot_of(id);
    if (slot == slots || rows_by_id[slot] == nowhere) return nullptr;
    return &catalogue[rows_by_id[slot]];
}

std::size_t place(const Rule& rule) { return static_cast<std::size_t>(&rule - catalogue.data()); }

std::string_view name(Scope scope) {
    switch (scope) {
        case Scope::packet: return "packet";
        case Scope::message: return "message";
        case Scope::transport: return "transport";
        case Scope::time: return "time";
        case Scope::peer: return "peer";
        case Scope::list: return "list";
        case Scope::transaction: return "transaction";
        case Scope::dialog: return "dialog";
        case Scope::rate: return "rate";
        case Scope::media: return "media";
    }
    return "";
}

std::string_view name(Risk risk) {
    switch (risk) {
        case Risk::none: return "none";
        case Risk::low: return "low";
        case Risk::medium: return "medium";
        case Risk::high: return "high";
    }
    return "";
}

}  // namespace trunkbox::sbc

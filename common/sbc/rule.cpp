// The catalogue. A row is the only place where a rule's id, text, default and source stand.
#include "sbc/rule.h"

#include <array>

#include "sbc/catalogue.h"

namespace trunkbox::sbc {

std::span<const Rule> rules() { return catalogue; }

namespace {

constexpr std::uint8_t nowhere = UINT8_MAX;
static_assert(catalogue.size() < nowhere);

// Where an id stands by its letter and three digits: "M-101". Others give the size of the table.
constexpr std::size_t slots = families.size() * 1000;
constexpr std::size_t slot_of(std::string_view id) {
    if (id.size() != 5 || id[1] != '-') return slots;
    std::size_t family = families.find(id[0]), number = 0;
    for (char c : id.substr(2)) {
        if (c < '0' || c > '9') return slots;
        number = number * 10 + static_cast<std::size_t>(c - '0');
    }
    return family == std::string_view::npos ? slots : family * 1000 + number;
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

// The catalogue. A row is the only place where a rule's id, text, default and source stand.
#include "sbc/rule.h"

#include <algorithm>

#include "sbc/catalogue.h"

namespace trunkbox::sbc {

std::span<const Rule> rules() { return catalogue; }

namespace {

using Places = std::array<std::uint8_t, catalogue.size()>;
static_assert(catalogue.size() <= UINT8_MAX);

constexpr Places by_id = [] {
    Places places{};
    for (std::size_t row = 0; row < places.size(); ++row) places[row] = static_cast<std::uint8_t>(row);
    std::sort(places.begin(), places.end(), [](auto a, auto b) { return catalogue[a].id < catalogue[b].id; });
    return places;
}();

}  // namespace

const Rule* find_rule(std::string_view id) {
    auto found = std::lower_bound(by_id.begin(), by_id.end(), id, [](auto row, auto wanted) { return catalogue[row].id < wanted; });
    return found == by_id.end() || catalogue[*found].id != id ? nullptr : &catalogue[*found];
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

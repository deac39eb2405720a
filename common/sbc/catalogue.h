// All rows, in the order of the catalogue: by family, then by number. Private to sbc/.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "sbc/rows_attack.h"
#include "sbc/rows_media.h"
#include "sbc/rows_message.h"
#include "sbc/rows_state.h"

namespace trunkbox::sbc {

// The letters of the ids, in the order of the table.
inline constexpr std::string_view families = "PMLHAFITSR";

namespace detail {

constexpr bool before(const Rule& a, const Rule& b) {
    std::size_t of_a = families.find(a.id[0]), of_b = families.find(b.id[0]);
    return of_a != of_b ? of_a < of_b : a.id < b.id;
}

template <std::size_t... N>
constexpr auto sorted(const std::array<Rule, N>&... families) {
    std::array<Rule, (N + ...)> all{};
    auto end = all.begin();
    ((end = std::copy(families.begin(), families.end(), end)), ...);
    std::sort(all.begin(), all.end(), before);
    return all;
}

}  // namespace detail

inline constexpr auto catalogue = 
    detail::sorted(rows::packets, rows::messages, rows::limits, rows::attacks, rows::clocks, rows::transactions,
                   rows::dialogs, rows::rates, rows::media);
static_assert(catalogue.size() <= RuleSet::capacity);

// Its place in the table.
consteval std::size_t row_of(std::string_view id) {
    for (std::size_t row = 0; row < catalogue.size(); ++row)
        if (catalogue[row].id == id) return row;
    throw "no such rule";
}

// What media are by which no other rule is woken: no SIP.
inline constexpr std::size_t silent_media_rule = row_of("P-007");

}  // namespace trunkbox::sbc

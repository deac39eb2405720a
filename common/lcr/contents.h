// What a route table holds, for people who look into one.
#pragma once

#include "lcr/reroute.h"
#include "lcr/table.h"

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::lcr {

struct CarrierContents {
    std::size_t rows = 0;
    std::size_t blocked = 0;
    std::set<std::string> files{};
    std::set<std::string> currencies{};
    std::optional<Time> first_effective{};  // of the rows that have a date
    std::optional<Time> last_effective{};
    std::optional<Time> first_end{};
};
// By the table's order of carriers. Reads every row.
[[nodiscard]] Result<std::vector<CarrierContents>> contents(const Table& table);

// The rows of a prefix and of all longer ones, in tree order; ends at the first error of `visit`.
[[nodiscard]] Result<void> each_row(const Table& table, numbering::Prefix prefix,
                                    const std::function<Result<void>(numbering::Prefix, const Table::Row&)>& visit);

// Both re-route tables with the changes laid over them, statuses first, ascending.
struct EffectiveRule {
    RerouteRule::Kind kind = RerouteRule::Kind::status;
    int code = 0;
    Next next = Next::stop;
    std::string_view why{};
};
[[nodiscard]] std::vector<EffectiveRule> effective_rules(std::span<const RerouteRule> changes);

}  // namespace trunkbox::lcr

#include "centrex/extensions.h"

#include <fmt/format.h>

#include "numbering/emergency.h"

namespace trunkbox::centrex {

namespace {

const Table& extensions() { return table("extension"); }
bool may_overlap(const Row& row) { return integer(cell(extensions(), row, "overlap")) != 0; }

tl::unexpected<Error> overlaps(const Row& one, const Row& other) {
    return against("extension-overlap", fmt::format("extension '{}' is the beginning of extension '{}'", text(one[1]), text(other[1])),
                   "dial more digits, or let it with --overlap");
}

// Those that it begins, and those that begin it.
Result<void> check_others(Rows& rows, const Row& extension) {
    const auto& digits = text(extension[1]);
    for (std::size_t length = 1; length < digits.size(); ++length) {
        auto shorter = rows.get(extensions(), {extension[0], digits.substr(0, length)});
        if (!shorter) return tl::unexpected(shorter.error());
        if (*shorter && !may_overlap(**shorter)) return overlaps(**shorter, extension);
    }
    auto longer = rows.find({.table = &extensions(),
                             .where = {{.column = "tenant", .value = extension[0]},
                                       {.column = "extension", .is = Match::Is::at_least, .value = digits},
                                       {.column = "extension", .is = Match::Is::at_most, .value = digits + "~"}}});
    if (!longer) return tl::unexpected(longer.error());
    for (const auto& other : *longer)
        if (text(other[1]) != digits && !may_overlap(other)) return overlaps(extension, other);
    return {};
}

}  // namespace

Result<void> check_extension(Rows& rows, const Row& extension) {
    const auto& digits = text(extension[1]);
    if (digits.starts_with('*') || digits.starts_with('#'))
        return against("service-code", fmt::format("extension '{}' begins as the code of a service", digits),
                       "begin it with a digit");
    auto tenant = rows.get(table("tenant"), {extension[0]});
    if (!tenant) return tl::unexpected(tenant.error());
    const auto region = *tenant ? text(cell(table("tenant"), **tenant, "country")) : std::string{};
    if (numbering::begins_emergency(digits, region))
        return against("emergency", fmt::format("extension '{}' is an emergency number of '{}', or what one begins with", digits,
                                                region),
                       "choose other digits");
    if (may_overlap(extension)) return {};
    return check_others(rows, extension);
}

}  // namespace trunkbox::centrex

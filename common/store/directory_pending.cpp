// What rows owe each other when an edit is done: only then, since an edit may put them in any order.
#include <utility>

#include <fmt/format.h>

#include "centrex/clis.h"
#include "centrex/extensions.h"
#include "centrex/loops.h"
#include "store/directory_rows.h"

namespace trunkbox::store {

using centrex::Cell;
using centrex::Row;
using centrex::Table;
using centrex::text;

namespace {

const Cell& cell_or_none(const Table& table, const Row* row, std::string_view column) {
    static const Cell none{};
    return row != nullptr ? cell(table, *row, column) : none;
}

bool differ(const Table& table, const Row* before, const Row* after, std::string_view column) {
    return cell_or_none(table, before, column) != cell_or_none(table, after, column);
}

}  // namespace

Result<void> DirectoryRows::owe_showing(const Cell& first, const Cell& last) {
    if (centrex::is_null(first)) return {};
    auto users = centrex::users_showing(*this, centrex::integer(first), centrex::integer(centrex::is_null(last) ? first : last));
    if (!users) return tl::unexpected(users.error());
    owed_.showing.insert(users->begin(), users->end());
    return {};
}

// Ranges that stood on this block alone.
Result<void> DirectoryRows::owe_ranges(const Row& block) {
    const auto& clis = centrex::table("cli");
    auto ranges = find({.table = &clis,
                        .where = {{.column = "cli", .is = centrex::Match::Is::at_most,
                                   .value = cell(centrex::table("block"), block, "last")}}});
    if (!ranges) return tl::unexpected(ranges.error());
    for (const auto& range : *ranges) owed_.ranges.emplace(text(range[0]), centrex::integer(range[1]));
    return {};
}

namespace {

// A password is kept with the names that it is for: without it nobody can keep it for others.
Result<void> check_password(const Table& phones, const Row& before, const Row& after) {
    const auto& kept = cell(phones, before, "ha1");
    if (centrex::is_null(kept) || cell(phones, after, "ha1") != kept) return {};
    if (cell(phones, before, "sip_user") == cell(phones, after, "sip_user")) return {};
    return centrex::against("password", fmt::format("the password of {} is for another SIP user", called(phones, key_of(phones, after))),
                            "give it again, with --password-file");
}

Result<void> check_passwords(centrex::Rows& rows, const std::string& tenant) {
    const auto& phones = centrex::table("phone");
    auto all = rows.find({.table = &phones, .where = {{.column = "tenant", .value = tenant}}});
    if (!all) return tl::unexpected(all.error());
    for (const auto& phone : *all)
        if (!centrex::is_null(cell(phones, phone, "ha1")))
            return centrex::against("password", fmt::format("the password of {} is for the domain as it is",
                                                            called(phones, key_of(phones, phone))),
                                    "take it away first: 'centrex phone set --unset password'");
    return {};
}

}  // namespace

Result<void> DirectoryRows::owe(const Table& table, const Row* before, const Row* after) {
    const auto& row = after != nullptr ? *after : *before;
    const auto& name = table.name;
    if (name == "number") return before != nullptr && differ(table, before, after, "target") ? owe_showing(row[0], {}) : Result<void>{};
    if (name == "block" && before != nullptr) return owe_ranges(*before);
    if (name == "user" && after != nullptr && differ(table, before, after, "default_cli") &&
        !centrex::is_null(cell(table, *after, "default_cli")))
        owed_.showing.emplace(text(row[0]), text(row[1]));
    if (name == "phone" && before != nullptr && after != nullptr)
        if (auto good = check_password(table, *before, *after); !good) return good;
    if (name == "tenant" && before != nullptr && after != nullptr && differ(table, before, after, "domain"))
        if (auto good = check_passwords(*this, text(row[0])); !good) return good;
    if (name == "tenant" && before != nullptr && after != nullptr && differ(table, before, after, "country")) owed_.countries.insert(text(row[0]));
    if (name == "extension" && after != nullptr) owed_.extensions.emplace(text(row[0]), text(row[1]));
    if (after != nullptr && name == "forward") owed_.led.emplace(text(row[0]), "user:" + text(row[1]));
    if (after != nullptr && (name == "group" || name == "schedule")) owed_.led.emplace(text(row[0]), std::string(name) + ":" + text(row[1]));
    if (name == "cli") {
        if (after != nullptr) owed_.ranges.emplace(text(row[0]), centrex::integer(row[1]));
        if (before != nullptr) return owe_showing((*before)[1], cell(table, *before, "last"));
    }
    if (name == "cli_user") {
        auto range = get(centrex::table("cli"), {row[0], row[1]});
        if (!range) return tl::unexpected(range.error());
        if (*range) return owe_showing(row[1], cell(centrex::table("cli"), **range, "last"));
    }
    return {};
}

Result<void> DirectoryRows::settle() {
    if (owed_.none()) return {};
    const auto owed = std::exchange(owed_, {});
    for (const auto& [tenant, target] : owed.led)
        if (auto good = centrex::check_loop(*this, tenant, target); !good) return good;
    for (const auto& [tenant, user] : owed.showing)
        if (auto good = centrex::check_default_cli(*this, tenant, user, at()); !good) return good;
    for (const auto& [tenant, first] : owed.ranges) {
        auto range = get(centrex::table("cli"), {tenant, first});
        if (!range) return tl::unexpected(range.error());
        if (!*range) continue;
        if (auto good = centrex::check_cli(*this, **range); !good) return good;
    }
    auto extensions = owed.extensions;
    for (const auto& tenant : owed.countries) {
        auto all = find({.table = &centrex::table("extension"), .where = {{.column = "tenant", .value = tenant}}});
        if (!all) return tl::unexpected(all.error());
        for (const auto& row : *all) extensions.emplace(text(row[0]), text(row[1]));
    }
    for (const auto& [tenant, digits] : extensions) {
        auto row = get(centrex::table("extension"), {tenant, digits});
        if (!row) return tl::unexpected(row.error());
        if (!*row) continue;
        if (auto good = centrex::check_extension(*this, **row); !good) return good;
    }
    return {};
}

}  // namespace trunkbox::store

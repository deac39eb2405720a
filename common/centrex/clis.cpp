#include "centrex/clis.h"

#include <fmt/format.h>

#include "centrex/caller.h"
#include "centrex/numbers.h"
#include "centrex/row_facts.h"

namespace trunkbox::centrex {

Result<void> check_cli(Rows& rows, const Row& cli) {
    const auto& clis = table("cli");
    if (!is_null(cell(clis, cli, "proof"))) return {};
    const auto& last = cell(clis, cli, "last");
    const auto end = is_null(last) ? integer(cli[1]) : integer(last);
    for (auto number = integer(cli[1]); number <= end;) {
        auto block = block_of(rows, number);
        if (!block) return tl::unexpected(block.error());
        if (*block == nullptr || text(cell(table("block"), **block, "tenant")) != text(cli[0]))
            return against("cli-proof", fmt::format("number '+{}' is in no block of tenant '{}'", number, text(cli[0])),
                           "add its block, or say with --proof why it may be shown");
        number = integer(cell(table("block"), **block, "last")) + 1;
    }
    return {};
}

Result<void> check_default_cli(Rows& rows, const std::string& tenant, const std::string& user, Time at) {
    RowFacts facts(rows, at);
    auto known = facts.user({tenant, user});
    const bool good = !known || !known->default_cli || may_show(facts, known->id, *known->default_cli);
    if (auto read = facts.state(); !read) return read;
    if (good) return {};
    return against("cli", fmt::format("user '{}' would show {}, which they must not", user, known->default_cli->text()),
                   "assign it to them, or allow it with 'centrex cli add'");
}

Result<std::vector<std::pair<std::string, std::string>>> users_showing(Rows& rows, std::int64_t first, std::int64_t last) {
    auto found = rows.find({.table = &table("user"),
                            .where = {{.column = "default_cli", .is = Match::Is::at_least, .value = first},
                                      {.column = "default_cli", .is = Match::Is::at_most, .value = last}}});
    if (!found) return tl::unexpected(found.error());
    std::vector<std::pair<std::string, std::string>> users;
    for (const auto& row : *found) users.emplace_back(text(row[0]), text(row[1]));
    return users;
}

}  // namespace trunkbox::centrex

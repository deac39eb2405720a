#include "centrex/prune.h"

#include "base/text.h"
#include "centrex/numbers.h"
#include "numbering/spelling.h"

namespace trunkbox::centrex {

namespace {

// The names of a table's rows that are none of `kept`.
Result<std::set<std::string>> others(Rows& rows, std::string_view kind, const std::string& tenant,
                                     const std::set<std::string>& kept) {
    std::set<std::string> found;
    if (kept.empty()) return found;
    auto all = rows.find({.table = &table(kind), .where = {{.column = "tenant", .value = tenant}}});
    if (!all) return tl::unexpected(all.error());
    for (const auto& row : *all)
        if (!kept.contains(text(row[1]))) found.insert(text(row[1]));
    return found;
}

Result<void> take_back_numbers(Edits& edits, const std::string& tenant, const Named& named, const std::set<std::string>& gone) {
    const auto& numbers = table("number");
    auto all = edits.find({.table = &numbers, .where = {{.column = "tenant", .value = tenant}}});
    if (!all) return tl::unexpected(all.error());
    for (const auto& row : *all) {
        auto [kind, name] = split_once(text(cell(numbers, row, "target")), ':');
        if (kind != "user" || text(cell(numbers, row, "state")) != "assigned") continue;
        const bool unnamed = !named.numbers.empty() && !named.numbers.contains(integer(row[0]));
        if (!unnamed && !gone.contains(std::string(name.value_or("")))) continue;
        auto done = change_number(edits, integer(row[0]), {.action = Action::unassign, .reason = "not in the sheet"});
        if (!done) return tl::unexpected(done.error());
    }
    return {};
}

Result<void> take_extensions(Edits& edits, const std::string& tenant, const Named& named, const std::set<std::string>& gone) {
    const auto& extensions = table("extension");
    auto all = edits.find({.table = &extensions, .where = {{.column = "tenant", .value = tenant}}});
    if (!all) return tl::unexpected(all.error());
    for (const auto& row : *all) {
        auto [kind, name] = split_once(text(cell(extensions, row, "to")), ':');
        if (kind != "user") continue;
        const bool unnamed = !named.extensions.empty() && !named.extensions.contains(text(row[1]));
        if (!unnamed && !gone.contains(std::string(name.value_or("")))) continue;
        if (auto done = edits.remove(extensions, key_of(extensions, row)); !done) return tl::unexpected(done.error());
    }
    return {};
}

Result<void> end_logins(Edits& edits, const std::string& tenant, const std::set<std::string>& users,
                        const std::set<std::string>& phones) {
    const auto& logins = table("login");
    auto all = edits.find({.table = &logins, .where = {{.column = "tenant", .value = tenant}}});
    if (!all) return tl::unexpected(all.error());
    for (const auto& row : *all) {
        if (!phones.contains(text(row[1])) && !users.contains(text(row[2]))) continue;
        if (auto gone = edits.remove(logins, key_of(logins, row)); !gone) return tl::unexpected(gone.error());
    }
    return {};
}

}  // namespace

void Named::note(const SheetLine& line, std::string_view region) {
    if (auto user = line.find("user"); !user.empty()) users.emplace(user);
    if (auto phone = line.find("phone"); !phone.empty()) phones.emplace(phone);
    if (auto number = numbering::read_number(line.find("number"), region)) numbers.insert(static_cast<std::int64_t>(number->value()));
    if (auto extension = line.find("extension"); !extension.empty()) extensions.emplace(extension);
}

Result<void> prune(Edits& edits, const std::string& tenant, const Named& named) {
    auto users = others(edits, "user", tenant, named.users);
    auto phones = others(edits, "phone", tenant, named.phones);
    if (!users || !phones) return tl::unexpected((!users ? users : phones).error());
    if (auto back = take_back_numbers(edits, tenant, named, *users); !back) return back;
    if (auto taken = take_extensions(edits, tenant, named, *users); !taken) return taken;
    if (auto ended = end_logins(edits, tenant, *users, *phones); !ended) return ended;
    for (const auto& phone : *phones)
        if (auto gone = edits.remove(table("phone"), {tenant, phone}); !gone) return tl::unexpected(gone.error());
    for (const auto& user : *users)
        if (auto gone = edits.remove(table("user"), {tenant, user}); !gone) return tl::unexpected(gone.error());
    return {};
}

}  // namespace trunkbox::centrex

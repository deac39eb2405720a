#include "centrex/desks.h"

#include <fmt/format.h>

#include "centrex/lookup.h"

namespace trunkbox::centrex {

namespace {

const Table& logins() { return table("login"); }

bool in_force(const Row& login, std::int64_t now) {
    const auto& until = cell(logins(), login, "until");
    return is_null(until) || integer(until) > now;
}

Result<void> check_desk(Rows& rows, const LoginEdit& login) {
    const auto& phones = table("phone");
    auto phone = rows.get(phones, {login.tenant, login.phone});
    if (!phone) return tl::unexpected(phone.error());
    if (!*phone) return {};  // the reference of the login will say so
    const bool own = text(cell(phones, **phone, "home")) == login.user;
    if (!own && integer(cell(phones, **phone, "hot_desk")) == 0)
        return against("hot-desk", fmt::format("phone '{}' is no hot desk", login.phone),
                       "log in at one that is, or make it one: 'centrex phone set'");
    return {};
}

}  // namespace

Result<bool> log_in(Edits& edits, const LoginEdit& login) {
    const auto now = std::chrono::floor<std::chrono::seconds>(edits.at()).time_since_epoch().count();
    if (login.until && *login.until <= now) return against("until", "the login would end before it begins");
    if (auto good = check_desk(edits, login); !good) return tl::unexpected(good.error());
    auto there = edits.get(logins(), {login.tenant, login.phone});
    if (!there) return tl::unexpected(there.error());
    const auto until = login.until ? Cell{*login.until} : Cell{};
    if (*there && in_force(**there, now)) {
        const auto& user = text(cell(logins(), **there, "user"));
        if (user == login.user && cell(logins(), **there, "until") == until) return false;
        if (user != login.user && !login.takeover)
            return against("occupied", fmt::format("user '{}' is logged in at phone '{}'", user, login.phone),
                           "take another desk, or take this one over with --takeover");
    }
    auto elsewhere = edits.find({.table = &logins(),
                                 .where = {{.column = "tenant", .value = login.tenant},
                                           {.column = "user", .value = login.user}}});
    if (!elsewhere) return tl::unexpected(elsewhere.error());
    for (const auto& row : *elsewhere)
        if (auto gone = edits.remove(logins(), key_of(logins(), row)); !gone) return gone;
    return edits.put(logins(), {login.tenant, login.phone, login.user, now, until});
}

Result<bool> log_out(Edits& edits, const std::string& tenant, const std::string& phone) {
    const auto& phones = table("phone");
    if (auto there = known_row(edits, phones, {tenant, phone}); !there) return tl::unexpected(there.error());
    return edits.remove(logins(), {tenant, phone});
}

}  // namespace trunkbox::centrex

#include "centrex/caller.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "centrex/edits.h"
#include "centrex/resolve.h"
#include "numbering/emergency.h"
#include "numbering/spelling.h"

namespace trunkbox::centrex {

namespace {

bool is_dialled(std::string_view text) {
    return !text.empty() && text.size() <= 32 &&
           std::ranges::all_of(text, [](char c) { return is_digit(c) || c == '*' || c == '#'; });
}

// Where a user sits: where they are logged in, else at the first of their own phones that nobody else took.
std::optional<Phone> seat_of(const Facts& facts, const Name& user, Time at) {
    if (auto login = facts.last_login_of(user, at))
        if (auto there = login_at(facts, login->phone, at); there && there->user == user.name) return facts.phone(login->phone);
    for (auto& phone : facts.home_phones(user))
        if (!login_at(facts, phone.id, at)) return phone;
    return std::nullopt;
}

Result<Name> sitting_at(const Facts& facts, const Name& phone, Time at) {
    if (!facts.phone(phone)) return against("reference", fmt::format("phone '{}' is not known", printable(phone.name)));
    auto user = user_at(facts, phone, at);
    if (!user)
        return against("reference", fmt::format("nobody sits at phone '{}'", phone.name), "name a user, or log one in there");
    return user->id;
}

Result<Name> known_user(const Facts& facts, const Name& user) {
    if (facts.user(user)) return user;
    return against("reference", fmt::format("user '{}' is not known", printable(user.name)));
}

Result<Caller> at_phone(const Facts& facts, const Name& phone, Time at) {
    auto user = sitting_at(facts, phone, at);
    if (!user) return tl::unexpected(user.error());
    return Caller{.user = *user, .phone = facts.phone(phone)};
}

Result<Caller> by_target(const Facts& facts, const std::string& tenant, std::string_view target, Time at) {
    auto [kind, name] = split_once(target, ':');
    if (kind == "phone") return at_phone(facts, {tenant, std::string(name.value_or(""))}, at);
    if (kind != "user")
        return failure(Fault::input, "", fmt::format("'{}' does not call", printable(target)),
                       "write e.g. 'user:alice', 'phone:desk-7', an extension or a number");
    auto user = known_user(facts, {tenant, std::string(name.value_or(""))});
    if (!user) return tl::unexpected(user.error());
    return Caller{.user = *user, .phone = seat_of(facts, *user, at)};
}

// Whose number it is decides who calls, if it is anybody's.
Caller by_number(const Facts& facts, const numbering::E164& number, Time at) {
    auto known = facts.number(number);
    if (!known || !known->target.starts_with("user:") || !facts.user(known->user)) return {.shows = number};
    return {.user = known->user, .phone = seat_of(facts, known->user, at), .shows = number};
}

}  // namespace

Result<Caller> read_caller(const Facts& facts, const std::string& tenant, std::string_view text, Time at,
                           std::optional<numbering::E164> shows) {
    Result<Caller> caller = Caller{};
    if (text.starts_with("user:") || text.starts_with("phone:")) {
        caller = by_target(facts, tenant, text, at);
    } else if (auto target = is_dialled(text) ? facts.extension({tenant, std::string(text)}) : std::nullopt) {
        caller = by_target(facts, tenant, *target, at);
    } else {
        auto number = numbering::read_number(text, facts.region(tenant));
        if (!number) return tl::unexpected(number.error());
        caller = by_number(facts, *number, at);
    }
    if (!caller) return caller;
    if (shows) caller->shows = shows;
    if (!caller->shows && caller->inside()) caller->shows = facts.user(caller->user)->default_cli;
    return caller;
}

bool may_show(const Facts& facts, const Name& user, const numbering::E164& number) {
    auto known = facts.number(number);
    const bool own = known && known->user == user && (known->target.empty() || known->target == "user:" + user.name);
    return own || facts.authorised(user, number);
}

Result<Dialling> read_dialling(const Facts& facts, const Caller* caller, std::string_view region, std::string_view text) {
    using What = Dialling::What;
    const bool inside = caller != nullptr && caller->inside() && is_dialled(text);
    if (inside && numbering::is_emergency(text, facts.region(caller->user.tenant)))
        return Dialling{What::emergency, std::string(text)};
    if (inside && facts.extension({caller->user.tenant, std::string(text)})) return Dialling{What::extension, std::string(text)};
    auto number = numbering::read_number(text, region);
    if (!number) return tl::unexpected(number.error());
    return Dialling{What::number, number->text()};
}

}  // namespace trunkbox::centrex

#include "centrex/facts.h"

#include "base/text.h"
#include "centrex/resolve.h"

#include <fmt/format.h>

namespace trunkbox::centrex {

namespace {

tl::unexpected<Error> bad(std::string what, std::string fix = {}) {
    return failure(Fault::input, "", std::move(what), std::move(fix));
}

tl::unexpected<Error> taken(std::string_view noun, std::string_view name) {
    return bad(fmt::format("{} '{}' is there already", noun, printable(name)), "names are unique");
}

std::string near_name(std::string_view name, const std::vector<std::string_view>& candidates) {
    auto near = nearest(name, candidates);
    if (!near.empty()) return fmt::format("did you mean '{}'?", near);
    return candidates.empty() ? "there are none yet" : fmt::format("known e.g. '{}'", candidates.front());
}

// The error for a name that is not a key of `map`; only names of the same tenant are proposed.
template <class T>
tl::unexpected<Error> unknown(std::string_view noun, const Name& name, const std::map<Name, T>& map) {
    std::vector<std::string_view> candidates;
    for (const auto& [key, value] : map)
        if (key.tenant == name.tenant) candidates.push_back(key.name);
    return bad(fmt::format("{} '{}' is not known", noun, printable(name.name)),
               near_name(name.name, candidates));
}

template <class Map, class Key>
auto find_in(const Map& map, const Key& key) -> std::optional<typename Map::mapped_type> {
    auto found = map.find(key);
    if (found == map.end()) return std::nullopt;
    return found->second;
}

template <class Map>
std::vector<typename Map::mapped_type> values(const Map& map) {
    std::vector<typename Map::mapped_type> list;
    for (const auto& [key, value] : map) list.push_back(value);
    return list;
}

}  // namespace

Result<void> MapFacts::check_tenant(const std::string& name) const {
    if (tenants_.contains(name)) return {};
    std::vector<std::string_view> candidates;
    for (const auto& [key, tenant] : tenants_) candidates.push_back(key);
    return bad(fmt::format("tenant '{}' is not known", printable(name)), near_name(name, candidates));
}

Result<void> MapFacts::add(Tenant tenant) {
    if (tenant.name.empty()) return bad("tenant has no name", "name it, e.g. 'acme'");
    auto name = tenant.name;
    if (!tenants_.emplace(name, std::move(tenant)).second) return taken("tenant", name);
    return {};
}

Result<void> MapFacts::add(User user) {
    if (user.id.name.empty()) return bad("user has no name", "name it, e.g. 'alice'");
    if (auto known = check_tenant(user.id.tenant); !known) return known;
    auto id = user.id;
    if (!users_.emplace(id, std::move(user)).second) return taken("user", id.name);
    return {};
}

Result<void> MapFacts::add(Phone phone) {
    if (phone.id.name.empty()) return bad("phone has no name", "name it, e.g. 'desk-214'");
    if (auto known = check_tenant(phone.id.tenant); !known) return known;
    if (phone.uri.empty())
        return bad(fmt::format("phone '{}' has no contact", printable(phone.id.name)),
                   "give the URI it is reached at, e.g. 'sip:desk-214@192.0.2.14'");
    if (Name home{phone.id.tenant, phone.home_user}; !phone.home_user.empty() && !users_.contains(home))
        return unknown("user", home, users_);
    auto id = phone.id;
    if (!phones_.emplace(id, std::move(phone)).second) return taken("phone", id.name);
    return {};
}

Result<void> MapFacts::add(Number number) {
    if (auto known = check_tenant(number.user.tenant); !known) return known;
    if (!users_.contains(number.user)) return unknown("user", number.user, users_);
    auto e164 = number.e164;
    auto [place, added] = numbers_.emplace(e164, std::move(number));
    if (!added)
        return bad(fmt::format("number '{}' belongs to '{}' already", e164.text(), place->second.user.name),
                   "a number belongs to one user");
    return {};
}

Result<void> MapFacts::log_in(Login login) {
    auto found = phones_.find(login.phone);
    if (found == phones_.end()) return unknown("phone", login.phone, phones_);
    Name user{login.phone.tenant, login.user};
    if (!users_.contains(user)) return unknown("user", user, users_);
    const auto& phone = found->second;
    if (!phone.hot_desk && phone.home_user != login.user)
        return bad(fmt::format("phone '{}' is not a hot desk", printable(phone.id.name)),
                   "log in at one that is, or make it one");
    if (login.until && *login.until <= login.since)
        return bad(fmt::format("login at '{}' ends before it begins", printable(phone.id.name)),
                   "'until' comes after 'since'");
    if (logins_[login.phone].contains(login.since) || logins_of_[user].contains(login.since))
        return bad(fmt::format("login of '{}' at '{}' has the time of another", printable(login.user),
                               printable(phone.id.name)),
                   "one phone has one user and one user one login at a time");
    logins_of_[user].emplace(login.since, login.phone);
    auto since = login.since;
    logins_[phone.id].emplace(since, std::move(login));
    return {};
}

Result<void> MapFacts::log_out(const Name& phone, Time at) {
    if (!phones_.contains(phone)) return unknown("phone", phone, phones_);
    auto login = login_at(*this, phone, at);
    if (!login)
        return bad(fmt::format("nobody is logged in at '{}'", printable(phone.name)),
                   "there is nothing to end");
    auto& rows = logins_[phone];
    if (login->since == at) {  // it lasted no time
        rows.erase(at);
        logins_of_[{phone.tenant, login->user}].erase(at);
    } else {
        rows.at(login->since).until = at;
    }
    return {};
}

std::optional<Number> MapFacts::number(const numbering::E164& e164) const {
    return find_in(numbers_, e164);
}
std::optional<User> MapFacts::user(const Name& user) const {
    return find_in(users_, user);
}
std::optional<Phone> MapFacts::phone(const Name& phone) const {
    return find_in(phones_, phone);
}
std::optional<Tenant> MapFacts::tenant(const std::string& name) const {
    return find_in(tenants_, name);
}

std::vector<Phone> MapFacts::home_phones(const Name& user) const {
    std::vector<Phone> found;
    for (const auto& [id, phone] : phones_)
        if (id.tenant == user.tenant && phone.home_user == user.name) found.push_back(phone);
    return found;
}

std::optional<Login> MapFacts::last_login(const Name& phone, Time at) const {
    auto rows = logins_.find(phone);
    if (rows == logins_.end()) return std::nullopt;
    auto later = rows->second.upper_bound(at);
    if (later == rows->second.begin()) return std::nullopt;
    return std::prev(later)->second;
}

std::optional<Login> MapFacts::last_login_of(const Name& user, Time at) const {
    auto rows = logins_of_.find(user);
    if (rows == logins_of_.end()) return std::nullopt;
    auto later = rows->second.upper_bound(at);
    if (later == rows->second.begin()) return std::nullopt;
    auto [since, phone] = *std::prev(later);
    return logins_.at(phone).at(since);
}

std::vector<Tenant> MapFacts::tenants() const {
    return values(tenants_);
}
std::vector<Phone> MapFacts::phones() const {
    return values(phones_);
}
std::vector<Number> MapFacts::numbers() const {
    return values(numbers_);
}

std::vector<Number> MapFacts::numbers_of(const Name& user) const {
    std::vector<Number> found;
    for (const auto& [e164, number] : numbers_)
        if (number.user == user) found.push_back(number);
    return found;
}

}  // namespace trunkbox::centrex

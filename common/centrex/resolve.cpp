#include "centrex/resolve.h"

#include <fmt/format.h>

namespace trunkbox::centrex {

namespace {

std::string since(const Login& login) {
    return rfc3339(login.since, 0);
}

// The login that a user has in force anywhere.
std::optional<Login> login_of(const Facts& facts, const Name& user, Time at) {
    auto login = facts.last_login_of(user, at);
    if (!login) return std::nullopt;
    auto there = login_at(facts, login->phone, at);
    return there && there->user == user.name ? there : std::nullopt;
}

void ring(Resolution& resolution, const User& user, const Phone& phone) {
    resolution.outcome = Outcome::ring;
    resolution.legs.push_back({.user = user.id.name,
                               .phone = phone.id.name,
                               .site = phone.site,
                               .uri = phone.uri,
                               .after = {},
                               .ring_for = user.ring_for});
}

void ring_home_phones(const Facts& facts, const User& user, Resolution& resolution) {
    auto phones = facts.home_phones(user.id);
    if (phones.empty()) resolution.why.push_back({"home", "no phone is theirs"});
    for (const auto& phone : phones) {
        auto guest = login_at(facts, phone.id, resolution.at);
        if (guest && guest->user != user.id.name) {
            resolution.why.push_back(
                {"home", fmt::format("phone '{}' is theirs, but '{}' is logged in there since {}",
                                     phone.id.name, guest->user, since(*guest))});
            continue;
        }
        resolution.why.push_back({"home", fmt::format("phone '{}' is theirs", phone.id.name)});
        ring(resolution, user, phone);
    }
}

void add_emergency(const Facts& facts, Resolution& resolution) {
    if (resolution.legs.empty()) return;
    auto phone = facts.phone({resolution.tenant, resolution.legs.front().phone});
    if (!phone || !phone->emergency_cli) return;
    resolution.emergency = Emergency{phone->id.name, phone->site, *phone->emergency_cli,
                                     facts.address({resolution.tenant, phone->site})};
    resolution.why.push_back(
        {"emergency", fmt::format("from phone '{}' an emergency call shows {}, whoever sits there",
                                  phone->id.name, phone->emergency_cli->text())});
}

}  // namespace

std::string_view name(Outcome outcome) {
    switch (outcome) {
        case Outcome::ring: return "ring";
        case Outcome::unallocated: return "unallocated";
        case Outcome::no_phone: return "no_phone";
    }
    return {};
}

std::optional<Login> login_at(const Facts& facts, const Name& phone, Time at) {
    auto login = facts.last_login(phone, at);
    if (!login || (login->until && *login->until <= at)) return std::nullopt;
    auto last = facts.last_login_of({phone.tenant, login->user}, at);
    if (last && last->phone != phone) return std::nullopt;
    return login;
}

std::optional<User> user_at(const Facts& facts, const Name& phone, Time at) {
    auto found = facts.phone(phone);
    if (!found) return std::nullopt;
    if (auto login = login_at(facts, phone, at)) return facts.user({phone.tenant, login->user});
    if (found->home_user.empty()) return std::nullopt;
    Name home{phone.tenant, found->home_user};
    if (login_of(facts, home, at)) return std::nullopt;
    return facts.user(home);
}

Resolution resolve(const Facts& facts, const Call& call) {
    Resolution resolution{.number = call.number,
                          .at = call.at,
                          .tenant = {},
                          .legs = {},
                          .then = {},
                          .why = {},
                          .emergency = {}};
    auto number = facts.number(call.number);
    if (!number) {
        resolution.why.push_back({"number", fmt::format("{} belongs to nobody", call.number.text())});
        return resolution;
    }
    resolution.tenant = number->user.tenant;
    auto user = facts.user(number->user);
    if (!user) {
        resolution.why.push_back({"number", fmt::format("{} belongs to user '{}', who is gone",
                                                        call.number.text(), number->user.name)});
        return resolution;
    }
    resolution.outcome = Outcome::no_phone;
    resolution.why.push_back(
        {"number", fmt::format("{} belongs to user '{}'", call.number.text(), user->id.name)});
    auto login = login_of(facts, user->id, call.at);
    auto phone = login ? facts.phone(login->phone) : std::nullopt;
    if (phone) {
        resolution.why.push_back(
            {"login", fmt::format("logged in at phone '{}' since {}", phone->id.name, since(*login))});
        ring(resolution, *user, *phone);
    } else {
        resolution.why.push_back({"login", "logged in nowhere"});
        ring_home_phones(facts, *user, resolution);
    }
    add_emergency(facts, resolution);
    return resolution;
}

}  // namespace trunkbox::centrex

// What may be shown of the address of a database.
#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "store/postgresql.h"

namespace trunkbox::store {

namespace {

std::size_t scheme_length(std::string_view place) {
    for (std::string_view scheme : {"postgresql://", "postgres://"})
        if (place.starts_with(scheme)) return scheme.size();
    return 0;
}

bool is_port(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c); });
}

// "HOST", "HOST:5432", "[2001:db8::1]:5432", several with commas; anything else may be half of a password.
bool are_hosts(std::string_view text) {
    for (auto host : split(text, ',')) {
        auto rest = host;
        if (host.starts_with('[')) {
            const auto end = host.find(']');
            if (end == std::string_view::npos) return false;
            rest = host.substr(end + 1);
            if (!rest.empty() && rest.front() != ':') return false;
        }
        auto [name, port] = split_once(rest, ':');
        if (port && !is_port(*port)) return false;
    }
    return true;
}

constexpr std::string_view hidden = "postgresql://…";

}  // namespace

bool is_postgresql(std::string_view place) { return scheme_length(place) > 0; }

std::string shown_place(std::string_view place) {
    const auto length = scheme_length(place);
    if (length == 0) return std::string(place);
    auto [address, query] = split_once(place.substr(length), '?');
    auto [authority, name] = split_once(address, '/');
    std::string user;
    auto hosts = authority;
    if (auto at = authority.find('@'); at != std::string_view::npos) {
        user = fmt::format("{}@", split_once(authority.substr(0, at), ':').first);
        hosts = authority.substr(at + 1);
    }
    const bool stray = hosts.find('@') != std::string_view::npos || (name && name->find('@') != std::string_view::npos) ||
                       (user.empty() && query && query->find('@') != std::string_view::npos);
    if (stray || !are_hosts(hosts)) return std::string(hidden);
    return printable(fmt::format("postgresql://{}{}{}{}", user, hosts, name ? "/" : "", name.value_or("")), 200);
}

bool may_be_shown(std::string_view place) { return shown_place(place) != hidden; }

}  // namespace trunkbox::store

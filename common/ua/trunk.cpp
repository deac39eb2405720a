#include "ua/trunk.h"

#include <fmt/format.h>

#include "base/text.h"
#include "config/trunk_profile.h"
#include "numbering/spelling.h"
#include "sip/uri.h"

namespace trunkbox::ua {

namespace {

std::string host_of(const std::string& uri) {
    auto parsed = sip::UriView::parse(uri);
    if (!parsed) return {};
    return parsed->port ? fmt::format("{}:{}", parsed->host, *parsed->port) : std::string(parsed->host);
}

std::string user_of(const std::string& uri) {
    auto parsed = sip::UriView::parse(uri);
    return parsed ? std::string(parsed->user) : std::string{};
}

}  // namespace

std::string Trunk::first_hop() const {
    return profile.outbound_proxy.empty() ? profile.registrar : profile.outbound_proxy;
}

Result<std::string> Trunk::target(std::string_view dialled) const {
    if (istarts_with(dialled, "sip:")) {
        auto parsed = sip::UriView::parse(dialled);
        if (!parsed) return tl::unexpected(parsed.error());
        return std::string(dialled);
    }
    auto number = numbering::read_number(dialled, profile.region);
    if (!number) {
        auto error = number.error();
        error.fault = Fault::usage;
        return tl::unexpected(error);
    }
    return fmt::format("sip:{}@{}", number->text(), host_of(profile.registrar));
}

sip::call::CallerSetup Trunk::caller(const std::string& target, const std::string& from) const {
    sip::call::CallerSetup setup;
    setup.uri = target;
    setup.to = "<" + target + ">";
    setup.login = login;
    auto identity = from.empty() ? profile.aor : from;
    setup.from = "<" + identity + ">";
    switch (profile.identity_header) {
        case sip::IdentityHeader::p_asserted:
            setup.headers.emplace_back("P-Asserted-Identity", "<" + identity + ">");
            break;
        case sip::IdentityHeader::p_preferred:
            setup.headers.emplace_back("P-Preferred-Identity", "<" + identity + ">");
            break;
        case sip::IdentityHeader::from:
        case sip::IdentityHeader::none: break;
    }
    return setup;
}

std::string Trunk::contact_user() const {
    return profile.contact_user.empty() ? user_of(profile.aor) : profile.contact_user;
}

Result<sip::registration::Setup> Trunk::registration(sip::registration::Mode mode, const std::string& contact) const {
    if (profile.mode == sip::TrunkMode::static_)
        return failure(Fault::usage, profile.name, "a static trunk has no registration",
                       "set \"mode\": \"registration\" in its profile if it has one");
    if (profile.mode == sip::TrunkMode::gin)
        return failure(Fault::usage, profile.name, "registration of all numbers at once (RFC 6140) is not spoken here",
                       "use a profile in mode registration");
    sip::registration::Setup setup;
    setup.mode = mode;
    setup.registrar = "sip:" + host_of(profile.registrar);
    setup.aor = profile.aor;
    setup.contact = contact;
    setup.expires = static_cast<std::uint32_t>(std::chrono::ceil<std::chrono::seconds>(profile.expires).count());
    setup.login = login;
    return setup;
}

std::vector<std::string> trunk_directories(const config::Environment& environment) {
    std::vector<std::string> directories{"./trunks"};
    if (auto config = environment("XDG_CONFIG_HOME"); config && !config->empty())
        directories.push_back(*config + "/trunkbox/trunks");
    else if (auto home = environment("HOME"); home && !home->empty())
        directories.push_back(*home + "/.config/trunkbox/trunks");
    directories.emplace_back("/etc/trunkbox/trunks");
    return directories;
}

std::vector<std::string> trunk_names(const config::Environment& environment) {
    return config::trunk_profile_names(trunk_directories(environment));
}

Result<Trunk> load_trunk(std::string_view name_or_file, const config::Environment& environment) {
    auto profile = config::load_trunk_profile(name_or_file, trunk_directories(environment));
    if (!profile) return tl::unexpected(profile.error());
    Trunk trunk{std::move(*profile), std::nullopt};
    if (!trunk.profile.credentials) return trunk;
    auto secret = config::read_secret(*trunk.profile.credentials, environment);
    if (!secret) return tl::unexpected(secret.error());
    trunk.login = sip::Login{trunk.profile.credentials->username, std::move(*secret)};
    return trunk;
}

}  // namespace trunkbox::ua

// A trunk profile put to use: where its requests go, as whom, with which identity.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "config/secret.h"
#include "sip/call.h"
#include "sip/registration.h"
#include "sip/trunk_profile.h"

namespace trunkbox::ua {

struct Trunk {
    sip::TrunkProfile profile;
    std::optional<sip::Login> login;

    // Where its requests go first: the outbound proxy, else the registrar.
    [[nodiscard]] std::string first_hop() const;
    // The request-URI and To for a dialled number or SIP URI. Error: Fault::usage when it is neither.
    [[nodiscard]] Result<std::string> target(std::string_view dialled) const;
    // From, identity header, route and login are filled in; `from` replaces the AOR when it is given.
    [[nodiscard]] sip::call::CallerSetup caller(const std::string& target, const std::string& from = {}) const;
    // `contact` is our URI. Error: Fault::usage when the mode of the trunk has no registration.
    [[nodiscard]] Result<sip::registration::Setup> registration(sip::registration::Mode mode,
                                                                const std::string& contact) const;
    // The user part of our Contact.
    [[nodiscard]] std::string contact_user() const;
};

// --trunk NAME|FILE: found in ./trunks, $XDG_CONFIG_HOME/trunkbox/trunks (~/.config by default) and
// /etc/trunkbox/trunks; its password is read as the profile says.
[[nodiscard]] Result<Trunk> load_trunk(std::string_view name_or_file, const config::Environment& environment);
[[nodiscard]] std::vector<std::string> trunk_directories(const config::Environment& environment);
// The profiles that can be named without a path, sorted.
[[nodiscard]] std::vector<std::string> trunk_names(const config::Environment& environment);

}  // namespace trunkbox::ua

// What one side of a SIP trunk knows about it: SIPconnect's modes, the addresses, the numbers, the promises.
#pragma once

#include "base/time.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::sip {

enum class TrunkMode {
    registration,  // the PBX registers its AOR (SIPconnect 2.0 registration mode)
    static_,       // addresses are known to both sides
    gin,           // one REGISTER for all numbers (RFC 6140)
};
enum class IdentityHeader { p_asserted, p_preferred, from, none };

// "registration", "static", "gin".
[[nodiscard]] std::string_view name(TrunkMode mode);
// "p-asserted-identity", "p-preferred-identity", "from", "none".
[[nodiscard]] std::string_view name(IdentityHeader header);

// The password is only referred to, so that a profile can be shown and shared: exactly one of the two is set.
struct CredentialsReference {
    std::string username{};
    std::string realm{};          // "" for any
    std::string password_file{};  // path
    std::string password_env{};   // name of an environment variable
    bool operator==(const CredentialsReference&) const = default;
};

struct NumberSpan {
    std::string first{};  // "+33199000000"
    std::string last{};   // included
    bool operator==(const NumberSpan&) const = default;
};

struct TrunkProfile {
    std::string name{};
    TrunkMode mode = TrunkMode::registration;
    std::string registrar{};       // SIP URI; in static mode the far end's address
    std::string outbound_proxy{};  // SIP URI, "" for none
    std::string aor{};             // SIP URI that is registered and called from
    std::string contact_user{};    // "" for the AOR's
    std::optional<CredentialsReference> credentials{};
    std::vector<NumberSpan> number_ranges{};
    std::string region{};  // ISO 3166 letters, "" for none
    IdentityHeader identity_header = IdentityHeader::p_asserted;
    std::vector<std::string> codecs = {"PCMA", "PCMU"};
    Duration expires = 3600s;
    std::vector<std::string> supports{};                // SIP option tags
    std::map<std::string, std::string> test_numbers{};  // "echo" → "+33199000900"
    bool operator==(const TrunkProfile&) const = default;
};

}  // namespace trunkbox::sip

// What an SBC policy says: a profile, limits, and the rules that it treats differently.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sbc/verdict.h"

namespace trunkbox::sbc {

enum class Profile {
    strict,   // the most conservative of what the RFC allows
    lenient,  // the most liberal of it
    observe,  // judges as strict does, but says so only: nothing is rejected or dropped
};

// Sizes in bytes, counts in items; what is above them is at fault.
struct Limits {
    std::size_t message = 65'535;
    std::size_t message_alert = 16'384;
    std::size_t header_line = 2'048;
    std::size_t header_lines = 128;
    std::size_t record_routes = 20;
    std::size_t uri_user = 256;
    std::size_t call_id = 256;
    std::size_t tag = 256;
    std::size_t branch = 256;
    std::size_t method = 64;
    std::size_t vias = 70;
    std::size_t routes = 70;
    std::size_t body = 65'536;
    std::size_t sdp = 8'192;
    std::size_t media_lines = 16;
    std::size_t bodies = 8;
    std::size_t contacts = 10;  // of one REGISTER
};

struct Policy {
    std::string name{};
    Profile profile = Profile::strict;
    Limits limits{};
    // Of the Request-URI; "urn:service" stands for every URN of RFC 5031. Lower-case.
    std::vector<std::string> schemes = {"sip", "sips", "tel", "urn:service"};
    // The option-tags that we understand in Proxy-Require (RFC 3261 section 20.29).
    std::vector<std::string> proxy_options{};
    // By rule id; a rule that is not here does what the profile says.
    std::map<std::string, Outcome, std::less<>> overrides{};

    [[nodiscard]] static Policy strict();
    [[nodiscard]] static Policy lenient();
    [[nodiscard]] static Policy observe();
    // One of the three by its name.
    [[nodiscard]] static Result<Policy> named(std::string_view name);

    // set("A-401", "alert"), set("M-117", "reject 400"), set("M-104", "off").
    // Fault::input when the rule or the action is unknown.
    [[nodiscard]] Result<void> set(std::string_view rule, std::string_view action);
};

// "off", "note", "alert", "drop", "reject" (400) or "reject 403".
[[nodiscard]] Result<Outcome> parse_outcome(std::string_view text);

}  // namespace trunkbox::sbc

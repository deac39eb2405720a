// What an SBC policy says: a profile, limits, lists, who the peers are, and the rules that it treats differently.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sbc/peer.h"
#include "sbc/verdict.h"

namespace trunkbox::sbc {

enum class Profile : std::uint8_t {
    strict,   // the most conservative of what the RFC allows
    lenient,  // the most liberal of it
};

enum class Mode : std::uint8_t {
    enforce,  // what is rejected or dropped is gone: no later rule sees a trace of it
    observe,  // everything goes on; what would be rejected or dropped is an alert
};

// "strict", "lenient"; "enforce", "observe".
[[nodiscard]] std::string_view name(Profile profile);
[[nodiscard]] std::string_view name(Mode mode);

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

    bool operator==(const Limits&) const = default;
};

// What the rules compare with. An empty list of what is allowed allows everything.
struct Lists {
    // Of the Request-URI; "urn:service" stands for every URN of RFC 5031. Lower-case.
    std::vector<std::string> schemes = {"sip", "sips", "tel", "urn:service"};
    // The option-tags that we understand in Proxy-Require (RFC 3261 section 20.29).
    std::vector<std::string> proxy_options{};
    // Words of a User-Agent or Server: those of scanners, and of tools that honest people use, too. Lower-case.
    std::vector<std::string> scanners = {"friendly-scanner", "sipvicious", "sundayddr", "sip-scan",
                                         "iwar",             "pplsip",     "nm@nm"};
    std::vector<std::string> tools = {"sipsak", "sipcli", "vaxsipuseragent"};
    // Users of From and To that scanners write. Lower-case.
    std::vector<std::string> scanner_users = {"nm", "nm2", "sipvicious"};
    // Prefixes of E.164 numbers, digits only: where revenue share fraud sends its calls. By default what the ITU
    // has given to no country: satellite, personal and international networks, international premium rate.
    std::vector<std::string> high_risk_prefixes = {"870", "878", "881", "882", "883", "979"};
    std::vector<std::string> methods{};         // allowed here
    std::vector<std::string> codecs{};          // encoding names that may be offered
    std::vector<std::string> own_domains{};     // that From may not claim from outside
    std::vector<std::string> inside_domains{};  // whose hosts no message shows outside
    std::vector<std::string> refer_domains{};   // that a REFER or redirection may lead to

    bool operator==(const Lists&) const = default;
};

struct Policy {
    std::string name{};
    Profile profile = Profile::strict;
    Mode mode = Mode::enforce;
    Limits limits{};
    Lists lists{};
    std::vector<Network> own{};  // the addresses of the SBC itself, which give each packet its direction
    std::vector<Peer> peers{};
    RuleChanges rules{};         // a rule that is not here does what the profile says

    [[nodiscard]] static Policy strict();
    [[nodiscard]] static Policy lenient();
    // Strict, but says so only: nothing is rejected or dropped.
    [[nodiscard]] static Policy observe();
    // One of the three by its name.
    [[nodiscard]] static Result<Policy> named(std::string_view name);

    // set("A-401", "alert"), set("M-117", "reject 400"), set("M-104", "off"): always, whoever the peer is.
    // Fault::input when the rule or the action is unknown.
    [[nodiscard]] Result<void> set(std::string_view rule, std::string_view action);

    [[nodiscard]] Direction direction(const net::Endpoint& from, const net::Endpoint& to) const;
    // The peer whose network is the narrowest around the address; the first of equals; nullptr for a stranger.
    [[nodiscard]] const Peer* peer(const net::Endpoint& endpoint) const;

    bool operator==(const Policy&) const = default;
};

// "off", "note", "alert", "strip", "rewrite", "drop", "reject" (400) or "reject 403".
[[nodiscard]] Result<Outcome> parse_outcome(std::string_view text);

}  // namespace trunkbox::sbc

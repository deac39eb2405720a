// The rows about routing, attacks, fraud, identity, topology and SDP (H, A, F, I, T, S) that look at nothing before.
#pragma once

#include <array>

#include "sbc/rules.h"

namespace trunkbox::sbc {

inline constexpr std::array attack_rows = {
    Rule{"H-301", "Max-Forwards 0", both(reject(483)), "OPTIONS: lenient lets the edge answer",
         "RFC 3261 sections 16.3 (3) and 11", Scope::message, Risk::low, max_forwards_zero},
    Rule{"H-305", "a response whose second Via is broadcast or multicast", both(drop), "",
         "RFC 3261 section 18.1.2; RFC 4475 section 3.3.10", Scope::message, Risk::low, response_reflected},

    Rule{"A-401", "User-Agent or Server of a scanner", both(drop), "tools that honest people use, too: alert",
         "practice of proxies and log filters", Scope::message, Risk::medium, scanner_agent},
    Rule{"A-402", "From or To as scanners write them: their users, their tags, 1.1.1.1 twice", both(drop),
         "From user 100 alone: alert", "what published scanners send", Scope::message, Risk::low, scanner_user},
    Rule{"A-408", "SQL, LDAP or shell in a user part", {reject(403), alert}, "",
         "practice of proxies; one quote alone is a name", Scope::message, Risk::medium, injection},
    Rule{"A-409", "a script in a header that people are shown", both(drop), "",
         "attacks on monitoring pages", Scope::message, Risk::none, script_in_header},
    Rule{"A-414", "REGISTER for no SIP or SIPS URI, with many contacts, or for somebody else", strict_only,
         "more than 10 contacts: 403; for somebody else: alert", "RFC 3261 sections 10.2 and 10.3", Scope::message,
         Risk::low, register_target},
    Rule{"A-415", "Contact: * with Expires other than 0, or beside another Contact", both(reject(400)), "",
         "RFC 3261 sections 10.2.2 and 10.3 (6)", Scope::message, Risk::none, register_wildcard},
};

}  // namespace trunkbox::sbc

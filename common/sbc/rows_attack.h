// The rows about routing, attacks, fraud, identity, topology and session descriptions (H, A, F, I, T, S) that look at
// nothing before.
#pragma once

#include <array>

#include "sbc/rules.h"

namespace trunkbox::sbc::rows {

using enum sip::HeaderName;

inline constexpr std::array identity_parameters = {
    Parameter{"seconds", "that an Identity may differ from the Date and from the clock", 60, 60, 1, 86'400},
};
inline constexpr std::array port_parameters = {
    Parameter{"least", "port that media may have", 1024, 1024, 1, 65'535},
};
inline constexpr std::array codec_parameters = {
    Parameter{"srtp", "1: media without SRTP are refused", 0, 0, 0, 1},
};

inline constexpr std::array attacks = {
    Rule{"H-301", "Max-Forwards 0", both(reject(483)), "OPTIONS: lenient lets the edge answer",
         "RFC 3261 sections 16.3 (3) and 11", Scope::message, Risk::low, max_forwards_zero,
         When{.of = Messages::requests, .headers = on<max_forwards>(), .irregular = true}},
    Rule{"H-305", "a response whose topmost Via is not ours, or whose second one is broadcast or multicast",
         both(drop), "whose Via is ours, the policy's own addresses say", "RFC 3261 section 18.1.2; RFC 4475 section 3.3.10",
         Scope::message, Risk::low, response_misled, When{.of = Messages::responses, .headers = on<via>()}},

    Rule{"A-401", "User-Agent or Server of a scanner", both(drop), "tools that honest people use, too: alert",
         "practice of proxies and log filters", Scope::message, Risk::medium, scanner_agent,
         When{.headers = on<user_agent, server>()}},
    Rule{"A-402", "From or To as scanners write them: their users, their tags, 1.1.1.1 twice", both(drop),
         "From user 100 alone: alert", "what published scanners send", Scope::message, Risk::low, scanner_user,
         When{.headers = on<from, to>()}},
    Rule{"A-408", "SQL, LDAP or shell in a user part", {reject(403), alert}, "",
         "practice of proxies; one quote alone is a name", Scope::message, Risk::medium, injection,
         When{.wordy = true}},
    Rule{"A-409", "a script in a header that people are shown", both(drop), "",
         "attacks on monitoring pages", Scope::message, Risk::none, script_in_header,
         When{.headers = on<from, to, contact, user_agent, server, subject>()}},
    Rule{"A-410", "a call to a telephone number from an address of no peer, where the policy names peers",
         both(reject(403)), "", "RFC 5853 section 3.5", Scope::peer, Risk::medium, stranger_calls,
         When{.of = Messages::requests, .direction = Direction::inbound}},
    Rule{"A-414", "REGISTER for no SIP or SIPS URI, with many contacts, or for somebody else", strict_only,
         "more than 10 contacts: 403; for somebody else: alert", "RFC 3261 sections 10.2 and 10.3", Scope::message,
         Risk::low, register_target, When{.of = Messages::requests}},
    Rule{"A-415", "Contact: * with Expires other than 0, or beside another Contact", both(reject(400)), "",
         "RFC 3261 sections 10.2.2 and 10.3 (6)", Scope::message, Risk::none, register_wildcard,
         When{.of = Messages::requests, .headers = on<contact>()}},
    Rule{"A-425", "MESSAGE or SUBSCRIBE from outside, by nobody who is trusted, without credentials",
         {reject(403), alert}, "", "published attacks on open servers", Scope::peer, Risk::low, stranger_writes,
         When{.of = Messages::requests, .direction = Direction::inbound}},
    Rule{"A-427", "Alert-Info, Call-Info or Error-Info with a web link from a peer that is not trusted", {strip, note},
         "additional data of emergency calls passes", "RFC 3261 sections 20.4 and 20.9; RFC 6442; RFC 7852", Scope::peer,
         Risk::low, web_link,
         When{.headers = on<alert_info, call_info, error_info>(), .direction = Direction::inbound}, {}, true},

    Rule{"F-501", "a call to a number that begins with a high-risk prefix of the policy", both(alert), "",
         "practice against revenue share fraud; the list ages within weeks", Scope::list, Risk::high, risky_destination,
         When{.of = Messages::requests}},

    Rule{"I-601", "P-Asserted- or P-Preferred-Identity, or a From of our own domains, from a peer that is not trusted",
         both(strip), "From without credentials: 403", "RFC 3325 section 5", Scope::peer, Risk::low, foreign_identity,
         When{.direction = Direction::inbound}, {}, true},
    Rule{"I-602", "P-Asserted-Identity from a trusted peer with a number that is not the peer's",
         {reject(403), rewrite}, "with Diversion or History-Info: noted", "rules of regulators; RFC 3325 section 5",
         Scope::peer, Risk::medium, number_not_of_peer,
         When{.of = Messages::requests, .headers = on<p_asserted_identity>(), .direction = Direction::inbound}, {}, true},
    Rule{"I-603", "P-Asserted-Identity that goes to a peer that is not trusted although Privacy says id", both(strip),
         "", "RFC 3325 sections 5, 7 and 9.3", Scope::peer, Risk::none, private_identity,
         When{.headers = on<p_asserted_identity>(), .direction = Direction::outbound}, {}, true},

    Rule{"T-701", "a private address that goes outside, in a header or a session description", {rewrite, alert},
         "Vias that go back to who wrote them are none of ours", "RFC 5853 section 3.1", Scope::peer, Risk::medium,
         private_address, When{.direction = Direction::outbound}, {}, true},
    Rule{"T-702", "host names of the inside, versions of software and X- headers that go outside", {strip, note}, "",
         "RFC 5853 section 3.1; practice of session border controllers", Scope::peer, Risk::low, inside_shown,
         When{.direction = Direction::outbound}, {}, true},
    Rule{"T-703", "a strict router in Route or Record-Route, or a route that comes to us twice", both(note), "",
         "RFC 3261 sections 16.4 and 16.12.1", Scope::message, Risk::medium, route_form,
         When{.headers = on<route, record_route>()}},

    Rule{"S-801", "an SDP without v=, o=, s=, t= or c=, in the wrong order, or with an m= line that cannot be read",
         {reject(488), note}, "in a response: noted; a= lines are not judged", "RFC 8866 sections 5 and 9", Scope::message,
         Risk::low, sdp_form, When{.headers = on<content_type>(), .body = true}},
    Rule{"S-802", "an SDP whose media are not where its signalling comes from, nor where the peer's media are",
         both(note), "at loopback or our own address: 488, in a response noted; 0.0.0.0 passes",
         "RFC 5853 section 3.2; RFC 3264 sections 5.2 and 8.4; RFC 6157 section 4.1", Scope::peer, Risk::medium, sdp_address,
         When{.headers = on<content_type>(), .direction = Direction::inbound, .body = true}},
    Rule{"S-803", "an SDP with media at the port of a service", {reject(488), note},
         "in a response: noted; ports 0 and 9 pass", "RFC 3264 sections 5.1, 6 and 8.2", Scope::message, Risk::low, sdp_port,
         When{.headers = on<content_type>(), .body = true}, port_parameters},
    Rule{"S-804", "an SDP with no codec of the policy's list, or without SRTP where that is asked for",
         both(reject(488)), "in a response: noted", "RFC 5853 sections 3.3 and 3.7", Scope::list, Risk::medium, sdp_codec,
         When{.headers = on<content_type>(), .body = true}, codec_parameters},
};

inline constexpr std::array clocks = {
    Rule{"M-127", "an Identity that is not of its Date, or of another time than now", both(note),
         "one of RFC 4474 is obsolete, not at fault", "RFC 8224 sections 6.2 and 6.2.2", Scope::time, Risk::medium,
         stale_identity, When{.of = Messages::requests, .headers = on<identity>()}, identity_parameters},
};

}  // namespace trunkbox::sbc::rows

// The rows about what came before: transactions, dialogs, and the rates of sources and accounts (H, A, F, S).
#pragma once

#include <array>

#include "sbc/rules.h"

namespace trunkbox::sbc::rows {

using enum sip::HeaderName;

inline constexpr std::array unmatched_parameters = {
    Parameter{"warmup", "seconds after the first packet in which a request may have been sent before it", 32, 32, 0, 86'400},
    Parameter{"ringing", "seconds that an INVITE may go without an answer", 180, 180, 1, 86'400},
};
inline constexpr std::array warmup_parameters = {
    Parameter{"warmup", "seconds after the first packet in which what is missing may lie before it", 32, 32, 0, 86'400},
};
inline constexpr std::array sweep_parameters = {
    Parameter{"users", "that one source asks for without reaching them", 10, 10, 2, 16},
    Parameter{"seconds", "in which it does", 60, 60, 1, 86'400},
};
inline constexpr std::array failure_parameters = {
    Parameter{"failures", "of one source, without a success", 5, 5, 1, 10'000},
    Parameter{"seconds", "in which they come", 60, 60, 1, 86'400},
};
inline constexpr std::array flood_parameters = {
    Parameter{"requests", "of one source; one more is too many", 16, 16, 1, 60'000},
    Parameter{"seconds", "that the window is long, which slides by eighths", 2, 2, 1, 3'600},
};
inline constexpr std::array call_rate_parameters = {
    Parameter{"calls", "that one account begins", 60, 120, 1, 60'000},
    Parameter{"seconds", "in which it does", 60, 60, 1, 86'400},
    Parameter{"trunk", "calls that one peer of the policy begins in that time; 0: any number", 0, 0, 0, 60'000},
};
inline constexpr std::array register_rate_parameters = {
    Parameter{"registrations", "of one account", 20, 60, 1, 60'000},
    Parameter{"seconds", "in which they come", 60, 60, 1, 86'400},
    Parameter{"least", "seconds that a binding may be asked for; 0: any", 60, 0, 0, 86'400},
};
inline constexpr std::array ban_parameters = {
    Parameter{"seconds", "that a source is banned", 300, 300, 1, 604'800},
};
inline constexpr std::array guess_parameters = {
    Parameter{"sources", "that fail for one account", 5, 5, 2, 8},
    Parameter{"seconds", "in which they do", 300, 300, 1, 86'400},
};
inline constexpr std::array spending_parameters = {
    Parameter{"calls", "of one account below one country code in 24 hours", 1'000, 1'000, 1, 1'000'000},
    Parameter{"minute", "calls in 60 seconds", 60, 60, 1, 60'000},
    Parameter{"running", "calls at a time", 60, 60, 1, 60'000},
    Parameter{"sequence", "calls of one number one after another", 30, 30, 1, 60'000},
    Parameter{"minutes", "that a call lasts", 180, 180, 1, 10'080},
    Parameter{"critical", "percent of these from which a call is refused", 200, 200, 100, 10'000},
};
inline constexpr std::array habit_parameters = {
    Parameter{"calls", "of an account before a country is new to it", 20, 20, 1, 1'000'000},
    Parameter{"begin", "hour at which nobody calls abroad any more; as 'end': never", 0, 0, 0, 23},
    Parameter{"end", "hour at which that is over", 0, 0, 0, 23},
    Parameter{"shift", "minutes that these hours are ahead of UTC", 0, 0, -840, 840},
};
inline constexpr std::array spelling_parameters = {
    Parameter{"spellings", "of one number that one source dials", 5, 5, 2, 8},
    Parameter{"seconds", "in which it does", 300, 300, 1, 86'400},
};
inline constexpr std::array length_parameters = {
    Parameter{"minutes", "that a call may last", 240, 240, 1, 10'080},
    Parameter{"calls", "of an account before their lengths are compared", 20, 20, 2, 32},
    Parameter{"least", "seconds of a call whose length is compared", 10, 10, 0, 86'400},
};

inline constexpr std::array transactions = {
    Rule{"H-302", "a request that comes back to where it was with the same Request-URI", both(reject(482)),
         "with another Request-URI it is a spiral, and passes", "RFC 3261 sections 16.3 (4) and 21.4.20", Scope::transaction,
         Risk::low, request_loops, When{.of = Messages::requests, .headers = on<via>()}},
    Rule{"H-303", "a request that comes twice within 32 seconds, by two ways", both(note), "",
         "RFC 3261 section 8.2.2.2; at a proxy no error, section 16.3", Scope::transaction, Risk::medium, request_merged,
         When{.of = Messages::requests, .headers = on<via>()}},
    Rule{"H-304", "a response to no request that went the other way", both(drop),
         "noted where only one direction was seen, or requests were forgotten for want of room", "RFC 6026 section 8.9",
         Scope::transaction, Risk::high, response_unmatched, When{.of = Messages::responses}, unmatched_parameters},
    Rule{"A-418", "an INVITE with credentials that nobody asked for", {alert, note},
         "noted where only one direction was seen", "attacks that replay INVITEs", Scope::transaction, Risk::high,
         digest_unasked, When{.of = Messages::requests, .headers = on<authorization, proxy_authorization>()},
         warmup_parameters},
};

inline constexpr std::array dialogs = {
    Rule{"A-416", "a caller that challenges whom it called for a realm which is not theirs, and credentials that are given to it",
         both(alert), "of a trusted peer it passes", "published attacks on phones", Scope::dialog, Risk::low, digest_leaks},
    Rule{"A-419", "an INVITE with credentials whose media are not where those of the challenged one were", both(alert), "",
         "published attacks that change a session", Scope::dialog, Risk::low, session_changed,
         When{.of = Messages::requests, .headers = on<authorization, proxy_authorization>(), .body = true}},
    Rule{"A-420", "a request within a dialog, or a CANCEL, from an address that is none of its party's",
         {reject(481), alert},
         "from the peer's other addresses it passes; noted where only one direction was seen",
         "RFC 3261 sections 9.1, 12.2 and 15; teardown attacks", Scope::dialog, Risk::medium, party_elsewhere,
         When{.of = Messages::requests}},
    Rule{"A-421", "a request within a dialog that is unknown or over, or a CANCEL of nothing", {reject(481), note},
         "noted where only one direction was seen, or dialogs were forgotten for want of room",
         "RFC 3261 sections 9.2 and 12.2.2", Scope::dialog, Risk::medium, dialog_unknown, When{.of = Messages::requests},
         warmup_parameters},
    Rule{"A-422", "a CSeq that does not rise within its dialog", {reject(500), note}, "BYE: noted, calls must come to an end", "RFC 3261 section 12.2.2",
         Scope::dialog, Risk::low, cseq_old, When{.of = Messages::requests, .headers = on<cseq>()}},
    Rule{"A-423", "a BYE before the 2xx, or of the called party before the ACK", both(note), "", "RFC 3261 section 15",
         Scope::dialog, Risk::medium, bye_early, When{.of = Messages::requests}},
    Rule{"A-424", "a REFER out of the domains of the policy, or a Replaces or Join of somebody else's dialog",
         {reject(403), alert}, "of no dialog: strict 481", "RFC 3515 section 5; RFC 3891 sections 3 and 7; RFC 3911",
         Scope::dialog, Risk::low, transfer_foreign,
         When{.of = Messages::requests, .headers = on<refer_to, replaces, join>()}, warmup_parameters},
    Rule{"A-426", "a redirection to a high-risk number, or out of the domains of the policy", {strip, alert},
         "of a trusted peer it passes", "hijacking of calls by redirection; RFC 3261 section 8.1.3.4", Scope::dialog, Risk::medium,
         redirected, When{.of = Messages::responses, .headers = on<contact>()}, {}, true},
    Rule{"S-805", "a new offer that is another session with no higher version, or an answer with more streams than its offer",
         {reject(488), note}, "in a response and an ACK, or with its media where they were: noted", "RFC 3264 sections 6 and 8", Scope::dialog, Risk::medium,
         offer_answer, When{.headers = on<content_type>(), .body = true}},
    Rule{"S-806", "a new offer that moves media to another network: not the same first 16 bits of the address, of IPv6 32",
         {alert, note}, "to where the peer's media are it passes", "fraud in billing, theft of media", Scope::dialog,
         Risk::medium, media_moved, When{.of = Messages::requests, .headers = on<content_type>(), .body = true}},
};

inline constexpr std::array rates = {
    Rule{"A-403", "OPTIONS, REGISTER or INVITE of one source for many users", {drop, alert},
         "dropped, it bans the source; who is reached does not count", "practice against scanners", Scope::rate, Risk::low,
         users_swept, When{.of = Messages::requests}, sweep_parameters},
    Rule{"A-404", "a source that fails: 403, 404, or 401 and 407 to its credentials", {drop, alert},
         "dropped, it bans the source; where only responses were seen a 401 counts, and is noted", "practice of log filters",
         Scope::rate, Risk::medium, failures_many, When{}, failure_parameters},
    Rule{"A-405", "more requests of one source than may come in that time", {drop, reject(503)},
         "dropped, it bans the source", "practice of proxies", Scope::rate, Risk::medium, requests_many,
         When{.of = Messages::requests}, flood_parameters},
    Rule{"A-406", "more calls of one account, or of one trunk, than may begin in that time", both(reject(503)), "",
         "call admission control; RFC 3261 section 21.5.4", Scope::rate, Risk::medium, calls_many,
         When{.of = Messages::requests}, call_rate_parameters},
    Rule{"A-407", "more REGISTERs of one account than may come in that time, or one for too short a time", both(reject(503)),
         "for too short a time: 423", "RFC 3261 sections 10.3 (7) and 21.4.17", Scope::rate, Risk::medium,
         registrations_many, When{.of = Messages::requests}, register_rate_parameters},
    Rule{"A-411", "whatever else a banned source sends", both(drop), "a ban begins with what A-403, A-404, A-405 or F-504 drops",
         "practice of proxies", Scope::rate, Risk::none, source_banned, When{}, ban_parameters},
    Rule{"A-412", "one account for which many sources give wrong credentials", both(alert), "",
         "guessing from many places", Scope::rate, Risk::medium, guessed_by_many, When{.of = Messages::responses},
         guess_parameters},
    Rule{"A-413", "a registration from elsewhere, by another User-Agent, while one lives", {alert, note}, "",
         "RFC 3261 section 26.1.1", Scope::rate, Risk::high, binding_elsewhere, When{.of = Messages::responses}},
    Rule{"A-417", "credentials that were used before: a nonce count that does not rise, or a nonce without one from elsewhere",
         {reject(401), note}, "by the same source in the same call: noted", "RFC 7616 sections 3.4 and 5.5", Scope::rate,
         Risk::low, digest_replayed, When{.of = Messages::requests, .headers = on<authorization, proxy_authorization>()}},

    Rule{"F-502", "calls of one account below one country code: too many a day, a minute, at a time, of one number, too long",
         both(alert), "from the critical percentage on: strict 603", "practice of fraud detection", Scope::rate, Risk::medium,
         spending_high, When{.of = Messages::requests}, spending_parameters},
    Rule{"F-503", "a call abroad in hours when nobody calls, or to a country that is new to the account", both(alert), "",
         "practice of fraud detection", Scope::rate, Risk::medium, habits_broken, When{.of = Messages::requests},
         habit_parameters},
    Rule{"F-504", "a source that dials one number in many spellings", {drop, alert}, "dropped, it bans the source",
         "probing for dial prefixes, as attacks do it", Scope::rate, Risk::low, numbers_swept, When{.of = Messages::requests},
         spelling_parameters},
    Rule{"F-505", "a call that lasts too long, or calls of which more than 90 % last the same", both(alert), "",
         "practice of fraud detection", Scope::rate, Risk::low, length_odd, When{.of = Messages::requests},
         length_parameters},
};

}  // namespace trunkbox::sbc::rows

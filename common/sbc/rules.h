// The functions behind the rows of the rule table, by family. Private to sbc/.
#pragma once

#include <array>
#include <span>

#include "sbc/rule.h"

namespace trunkbox::sbc {

constexpr Outcome note{Effect::note, 0};
constexpr Outcome alert{Effect::alert, 0};
constexpr Outcome drop{Effect::drop, 0};
constexpr Outcome reject(int status) { return {Effect::reject, status}; }
constexpr Outcome strip{Effect::strip, 0};
constexpr Outcome rewrite{Effect::rewrite, 0};
constexpr Outcome unknown{Effect::unknown, 0};
constexpr Outcome non_sip{Effect::non_sip, 0};
constexpr Defaults both(Outcome outcome) { return {outcome, outcome}; }
constexpr Defaults strict_only{reject(400), note};

constexpr std::size_t most_hits = 8;  // of one rule in one message

// Where Content-Length alone parts one message from the next (RFC 3261 section 18.3).
constexpr bool is_stream(net::Transport transport) {
    return transport == net::Transport::tcp || transport == net::Transport::tls;
}

// The headers that wake a rule, as When wants them.
template <sip::HeaderName... names>
inline constexpr std::array on_array{names...};
template <sip::HeaderName... names>
constexpr std::span<const sip::HeaderName> on() {
    return on_array<names...>;
}

// rules_packet.cpp
constexpr std::string_view media_in_words = "RTP or RTCP";
Hits fragment_overlap(const Subject&);
Hits fragments_unsound(const Subject&);
Hits segment_overlap(const Subject&);
Hits bytes_between(const Subject&);
Hits keep_alive(const Subject&);
Hits leading_crlf(const Subject&);
Hits not_sip(const Subject&);
Hits cut_by_capture(const Subject&);
Hits trailing_bytes(const Subject&);
Hits message_incomplete(const Subject&);
Hits length_missing(const Subject&);
Hits length_unreadable(const Subject&);
Hits length_repeated(const Subject&);

// rules_start_line.cpp
// The start line, what it says again in the header section, and the headers that must be there are of the form that
// nearly all messages have.
[[nodiscard]] bool is_regular(const Subject&);
Hits start_line_form(const Subject&);
Hits version(const Subject&);
Hits status_code(const Subject&);
Hits request_uri_form(const Subject&);
Hits request_uri_scheme(const Subject&);

// rules_header.cpp
Hits header_missing(const Subject&);
Hits header_repeated(const Subject&);
Hits two_spellings(const Subject&);
Hits two_forms(const Subject&);
Hits cseq_number(const Subject&);
Hits cseq_method(const Subject&);
Hits max_forwards_form(const Subject&);
Hits control_bytes(const Subject&);
Hits header_line_form(const Subject&);
Hits method_unknown(const Subject&);
Hits options_required(const Subject&);

// rules_field.cpp
Hits address_field(const Subject&);
Hits expiry(const Subject&);
Hits top_via(const Subject&);
Hits date_form(const Subject&);
Hits via_transport(const Subject&);
Hits parameter_repeated(const Subject&);
Hits from_without_tag(const Subject&);

// rules_limits.cpp
// No limit of the policy can be exceeded: what is said of the whole message holds of all its parts.
[[nodiscard]] bool is_moderate(const Subject&);
Hits message_size(const Subject&);
Hits header_line_size(const Subject&);
Hits header_count(const Subject&);
Hits element_size(const Subject&);
Hits hop_count(const Subject&);
Hits body_size(const Subject&);

// rules_routing.cpp
Hits max_forwards_zero(const Subject&);
Hits response_misled(const Subject&);

// rules_body.cpp
Hits body_type(const Subject&);
Hits body_encoding(const Subject&);

// rules_sdp.cpp
Hits sdp_form(const Subject&);
Hits sdp_address(const Subject&);
Hits sdp_port(const Subject&);
Hits sdp_codec(const Subject&);

// rules_identity.cpp
Hits digest_credentials(const Subject&);
Hits stale_identity(const Subject&);
Hits foreign_identity(const Subject&);
Hits number_not_of_peer(const Subject&);
Hits private_identity(const Subject&);

// rules_access.cpp
Hits stranger_calls(const Subject&);
Hits stranger_writes(const Subject&);
Hits web_link(const Subject&);
Hits risky_destination(const Subject&);

// rules_topology.cpp
Hits private_address(const Subject&);
Hits inside_shown(const Subject&);
Hits route_form(const Subject&);

// rules_attack.cpp
Hits scanner_agent(const Subject&);
Hits scanner_user(const Subject&);
Hits injection(const Subject&);
Hits script_in_header(const Subject&);
Hits register_target(const Subject&);
Hits register_wildcard(const Subject&);

// rules_transaction.cpp
Hits request_loops(const Subject&);
Hits request_merged(const Subject&);
Hits response_unmatched(const Subject&);
Hits digest_unasked(const Subject&);

// rules_dialog.cpp
Hits digest_leaks(const Subject&);
Hits session_changed(const Subject&);
Hits party_elsewhere(const Subject&);
Hits dialog_unknown(const Subject&);
Hits cseq_old(const Subject&);
Hits bye_early(const Subject&);
Hits transfer_foreign(const Subject&);
Hits redirected(const Subject&);
Hits offer_answer(const Subject&);
Hits media_moved(const Subject&);

// rules_rate.cpp
Hits users_swept(const Subject&);
Hits failures_many(const Subject&);
Hits requests_many(const Subject&);
Hits calls_many(const Subject&);
Hits registrations_many(const Subject&);
Hits source_banned(const Subject&);
Hits guessed_by_many(const Subject&);
Hits binding_elsewhere(const Subject&);
Hits digest_replayed(const Subject&);

// rules_fraud.cpp
Hits spending_high(const Subject&);
Hits habits_broken(const Subject&);
Hits numbers_swept(const Subject&);
Hits length_odd(const Subject&);

// rules_media.cpp
Hits media_unasked(const Subject&);
Hits media_of_stranger(const Subject&);
Hits source_changes(const Subject&);
Hits media_jumps(const Subject&);
Hits payload_type_foreign(const Subject&);
Hits media_and_call_differ(const Subject&);
Hits media_in_clear(const Subject&);
Hits media_rate(const Subject&);
Hits rtcp_forged(const Subject&);
Hits digits_odd(const Subject&);

}  // namespace trunkbox::sbc

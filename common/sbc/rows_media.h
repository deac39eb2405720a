// The rows about media (R). Private to sbc/.
#pragma once

#include <array>

#include "sbc/rules.h"

namespace trunkbox::sbc::rows {

inline constexpr std::array orphan_parameters = {
    Parameter{"grace", "seconds in which media may be ahead of what describes them, or behind", 2, 2, 0, 600},
};
inline constexpr std::array latch_parameters = {
    Parameter{"packets", "in a row that make an unexpected source the right one, while the expected one is silent", 4, 4, 1, 250},
};
inline constexpr std::array jump_parameters = {
    Parameter{"jump", "of the sequence number, forward or back", 3'000, 3'000, 1, 32'767},
};
inline constexpr std::array end_parameters = {
    Parameter{"after", "seconds that media may go on after the call", 5, 5, 0, 600},
    Parameter{"silence", "seconds of a call without media, of both sides or of one", 30, 30, 1, 86'400},
};
inline constexpr std::array rate_parameters = {
    Parameter{"percent", "of what the codec makes", 200, 200, 101, 100'000},
};
inline constexpr std::array digit_parameters = {
    Parameter{"digits", "in a second; one more is too many", 20, 20, 1, 250},
};

inline constexpr std::array media = {
    Rule{"R-901", "RTP to a port that no live session description names, on a host that one does name", {alert, note},
         "once of a stream", "RFC 5853 section 3.2; pinholes of firewalls", Scope::media, Risk::high, media_unasked, When{},
         orphan_parameters},
    Rule{"R-902", "RTP from an address that neither the other end's session description nor its media before name", {drop, alert},
         "from the media addresses of a peer it passes", "attacks by injected media; RFC 4961 for the source that is learnt",
         Scope::media, Risk::medium, media_of_stranger, When{}, latch_parameters},
    Rule{"R-903", "another SSRC without a new session description, or two by turns between the same two ports", both(alert), "",
         "RFC 3550 section 8.2", Scope::media, Risk::medium, source_changes},
    Rule{"R-904", "a sequence number that jumps, or a timestamp that does without a marker", both(note), "",
         "RFC 3550 appendix A.1", Scope::media, Risk::medium, media_jumps, When{}, jump_parameters},
    Rule{"R-905", "a payload type that neither end described; comfort noise passes", {drop, note}, "", "RFC 3264 section 6.1",
         Scope::media, Risk::low, payload_type_foreign},
    Rule{"R-906", "media after the end of their call; a call that ends after it had no media for long, of both sides or of one",
         both(alert), "media after the end: once of a stream", "practice of session border controllers", Scope::media, Risk::low,
         media_and_call_differ, When{.of = Messages::requests, .headers = on<sip::HeaderName::cseq>()}, end_parameters},
    Rule{"R-907", "RTP that can be read where both ends described SRTP", both(alert), "once of a stream", "RFC 3711 section 3",
         Scope::media, Risk::low, media_in_clear},
    Rule{"R-908", "more bytes than the codec makes, or packets of another length than was asked for", both(note),
         "each once of a stream", "RFC 5853 section 3.2; RFC 3551 table 4; RFC 8866 section 6.4", Scope::media, Risk::low,
         media_rate, When{}, rate_parameters},
    Rule{"R-909", "RTCP from an address where its sender's media are not, or media that go on after an RTCP BYE of them",
         both(alert), "", "RFC 3550 section 6.6", Scope::media, Risk::low, rtcp_forged},
    Rule{"R-910", "a digit whose length cannot be, or more digits in a second than fingers press", both(note), "",
         "RFC 4733 section 2.3", Scope::media, Risk::low, digits_odd, When{}, digit_parameters},
};

}  // namespace trunkbox::sbc::rows

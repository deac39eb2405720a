// The catalogue. A row is the only place where a rule's id, text, default and source stand.
#include "sbc/rule.h"

#include <algorithm>
#include <array>

#include "sbc/rules.h"

namespace trunkbox::sbc {
namespace {

constexpr Defaults strict_only{reject(400), note};
constexpr Outcome unknown{Effect::unknown, 0};
constexpr Outcome non_sip{Effect::non_sip, 0};

constexpr std::array table = {
    Rule{"P-005", "a packet of empty lines: a keep-alive", both(non_sip), "",
         "RFC 5626 sections 3.5.1 and 4.4.1; on UDP common practice", Scope::packet, Risk::none, keep_alive},
    Rule{"P-006", "empty lines before the start line", both(note), "",
         "RFC 3261 section 7.5 for streams; on UDP our own", Scope::packet, Risk::none, leading_crlf},
    Rule{"P-007", "a packet that is no SIP message: HTTP, DTLS, RTP, STUN, a single byte", both(non_sip), "",
         "RFC 5626 section 3.5.2; practice of session border controllers", Scope::packet, Risk::medium, not_sip},
    Rule{"P-008", "a message that the capture cut", both(unknown), "", "snap length, not a fault of the sender",
         Scope::packet, Risk::none, cut_by_capture},
    Rule{"P-009", "bytes behind the body in a datagram", both(note), "the tail is discarded",
         "RFC 3261 section 18.3; RFC 4475 section 3.1.1.8", Scope::message, Risk::low, trailing_bytes},
    Rule{"P-010", "Content-Length asks for more than there is, or the message ends in the header section",
         both(reject(400)), "only the empty line missing and no body due: lenient notes it; on a stream also close",
         "RFC 3261 sections 18.3 and 7", Scope::message, Risk::medium, message_incomplete},
    Rule{"P-011", "no Content-Length on TCP or TLS", both(reject(400)), "closes the connection",
         "RFC 3261 sections 18.3 and 20.14", Scope::transport, Risk::low, length_missing},
    Rule{"P-012", "Content-Length that is negative, no number or above 2^31", both(reject(400)),
         "on a stream also close", "RFC 3261 section 20.14", Scope::message, Risk::none, length_unreadable},
    Rule{"P-013", "Content-Length twice", both(reject(400)), "equal values are noted; on a stream also close",
         "RFC 3261 section 7.3.1; RFC 4475 section 3.3.9", Scope::message, Risk::low, length_repeated},

    Rule{"M-101", "a start line that is not three fields with one SP between them", strict_only,
         "what has more than one reading is rejected by lenient, too", "RFC 3261 sections 7.1 and 7.2",
         Scope::message, Risk::low, start_line_form},
    Rule{"M-102", "a version that is not SIP/2.0", both(reject(505)), "", "RFC 3261 sections 7.1 and 21.5.6",
         Scope::message, Risk::none, version},
    Rule{"M-103", "a status code that is not 100 to 699", both(drop), "", "RFC 3261 section 7.2", Scope::message,
         Risk::none, status_code},
    Rule{"M-104", "a Request-URI in brackets, with headers, or that cannot be read", strict_only,
         "one that cannot be read is rejected by lenient, too", "RFC 3261 sections 7.1 and 19.1.1", Scope::message,
         Risk::low, request_uri_form},
    Rule{"M-105", "a Request-URI whose scheme the policy does not list", both(reject(416)), "",
         "RFC 3261 sections 16.3 (2) and 8.2.2.1; RFC 5031", Scope::message, Risk::low, request_uri_scheme},
    Rule{"M-106", "a mandatory header is missing", both(reject(400)),
         "no Via: dropped; no Contact: strict rejects unless the sender speaks RFC 2543, lenient notes; "
         "no Max-Forwards: noted",
         "RFC 3261 sections 8.1.1, 16.3 (3) and 16.6 (3); RFC 6665; RFC 3515", Scope::message, Risk::low,
         header_missing},
    Rule{"M-107", "a header twice that is single by definition", both(reject(400)),
         "lenient notes those that nothing is routed by", "RFC 3261 section 7.3.1", Scope::message, Risk::low,
         header_repeated},
    Rule{"M-108", "a CSeq without a number below 2^31", both(reject(400)), "2^31 to 2^32-1: lenient notes",
         "RFC 3261 section 8.1.1.5", Scope::message, Risk::none, cseq_number},
    Rule{"M-109", "the CSeq names another method than the request line", both(reject(400)),
         "501 when the request line's method is unknown", "RFC 3261 section 8.1.1.5; RFC 4475 section 3.1.2.18",
         Scope::message, Risk::none, cseq_method},
    Rule{"M-110", "Max-Forwards that is no number up to 255", strict_only, "",
         "RFC 3261 section 20.22; RFC 4475 section 3.1.2.4", Scope::message, Risk::low, max_forwards_form},
    Rule{"M-111", "To, From or Contact against the grammar: open quotes, bare display names, blanks in the URI",
         strict_only, "what has more than one reading, or is signed, is rejected by lenient, too",
         "RFC 3261 sections 20 and 25.1", Scope::message, Risk::medium, address_field},
    Rule{"M-112", "an expiry that is no number of seconds below 2^32", both(note), "",
         "RFC 3261 sections 10.2, 20.10 and 20.19; RFC 4028", Scope::message, Risk::low, expiry},
    Rule{"M-114", "NUL, a stray CR or a control byte in the header section", both(reject(400)),
         "lenient notes a control byte in a value", "RFC 3261 section 25.1", Scope::message, Risk::low,
         control_bytes},
    Rule{"M-116", "a header line without a colon, or whose name is no token", strict_only, "",
         "RFC 3261 sections 25.1 and 16.3 (1)", Scope::message, Risk::low, header_line_form},
    Rule{"M-117", "a topmost Via that cannot be read or has no branch of its own", both(reject(400)),
         "a bare cookie: lenient notes; no branch: noted, matched as RFC 2543 does",
         "RFC 3261 sections 8.1.1.7 and 17.2.3", Scope::message, Risk::low, top_via},
    Rule{"M-119", "From or To with one parameter twice", both(reject(400)), "other than tag: noted",
         "RFC 3261 section 7.3.1", Scope::message, Risk::none, parameter_repeated},
    Rule{"M-120", "From without tag", strict_only, "noted when the sender speaks RFC 2543",
         "RFC 3261 sections 8.1.1.3 and 12.1.1", Scope::message, Risk::low, from_without_tag},
    Rule{"M-121", "a method that we do not know", both(note), "",
         "RFC 3261 section 16.3 (1): no reason to refuse", Scope::message, Risk::high, method_unknown},
    Rule{"M-122", "Proxy-Require with an option-tag that the policy does not list", both(reject(420)),
         "not in ACK and CANCEL", "RFC 3261 sections 16.3 (5) and 20.29", Scope::message, Risk::low, proxy_require},

    Rule{"L-201", "a message above 65 535 bytes", both(reject(513)), "above 16 384 bytes: alert",
         "RFC 3261 sections 18.1.1 and 21.5.7", Scope::message, Risk::low, message_size},
    Rule{"L-202", "a header line above 2048 bytes, lenient 8192", both(reject(400)),
         "Identity, Authorization and Proxy-Authorization are exempt",
         "practice of session border controllers; RFC 8224; RFC 8898", Scope::message, Risk::medium,
         header_line_size},
    Rule{"L-203", "more than 128 header lines, lenient 256, or 20 Record-Route", both(reject(513)), "",
         "practice of session border controllers", Scope::message, Risk::medium, header_count},
    Rule{"L-204", "a URI's user, Call-ID, tag or branch above 256 bytes, a method above 64", both(reject(400)), "",
         "practice; RFC 4475 section 3.1.1.7 needs 215", Scope::message, Risk::low, element_size},
    Rule{"L-205", "more than 70 Via or 70 Route", both(reject(483)), "Route: 513",
         "RFC 3261 sections 8.1.1.6 and 20.22", Scope::message, Risk::low, hop_count},
    Rule{"L-206", "a body above 64 kB, an SDP above 8 kB or with more than 16 m-lines", both(reject(413)),
         "SDP: strict 488, lenient alert", "RFC 3261 sections 21.4.11 and 21.4.26", Scope::message, Risk::medium,
         body_size},

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

}  // namespace

std::span<const Rule> rules() { return table; }

const Rule* find_rule(std::string_view id) {
    auto row = std::ranges::find(table, id, &Rule::id);
    return row == table.end() ? nullptr : &*row;
}

std::string_view name(Scope scope) {
    switch (scope) {
        case Scope::packet: return "packet";
        case Scope::message: return "message";
        case Scope::transport: return "transport";
    }
    return "";
}

std::string_view name(Risk risk) {
    switch (risk) {
        case Risk::none: return "none";
        case Risk::low: return "low";
        case Risk::medium: return "medium";
        case Risk::high: return "high";
    }
    return "";
}

}  // namespace trunkbox::sbc

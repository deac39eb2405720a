// A sound request and a sound response that the tests break in one place each.
#pragma once

#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "sbc/judge.h"

namespace trunkbox::sbc::test {

inline std::string invite() {
    return "INVITE sip:+442079460123@example.com SIP/2.0\r\n"
           "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKinv1\r\n"
           "Max-Forwards: 70\r\n"
           "From: \"Desk 1\" <sip:+33199000001@example.com>;tag=a1\r\n"
           "To: <sip:+442079460123@example.com>\r\n"
           "Call-ID: c1@192.0.2.1\r\n"
           "CSeq: 1 INVITE\r\n"
           "Contact: <sip:desk1@192.0.2.1:5060>\r\n"
           "User-Agent: phone/1.0\r\n"
           "Content-Length: 0\r\n"
           "\r\n";
}

inline std::string registration() {
    return "REGISTER sip:example.com SIP/2.0\r\n"
           "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKreg1\r\n"
           "Max-Forwards: 70\r\n"
           "From: <sip:desk1@example.com>;tag=a1\r\n"
           "To: <sip:desk1@example.com>\r\n"
           "Call-ID: c2@192.0.2.1\r\n"
           "CSeq: 1 REGISTER\r\n"
           "Contact: <sip:desk1@192.0.2.1:5060>\r\n"
           "Expires: 3600\r\n"
           "Content-Length: 0\r\n"
           "\r\n";
}

inline std::string ringing() {
    return "SIP/2.0 180 Ringing\r\n"
           "Via: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKp1\r\n"
           "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKinv1\r\n"
           "From: <sip:+33199000001@example.com>;tag=a1\r\n"
           "To: <sip:+442079460123@example.com>;tag=b1\r\n"
           "Call-ID: c1@192.0.2.1\r\n"
           "CSeq: 1 INVITE\r\n"
           "Content-Length: 0\r\n"
           "\r\n";
}

// `message` with the first `what` replaced by `by`; a test that breaks nothing is a broken test.
inline std::string with(std::string message, std::string_view what, std::string_view by) {
    std::size_t at = message.find(what);
    REQUIRE_MESSAGE(at != std::string::npos, "no '", what, "' to replace");
    return message.replace(at, what.size(), by);
}

// With one more header line at the end of the header section.
inline std::string plus(std::string message, std::string_view line) {
    return with(std::move(message), "Content-Length", std::string(line) + "\r\nContent-Length");
}

inline std::string with_body(std::string message, std::string_view type, std::string_view body) {
    std::string length = "Content-Length: " + std::to_string(body.size());
    if (!type.empty()) message = plus(std::move(message), "Content-Type: " + std::string(type));
    return with(std::move(message), "Content-Length: 0", length) + std::string(body);
}

inline constexpr std::string_view sound_sdp =
    "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8 101\r\n"
    "a=rtpmap:101 telephone-event/8000\r\n";

inline std::string with_sdp(std::string message, std::string_view sdp = sound_sdp) {
    return with_body(std::move(message), "application/sdp", sdp);
}

// A policy of an edge at 198.51.100.1 with a trusted carrier and the phones of a site, and who sends it packets.
inline const net::Endpoint edge{net::Ip::v4(0xc6336401), 5060}, carrier{net::Ip::v4(0xcb007105), 5060},
    phone{net::Ip::v4(0xc0000201), 5060}, stranger{net::Ip::v4(0xc6336450), 5060};

inline Policy edge_policy(Policy policy = Policy::strict()) {
    policy.own = {*Network::parse("198.51.100.1")};
    policy.peers = {
        {.name = "carrier", .networks = {*Network::parse("203.0.113.0/28")}, .trusted = true},
        {.name = "phones", .networks = {*Network::parse("192.0.2.0/24")}},
    };
    return policy;
}

inline Outcome reject_with(int status) { return {Effect::reject, status}; }

inline Verdict judged(std::string_view bytes, Policy policy = Policy::strict(),
                      net::Transport transport = net::Transport::udp) {
    return Judge(std::move(policy)).judge(Packet{.transport = transport, .bytes = bytes});
}

// What the rule did, e.g. "reject 400"; "" when it was silent.
inline std::string outcome(const Verdict& verdict, std::string_view rule) {
    if (verdict.rule == rule) {
        switch (verdict.action) {
            case Action::reject: return text({Effect::reject, verdict.status});
            case Action::accept: break;
            case Action::drop:
            case Action::unknown:
            case Action::non_sip: return std::string(name(verdict.action));
        }
    }
    for (const Finding& finding : verdict.findings)
        if (finding.rule == rule) return text(finding.outcome);
    return "";
}

// The same of a packet that goes from one to the other, by the edge's policy.
inline std::string between(const net::Endpoint& from, const net::Endpoint& to, std::string_view rule,
                           std::string_view bytes, Policy policy = edge_policy()) {
    Packet packet{.from = from, .to = to, .bytes = bytes};
    return outcome(Judge(std::move(policy)).judge(packet), rule);
}

inline std::string strict(std::string_view rule, std::string_view bytes) { return outcome(judged(bytes), rule); }
inline std::string lenient(std::string_view rule, std::string_view bytes) {
    return outcome(judged(bytes, Policy::lenient()), rule);
}

}  // namespace trunkbox::sbc::test

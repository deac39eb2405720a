// What happens on a wire, packet after packet: calls and registrations whose messages the tests write, change and time.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/time.h"
#include "unit/sbc/messages.h"

namespace trunkbox::sbc::test {

// One judge and the packets that it gets; seconds count from its beginning.
class Script {
  public:
    explicit Script(Policy policy = Policy::strict(), HashKey key = {}) : judge_(std::move(policy), key) {}

    Verdict at(double seconds, const net::Endpoint& from, const net::Endpoint& to, std::string_view bytes) {
        return judge_.judge(Packet{.time = Time(1'700'000'000s) + from_seconds(seconds), .from = from, .to = to, .bytes = bytes});
    }
    [[nodiscard]] const Memory& memory() const { return judge_.memory(); }

  private:
    Judge judge_;
};

// The n-th address of 198.18.0.0/15.
inline net::Endpoint host(std::uint32_t n, std::uint16_t port = 5060) { return {net::Ip::v4(0xc6120000U + n), port}; }

// What a message has besides.
struct Extra {
    std::string headers{};  // lines, each with its end
    std::string sdp{};
};

// A dialog as its caller began it. Everything may be changed between two messages.
struct Call {
    std::string id = "call1@192.0.2.1";
    std::string caller = "sip:+33199000001@example.com", called = "sip:+442079460123@example.com";
    std::string tag = "a1", far_tag = "b1";
    std::string from_host = "192.0.2.1", to_host = "198.51.100.1";  // of Via and Contact
    std::string branch = "z9hG4bK";  // what each begins with

    // Of the caller; within the dialog unless it is an INVITE with number 1.
    [[nodiscard]] std::string request(std::string_view method, int cseq, const Extra& extra = {}) const {
        bool begins = method == "INVITE" && cseq == 1;
        return message(fmt::format("{} {} SIP/2.0", method, called), method, cseq, from_host, address(caller, tag),
                       address(called, begins ? "" : far_tag), extra);
    }
    // The same outside of the dialog.
    [[nodiscard]] std::string first(std::string_view method, int cseq, const Extra& extra = {}) const {
        return message(fmt::format("{} {} SIP/2.0", method, called), method, cseq, from_host, address(caller, tag),
                       address(called, ""), extra);
    }
    // Of the called party.
    [[nodiscard]] std::string request_back(std::string_view method, int cseq, const Extra& extra = {}) const {
        return message(fmt::format("{} {} SIP/2.0", method, caller), method, cseq, to_host, address(called, far_tag),
                       address(caller, tag), extra);
    }
    // To a request of the caller.
    [[nodiscard]] std::string response(int status, std::string_view method, int cseq, const Extra& extra = {}) const {
        return message(fmt::format("SIP/2.0 {} Text", status), method, cseq, from_host, address(caller, tag),
                       address(called, status == 100 ? "" : far_tag), extra, to_host);
    }
    // … of the called party.
    [[nodiscard]] std::string response_back(int status, std::string_view method, int cseq, const Extra& extra = {}) const {
        return message(fmt::format("SIP/2.0 {} Text", status), method, cseq, to_host, address(called, far_tag),
                       address(caller, tag), extra, from_host);
    }

    [[nodiscard]] static std::string address(std::string_view uri, std::string_view tag) {
        return tag.empty() ? fmt::format("<{}>", uri) : fmt::format("<{}>;tag={}", uri, tag);
    }
    [[nodiscard]] std::string message(std::string_view line, std::string_view method, int cseq, std::string_view via,
                                      std::string_view from, std::string_view to, const Extra& extra,
                                      std::string_view contact = {}) const {
        return fmt::format(
            "{}\r\nVia: SIP/2.0/UDP {};branch={}{}{}\r\nMax-Forwards: 70\r\nFrom: {}\r\nTo: {}\r\nCall-ID: {}\r\n"
            "CSeq: {} {}\r\nContact: <sip:x@{}>\r\nUser-Agent: phone\r\n{}{}Content-Length: {}\r\n\r\n{}",
            line, via, branch, method, cseq, from, to, id, cseq, method,
            contact.empty() ? via : contact, extra.headers, extra.sdp.empty() ? "" : "Content-Type: application/sdp\r\n",
            extra.sdp.size(), extra.sdp);
    }
};

// A session description; `media` are whole m= lines.
inline std::string sdp(int version, std::string_view address = "192.0.2.1",
                       std::string_view media = "m=audio 4000 RTP/AVP 8\r\n") {
    return fmt::format("v=0\r\no=- 7 {} IN IP4 {}\r\ns=-\r\nc=IN IP4 {}\r\nt=0 0\r\n{}", version, address, address, media);
}

// INVITE, 180, 200 and ACK, from `begin` seconds on for four; true when all of them went on without a word.
inline bool connect(Script& script, const Call& call, double begin = 0, const net::Endpoint& from = phone,
                    const net::Endpoint& to = edge) {
    Verdict verdicts[] = {script.at(begin, from, to, call.request("INVITE", 1, {.sdp = sdp(1)})),
                          script.at(begin + 1, to, from, call.response(180, "INVITE", 1)),
                          script.at(begin + 3, to, from, call.response(200, "INVITE", 1, {.sdp = sdp(1, "198.51.100.1")})),
                          script.at(begin + 4, from, to, call.request("ACK", 1))};
    for (const Verdict& verdict : verdicts)
        if (verdict.action != Action::accept || !verdict.findings.empty()) return false;
    return true;
}

// "drop A-411", "accept", with what else was found: "accept (note H-303)".
inline std::string said(const Verdict& verdict) {
    std::string text(name(verdict.action));
    if (verdict.action == Action::reject) text += fmt::format(" {}", verdict.status);
    if (!verdict.rule.empty()) text += fmt::format(" {}", verdict.rule);
    for (const Finding& finding : verdict.findings) text += fmt::format(" ({} {})", sbc::text(finding.outcome), finding.rule);
    return text;
}

}  // namespace trunkbox::sbc::test

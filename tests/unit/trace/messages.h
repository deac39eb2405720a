// Messages of one call between documentation addresses, for the tests of trace/.
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "trace/message.h"

namespace trunkbox::trace::test {

inline const net::Endpoint phone{net::Ip::v4(0xc0000201), 5060};  // 192.0.2.1
inline const net::Endpoint proxy{net::Ip::v4(0xc0000202), 5060};
inline const net::Endpoint gateway{net::Ip::v4(0xc6336401), 5060};  // 198.51.100.1

// One message of a call; the caller's tag is "a".
struct Line {
    Duration at{};
    net::Endpoint from = phone;
    net::Endpoint to = proxy;
    std::string_view start;         // "INVITE", "180 Ringing"
    std::string_view cseq = "1 INVITE";
    std::string_view to_tag = {};   // "b"
    std::string_view from_tag = "a";
    std::string_view call_id = "c1";
    std::string_view body = {};
};

inline Message message(const Line& line) {
    bool response = line.start.front() >= '0' && line.start.front() <= '9';
    std::string start = response ? fmt::format("SIP/2.0 {}", line.start)
                                 : fmt::format("{} sip:+442079460123@example.com SIP/2.0", line.start);
    std::string tag = line.to_tag.empty() ? "" : fmt::format(";tag={}", line.to_tag);
    std::string type = line.body.empty() ? "" : "Content-Type: application/sdp\r\n";
    return {.time = Time{} + line.at,
            .from = line.from,
            .to = line.to,
            .bytes = fmt::format("{}\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK{}\r\n"
                                 "From: <sip:+33199000001@example.com>;tag={}\r\n"
                                 "To: <sip:+442079460123@example.com>{}\r\nCall-ID: {}\r\nCSeq: {}\r\n{}"
                                 "Content-Length: {}\r\n\r\n{}",
                                 start, line.cseq, line.from_tag, tag, line.call_id, line.cseq, type, line.body.size(),
                                 line.body)};
}

}  // namespace trunkbox::trace::test

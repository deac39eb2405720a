// What of a SIP message tells to which call it belongs, and what it says there. Private to this folder.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "net/datagram.h"
#include "trace/calls.h"

namespace trunkbox::trace {

// A second sight of one message within this time is a capture of both its ends; T1 is a hundred times longer.
inline constexpr Duration twin_window{std::chrono::milliseconds(5)};

// Owns its texts, each cut to a length that an honest sender does not need, so that what is kept is bounded.
struct Sight {
    Time time{};
    net::Endpoint sender{}, receiver{};
    bool request = false;
    std::string method{};  // a response's is its CSeq's
    int status = 0;
    std::string reason{};
    std::uint32_t cseq = 0;
    std::string call_id{}, from_tag{}, to_tag{};
    Party from{}, to{};
    // The same message, sent the same way (RFC 3261 section 17.2.3, with the To tag of a fork).
    std::size_t identity = 0;
    std::string_view sdp{};   // borrows the datagram; "" when there is none
    std::string_view keys{};  // of an INFO (application/dtmf-relay, application/dtmf), borrowed
    Duration key_duration{};

    // Nothing for what is no SIP or has no Call-ID.
    [[nodiscard]] static std::optional<Sight> of(const net::Datagram& datagram);
};

}  // namespace trunkbox::trace

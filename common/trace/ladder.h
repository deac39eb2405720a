// A ladder diagram as a value: who took part, and what went from whom to whom. output/ladder.h draws it.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "net/address.h"
#include "trace/message.h"

namespace trunkbox::trace {

// One column. A station that uses several addresses (an SBC's two sides) is one participant.
struct Participant {
    std::string name{};                      // the caller's, or the address's text
    std::vector<net::Endpoint> addresses{};  // in the order of first appearance

    bool operator==(const Participant&) const = default;
};

// Text comes from the wire unescaped: whoever prints it makes it printable.
struct Arrow {
    enum class Kind { request, response, media };

    Time time{};
    std::size_t from = 0;  // index of a participant
    std::size_t to = 0;
    Kind kind = Kind::request;
    int status = 0;               // response
    std::string head{};             // "INVITE", "180", "RTP"
    std::string tail{};             // "+442079460123", "Ringing", "PCMA 100 packets"
    std::string note{};             // what its SDP says: "PCMA 192.0.2.1:40000"
    bool retransmission = false;  // the same message went the same way before
    Time end{};                   // media: when it ended
    std::string call_id{};

    bool operator==(const Arrow&) const = default;
};

struct Ladder {
    Time start{};  // of the first arrow
    std::vector<Participant> participants{};
    std::vector<Arrow> arrows{};  // by time; of equal times the order in which they came

    bool operator==(const Ladder&) const = default;
};

// Media between two addresses: "RTP", "PCMA 100 packets".
struct Band {
    Time begin{};
    Time end{};
    net::Endpoint from{};
    net::Endpoint to{};
    std::string head{};
    std::string tail{};
};

struct LadderOptions {
    std::map<net::Endpoint, std::string> names{};         // addresses of one name are one participant
    std::vector<std::string> order{};                     // names from left to right; others follow as they appear
    std::set<std::string, std::less<>> call_ids{};        // only these calls; empty: all
    std::vector<Band> bands{};
};

// What is no SIP is left out; so is the second sight of one message within 5 ms (a capture of both ends).
[[nodiscard]] Ladder ladder(std::span<const Message> messages, const LadderOptions& options = {});

// "PCMA 192.0.2.1:40000": the first audio stream of an SDP body, as the ladder notes it; "" when there is none.
[[nodiscard]] std::string sdp_note(std::string_view body);

}  // namespace trunkbox::trace

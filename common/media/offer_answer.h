// Offer/answer for one audio stream (RFC 3264), telephone-events with it (RFC 4733 section 2.4).
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "media/sdp.h"
#include "net/address.h"

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace trunkbox::media {

enum class Preference { offerers, ours };

// What we can do. The payload types are the ones that our offers use; an answer takes over the offerer's.
struct Capabilities {
    std::vector<Format> codecs = {
        {.payload_type = 8, .codec = {.name = "PCMA"}},
        {.payload_type = 0, .codec = {.name = "PCMU"}},
        {.payload_type = 101, .codec = {.name = "telephone-event", .fmtp = "0-15"}},
    };
    Duration ptime = 20ms;
    Direction direction = Direction::sendrecv;
    Preference preference = Preference::offerers;  // whose order picks the codec of an answer
};

// Event codes, 0 to 255 (RFC 4733 section 2.4.1).
using EventSet = std::bitset<256>;

// "0-15,66,70"; empty text is the DTMF events 0 to 15 (RFC 4733 section 2.5.1.1). Error: not such a list.
[[nodiscard]] Result<EventSet> parse_events(std::string_view fmtp);

// What both sides have agreed on, seen from our side.
struct Negotiated {
    std::size_t stream = 0;  // which m= section
    net::Endpoint remote{};  // where our RTP goes
    Codec codec{};           // what we send
    std::uint8_t payload_type_send = 0;
    std::uint8_t payload_type_receive = 0;  // of `codec`
    std::vector<Format> receivable{};  // every audio format that the far end may send, `codec` among them
    std::optional<std::uint8_t> event_send{};
    std::optional<std::uint8_t> event_receive{};
    EventSet events{};  // that the far end takes
    // Ours; a far end at 0.0.0.0 (hold) is sent nothing, whatever it says.
    Direction direction = Direction::sendrecv;
    Duration ptime = 20ms;  // of what we send
    bool operator==(const Negotiated&) const = default;
};

struct Answer {
    Session session{};
    Negotiated negotiated{};
};

[[nodiscard]] bool is_telephone_event(const Codec& codec);

// One audio stream at `rtp`, which is also the origin's address.
[[nodiscard]] Session make_offer(const Capabilities& ours, const net::Endpoint& rtp, std::uint64_t session_id,
                                 std::uint64_t version);
// A further offer in a session whose last description of ours was `previous`: the same payload types, as many
// m= sections, the version one higher if anything changed (RFC 3264 section 8).
[[nodiscard]] Session make_offer(const Capabilities& ours, const net::Endpoint& rtp, const Session& previous);

// The answer takes the first acceptable audio stream and refuses the others with port 0, in the offer's
// order. Every error means that nothing in the offer can be accepted: 488 Not Acceptable Here.
[[nodiscard]] Result<Answer> answer(const Session& offer, const Capabilities& ours, const net::Endpoint& rtp,
                                    std::uint64_t session_id, std::uint64_t version);
// To a further offer: the origin of `previous`, our last description, its version one higher if anything
// changed.
[[nodiscard]] Result<Answer> answer(const Session& offer, const Capabilities& ours, const net::Endpoint& rtp,
                                    const Session& previous);

// What the far end's `answer` to our `offer` means. Errors: other m= sections than offered, our stream
// refused, no format that we offered, no literal address.
[[nodiscard]] Result<Negotiated> accept(const Session& offer, const Session& answer);

}  // namespace trunkbox::media

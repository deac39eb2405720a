// A session description as values (RFC 8866). The text is read and written elsewhere; this is what it means.
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "net/address.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::media {

// Whose view: the side that wrote the description (RFC 8866 section 6.7).
enum class Direction { sendrecv, sendonly, recvonly, inactive };

[[nodiscard]] std::string_view name(Direction direction);
[[nodiscard]] constexpr bool sends(Direction d) {
    return d == Direction::sendrecv || d == Direction::sendonly;
}
[[nodiscard]] constexpr bool receives(Direction d) {
    return d == Direction::sendrecv || d == Direction::recvonly;
}
[[nodiscard]] constexpr Direction direction_of(bool sending, bool receiving) {
    if (sending) return receiving ? Direction::sendrecv : Direction::sendonly;
    return receiving ? Direction::recvonly : Direction::inactive;
}

// "IN IP4 192.0.2.1" (o= and c=): a literal address or, as the grammar allows, a host name.
struct Address {
    std::string text = "0.0.0.0";  // without brackets, without a multicast TTL
    bool ip6 = false;              // IP6 instead of IP4

    [[nodiscard]] static Address of(const net::Ip& ip);
    // Empty for a host name.
    [[nodiscard]] std::optional<net::Ip> ip() const;
    bool operator==(const Address&) const = default;
};

// a=rtpmap and a=fmtp of one payload type.
struct Codec {
    std::string name{};  // "PCMA"; compared without case
    std::uint32_t clock_rate = 8000;
    std::uint8_t channels = 1;
    std::string fmtp{};  // the text after the payload type, e.g. "0-15"; may be empty

    // Same encoding name, clock rate and channels; fmtp does not count.
    [[nodiscard]] bool matches(const Codec& other) const;
    bool operator==(const Codec&) const = default;
};

struct Format {
    std::uint8_t payload_type = 0;  // 0 to 127
    Codec codec{};                  // name empty: no a=rtpmap stood there and RFC 3551 assigns none
    bool operator==(const Format&) const = default;
};

// "a=name:value" or "a=name" (value empty).
struct Attribute {
    std::string name{};
    std::string value{};
    bool operator==(const Attribute&) const = default;
};

// One m= section.
struct Stream {
    std::string type = "audio";
    std::uint16_t port = 0;  // 0: refused or ended (RFC 3264 section 6)
    std::string protocol = "RTP/AVP";
    std::vector<Format> formats{};           // in order of preference, where the protocol is RTP
    std::vector<std::string> raw_formats{};  // the tokens of m=, where it is not
    std::optional<Address> connection{};     // c= of this section
    // a=sendrecv …; a session-level one counts for each stream that has none of its own.
    Direction direction = Direction::sendrecv;
    std::optional<Duration> ptime{};      // a=ptime
    std::vector<Attribute> attributes{};  // all others, as they stood (rtcp, maxptime, crypto …)

    // "RTP/AVP", "RTP/SAVP", "RTP/AVPF" …
    [[nodiscard]] bool is_rtp() const;
    [[nodiscard]] bool is_audio() const;
    bool operator==(const Stream&) const = default;
};

struct Origin {
    std::string user = "-";
    std::uint64_t session_id = 0;
    std::uint64_t version = 0;
    Address address{};
    bool operator==(const Origin&) const = default;
};

struct Session {
    Origin origin{};
    std::string name = "-";               // s=
    std::optional<Address> connection{};  // c= of the session
    std::vector<Attribute> attributes{};  // session level, direction taken out
    std::vector<Stream> streams{};
    bool operator==(const Session&) const = default;
};

// What RFC 3551 section 6 assigns to a payload type without a=rtpmap; empty for dynamic and unassigned ones.
[[nodiscard]] std::optional<Codec> static_codec(std::uint8_t payload_type);

// Where RTP for this stream goes: its c= or the session's, and the port. Errors: no c= at all, or a host
// name. Port 0 (refused) and the address 0.0.0.0 (hold, RFC 3264 section 8.4) come back as they stand.
[[nodiscard]] Result<net::Endpoint> rtp_endpoint(const Session& session, const Stream& stream);

// The first audio stream that is not refused; nullptr if there is none. Borrowed from `session`.
[[nodiscard]] const Stream* first_audio(const Session& session);

}  // namespace trunkbox::media

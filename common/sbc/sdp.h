// A session description as the rules look at it (RFC 8866), sound or not: where its media are, and the first breach of
// its grammar. Views into the body.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sbc/few.h"

namespace trunkbox::sbc {

struct SdpReading {
    // One m= line. The address is that of its own c=, or else the session's; "" where there is neither.
    struct Media {
        std::string_view type, protocol, formats, address;
        std::optional<std::uint16_t> port;  // nothing when it is no number up to 65535; "49170/2" is 49170
        std::string_view section;  // the lines below it, up to the next m=
    };

    std::string_view origin_address{};   // of o=
    std::string_view session_address{};  // of the c= above all m=; "" without one
    Few<Media, 2> media{};
    std::size_t media_lines = 0;         // more than `media` keeps, which is 64
    std::string_view breach{};           // "no s= line", "" when the grammar is kept; a= lines are not judged
};

[[nodiscard]] SdpReading read_sdp(std::string_view body);

}  // namespace trunkbox::sbc

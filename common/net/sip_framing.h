// Where the messages of a stream begin and end: the start lines of SIP and HTTP, and Content-Length (RFC 3261 sections
// 7.5, 18.3 and 20.14). It reads no more of a message than that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace trunkbox::net {

enum class StartLine : std::uint8_t {
    sip,
    http,
    unfinished,  // may become one of the two
    none,
};
// What `bytes` begin with; without leading empty lines.
[[nodiscard]] StartLine start_line(std::string_view bytes);

// Of the CRs and LFs at the beginning.
[[nodiscard]] std::size_t count_line_ends(std::string_view bytes);

// Behind the empty line that ends the header section, searched from `from` on; nothing if it is not there.
[[nodiscard]] std::optional<std::size_t> header_end(std::string_view bytes, std::size_t from = 0);

// Of the first Content-Length in a header section; nothing if there is none or it is no number up to 2^31-1.
[[nodiscard]] std::optional<std::size_t> content_length(std::string_view header);

// Whether the header section of an HTTP message turns its connection into a WebSocket (RFC 6455 section 4).
[[nodiscard]] bool upgrades_to_web_socket(std::string_view header);

}  // namespace trunkbox::net

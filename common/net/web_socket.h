// Frames of a WebSocket (RFC 6455 section 5).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace trunkbox::net {

struct WebSocketFrame {
    bool final = false;
    std::uint8_t reserved = 0;  // the three bits; one of them says that the message is packed
    std::uint8_t opcode = 0;
    bool masked = false;
    std::uint32_t mask = 0;     // as it stands
    std::size_t header = 0;     // bytes
    std::uint64_t length = 0;   // of the payload

    [[nodiscard]] bool is_control() const { return (opcode & 8U) != 0; }
    // Of a message: its first frame, or one that continues it.
    [[nodiscard]] bool begins() const { return opcode == 1 || opcode == 2; }
    [[nodiscard]] bool continues() const { return opcode == 0; }
    // Not so: nothing that a WebSocket may hold.
    [[nodiscard]] bool is_lawful() const;
};

// Nothing: its header is not whole.
[[nodiscard]] std::optional<WebSocketFrame> read_web_socket_frame(std::string_view bytes);
// Appends a payload, or the beginning of one, unmasked.
void append_payload(std::string& to, const WebSocketFrame& frame, std::string_view payload);

// Whether bytes from the middle of a stream begin with a frame in which a SIP message begins.
[[nodiscard]] bool begins_sip_in_web_socket(std::string_view bytes);

}  // namespace trunkbox::net

#include "net/web_socket.h"

#include <array>

#include "net/layer.h"
#include "net/sip_framing.h"

namespace trunkbox::net {

bool WebSocketFrame::is_lawful() const {
    bool known = opcode <= 2 || (opcode >= 8 && opcode <= 10);
    return known && !(is_control() && (!final || length > 125)) && length >> 63U == 0;
}

std::optional<WebSocketFrame> read_web_socket_frame(std::string_view bytes) {
    if (bytes.size() < 2) return std::nullopt;
    auto first = be8(bytes, 0), second = be8(bytes, 1);
    WebSocketFrame frame{.final = (first & 0x80U) != 0,
                         .reserved = static_cast<std::uint8_t>(first >> 4U & 7U),
                         .opcode = static_cast<std::uint8_t>(first & 0xfU),
                         .masked = (second & 0x80U) != 0,
                         .mask = 0,
                         .header = 2,
                         .length = second & 0x7fU};
    std::size_t more = frame.length == 126 ? 2 : frame.length == 127 ? 8 : 0;
    std::size_t whole = 2 + more + (frame.masked ? 4 : 0);
    if (bytes.size() < whole) return std::nullopt;
    if (more == 2) frame.length = be16(bytes, 2);
    if (more == 8) frame.length = std::uint64_t{be32(bytes, 2)} << 32U | be32(bytes, 6);
    if (frame.masked) frame.mask = be32(bytes, 2 + more);
    frame.header = whole;
    return frame;
}

void append_payload(std::string& to, const WebSocketFrame& frame, std::string_view payload) {
    auto begin = to.size();
    to.append(payload);
    if (!frame.masked) return;
    std::array<char, 4> key{};
    for (std::size_t i = 0; i < 4; ++i) key[i] = static_cast<char>(frame.mask >> (24U - 8U * i) & 0xffU);
    for (std::size_t i = 0; i < payload.size(); ++i) to[begin + i] = static_cast<char>(to[begin + i] ^ key[i % 4]);
}

bool begins_sip_in_web_socket(std::string_view bytes) {
    auto frame = read_web_socket_frame(bytes);
    if (!frame || !frame->is_lawful() || !frame->begins() || frame->reserved != 0) return false;
    auto payload = bytes.substr(frame->header);
    constexpr std::size_t least = 12, enough = 4096;
    if (payload.size() < least || frame->length < least) return false;
    std::string text;
    append_payload(text, *frame, payload.substr(0, std::min<std::uint64_t>(frame->length, enough)));
    auto kind = start_line(text);
    // Not yet a whole line: a method and a blank, or a version.
    return kind == StartLine::sip ||
           (kind == StartLine::unfinished && text.find_first_of(" /") != std::string::npos);
}

}  // namespace trunkbox::net

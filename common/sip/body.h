// Bodies and their parts (RFC 3261 section 7.4, RFC 2046 section 5.1, RFC 5621).
#pragma once

#include <optional>
#include <string_view>

#include "sip/message_view.h"

namespace trunkbox::sip {

// "application/SDP;charset=x" is of the type "application/sdp".
[[nodiscard]] bool is_media_type(std::string_view content_type, std::string_view wanted);

// The message's body where it is of that type, else the first part of a multipart body that is, at any depth that
// sensible messages have. A view into the message; nothing where there is none, or it is empty.
[[nodiscard]] std::optional<std::string_view> body_of_type(const MessageView& message, std::string_view wanted);

}  // namespace trunkbox::sip

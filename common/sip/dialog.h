// A dialog (RFC 3261 section 12): what both ends remember, and the requests made inside it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sip/message.h"

namespace trunkbox::sip {

struct Dialog {
    std::string call_id;
    std::string local, remote;  // To and From values without their tags
    std::string local_tag, remote_tag;
    std::string remote_target;        // URI of the far end's Contact
    std::vector<std::string> routes;  // route set, each "<sip:…;lr>" with its parameters, nearest first
    std::uint32_t local_cseq = 0;
    std::optional<std::uint32_t> remote_cseq;  // empty until a request has come

    // Section 12.1.2, from a provisional or 2xx response to our request.
    void established_by(const MessageView& response);
    // Section 12.1.1, from a request that came to us.
    [[nodiscard]] static Dialog invited_by(const MessageView& request, std::string_view local_tag);
    // Section 12.2.1.2 and 12.2.2: a target refresh.
    void refresh_target(const MessageView& message);
    // True when tags and Call-ID of a request or response from the far end are this dialog's.
    [[nodiscard]] bool owns(const MessageView& message) const;

    // Section 12.2.1.1: a request inside the dialog, loose and strict routers respected. ACK and CANCEL keep the
    // INVITE's sequence number, which is given; every other method counts up.
    [[nodiscard]] Message request(std::string_view method, std::optional<std::uint32_t> cseq = std::nullopt);
    // The URI that such a request is sent to: the nearest router, strict or loose, else the remote target. The request
    // alone does not tell once a strict router has taken its request-URI.
    [[nodiscard]] std::string next_hop() const;
};

// The URI that a request outside every dialog is sent to first: its topmost Route (loose), else its request-URI
// (section 8.1.2).
[[nodiscard]] std::string next_hop(const Message& request);

// The tag parameter of a To or From value; "" when it has none or cannot be read.
[[nodiscard]] std::string tag_of(std::string_view value);
// A To or From value without its tag, other parameters kept.
[[nodiscard]] std::string without_tag(std::string_view value);

}  // namespace trunkbox::sip

// What the transaction layer reads in messages and makes of them: matching keys, Via values, ACK and CANCEL.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "net/address.h"
#include "sip/cseq.h"
#include "sip/message.h"
#include "sip/message_view.h"
#include "sip/via.h"

namespace trunkbox::sip {

// The headers that matching needs; views into the message.
struct Envelope {
    std::string_view via_item;  // the topmost Via value as written
    Via via;
    CSeq cseq;
};

// Nothing when the message cannot be matched or answered: Via, CSeq, Call-ID, From or To absent, or one of
// the first two unreadable.
[[nodiscard]] std::optional<Envelope> read_envelope(const MessageView& message);

// Section 17.1.3: branch and method.
void client_key(std::string& key, std::string_view branch, std::string_view method);
// Section 17.2.3 with the method of the request that created the transaction: for ACK and CANCEL that of the
// INVITE. `to_tag` counts only for senders of RFC 2543, whose branch has no cookie.
void server_key(std::string& key, const MessageView& request, const Envelope& envelope,
                std::string_view method, std::string_view to_tag);
[[nodiscard]] bool has_cookie(std::string_view branch);

// The topmost Via value for responses: received and rport filled in (RFC 3261 section 18.2.1, RFC 3581
// section 4), whatever the sender wrote there.
[[nodiscard]] std::string answered_via(const Envelope& envelope, const net::Endpoint& from);
// Where a response goes (section 18.2.2): never where maddr says, since that would let a stranger aim our
// answers.
[[nodiscard]] net::Endpoint response_target(const Via& via, const net::Endpoint& from, bool reliable);

// response_to with the topmost Via set, and `tag` in To when the request had none and the status is not 100.
[[nodiscard]] Message own_response(const MessageView& request, int status, std::string_view via,
                                   std::string_view tag);
// The user's response with the topmost Via value that belongs there.
[[nodiscard]] std::string with_top_via(Message response, std::string_view via);

// Section 17.1.1.3, from the INVITE as sent and the To of the response.
[[nodiscard]] std::string ack_of(std::string_view invite, std::string_view to);
// Section 9.1.
[[nodiscard]] std::string cancel_of(std::string_view invite);

}  // namespace trunkbox::sip

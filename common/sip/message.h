// A SIP message that we make: owns its text, headers in the order in which we put them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sip/message_view.h"

namespace trunkbox::sip {

struct Message {
    std::string method;  // request; empty in a response
    std::string uri;     // request
    int status = 0;      // response; 0 in a request
    std::string reason;
    std::vector<std::pair<std::string, std::string>> headers;  // long spellings; one list item a row is fine
    std::string body;

    [[nodiscard]] bool is_request() const { return status == 0; }

    // A copy of what came in; folds become one blank, Content-Length is dropped (bytes() writes its own).
    [[nodiscard]] static Message copy(const MessageView& view);
    // A response that section 8.2.6.2 makes of the request: Via, From, To, Call-ID, CSeq copied, and
    // Record-Route for 101 to 299. Reason from the registry of reason phrases when empty. No To tag added.
    [[nodiscard]] static Message response_to(const MessageView& request, int status, std::string_view reason = {});

    [[nodiscard]] std::string_view get(std::string_view name) const;  // first value or ""
    void set(std::string_view name, std::string_view value);          // replaces the first, drops the others
    void add(std::string_view name, std::string_view value);          // at the end
    void add_first(std::string_view name, std::string_view value);    // at the front
    void remove(std::string_view name);                               // all of that name
    void remove_first(std::string_view name);

    // The wire form: CRLF line ends and Content-Length as the last header.
    [[nodiscard]] std::string bytes() const;
};

// "Ringing" for 180 …; the class's generic word for unknown ones (RFC 3261 section 21).
[[nodiscard]] std::string_view reason_phrase(int status);

}  // namespace trunkbox::sip

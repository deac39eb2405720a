// A message taken apart once for all rules, and how they read what the grammar of RFC 3261 section 25.1 does not allow,
// too: start lines with blanks, fields with open quotes. Views into the message.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/address.h"
#include "sbc/policy.h"
#include "sbc/sdp.h"
#include "sip/message_view.h"
#include "sip/name_addr.h"
#include "sip/uri.h"
#include "sip/via.h"

namespace trunkbox::sbc {

// The start line's bytes without its line end, blanks at both ends included.
[[nodiscard]] std::string_view start_line(const sip::MessageView& message);

// A request line by its first and its last field; what is between them is the URI, whatever it holds.
struct RequestLine {
    std::string_view method;
    std::string_view uri;       // blanks at both ends taken off
    std::string_view version;
    bool exact = false;         // one SP each side of the URI, no other blank
};
[[nodiscard]] RequestLine request_line(std::string_view line);

// What is wrong with the value of a To or From, or with one item of a Contact.
struct FieldFault {
    std::string_view what;     // "an unterminated quoted string"
    bool one_reading = false;  // there is one way only to repair it
};
[[nodiscard]] std::optional<FieldFault> check_field(std::string_view item);

// The value of an address header, or one item of it, whether it is sound or not.
struct AddressReading {
    const sip::Header* header = nullptr;     // where it stands; nullptr when the message has none
    sip::NameAddr field{};                   // what cannot be read has all of it as its URI
    std::optional<sip::UriView> uri{};       // nothing when it cannot be read
    std::optional<FieldFault> fault{};       // what check_field says
    std::string_view tag{};                  // "" without one
    bool usual = false;                      // of the form that nearly all have: sound, no parameter twice, no escape
    bool plain = false;                      // … and its user is a number or a name

    // A SIP URI's user part, unescaped once; "" when it has none. All before the host of a URI that cannot be read.
    [[nodiscard]] std::string user() const;
};

// The number of a CSeq as it is written, and the text behind it.
struct CSeqReading {
    const sip::Header* header = nullptr;
    std::string_view digits, method;
    std::optional<std::uint64_t> number{};  // as large as can be when it needs more than 64 bits
};

// One Via of the message, and its row.
struct ViaRow {
    const sip::Header* row = nullptr;
    std::string_view item;
};

// Valid as long as the view is, and where that is.
class Reading {
  public:
    // Nothing is read of what is no SIP message.
    explicit Reading(const sip::MessageView& message);
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

    std::string_view method{};  // of the request line, or of a response's CSeq
    std::string_view line{};    // the start line
    RequestLine request{};      // of a request
    AddressReading from{}, to{};
    AddressReading contact{};   // where there is one only, and of the usual form; else without header
    CSeqReading cseq{};
    std::string_view call_id{};
    ViaRow top{};                        // the topmost Via; row is nullptr without one
    std::optional<sip::Via> via{};       // … nothing when it cannot be read
    std::string_view branch{};           // … "" without one
    bool usual_via = false;              // … of the form that nearly all have, its branch of RFC 3261 and not bare
    bool has_sdp = false;                // a body that says it is application/sdp, or a part of it
    std::string_view sdp_text{};         // … that
    SdpReading sdp{};                    // … what it says

    // From, which has a tag, To and all Contacts are of the usual form: nothing is wrong with any of them.
    [[nodiscard]] bool has_usual_addresses() const { return usual_addresses_; }
    // … and the topmost Via.
    [[nodiscard]] bool is_usual() const { return usual_addresses_ && usual_via; }

    // Every user of the addresses of the usual form and of the Request-URI is a number or a name.
    [[nodiscard]] bool is_plain() const {
        return usual_addresses_ && from.plain && to.plain && (contact.header == nullptr || contact.plain) &&
               (plain_request_uri || !has_request_uri_);
    }

    // The Request-URI as a lenient reader takes it: blanks and enclosing <> gone (RFC 4475 section 3.1.2.7 to 9).
    std::string_view bare_uri{};
    std::optional<sip::UriView> request_uri{};  // … nothing when that cannot be read
    bool plain_request_uri = false;             // … and its user is a number or a name
    bool usual_request_uri = false;             // … of the form that nearly all have: a SIP URI without headers

    // In a dialog already: the To has a tag (RFC 3261 section 12).
    [[nodiscard]] bool in_dialog() const { return !to.tag.empty(); }

  private:
    void read_addresses(const sip::MessageView& message);
    void read_via(const sip::MessageView& message);
    void read_request(const sip::MessageView& message);

    bool usual_addresses_ = false, has_request_uri_ = false;
    std::string repaired_{};  // what bare_uri points to where it stands nowhere in the message
};

// A field as the rules look at it, whether it is sound or not.
[[nodiscard]] sip::NameAddr field(std::string_view item);
// A SIP URI's user part, unescaped once; "" when it has none. All before the host of a URI that cannot be read.
[[nodiscard]] std::string uri_user(std::string_view uri);
// A host that is a literal address, with or without brackets; nothing for a name.
[[nodiscard]] std::optional<net::Ip> host_ip(std::string_view host);

// The n-th Via of the message, counted from 0 over all rows, and its row; nothing when there are fewer.
[[nodiscard]] std::optional<ViaRow> via_row(const sip::MessageView& message, std::size_t n);

// Digits alone. Leading zeros are digits; what needs more than 64 bits is as large as can be.
[[nodiscard]] std::optional<std::uint64_t> whole_number(std::string_view text);
// Blanks and line ends.
[[nodiscard]] bool has_blank(std::string_view text);

// "a, b" has two, "a" one; no more than that is said of values with quotes and brackets.
[[nodiscard]] bool may_have_more_items(std::string_view value);

// The row in which the list of that header exceeds `most` items; nullptr when it does not.
[[nodiscard]] const sip::Header* exceeding_row(const sip::MessageView& message, sip::HeaderName name,
                                               std::size_t most);

// Of RFC 3261, 3262, 3265, 3311, 3428, 3515, 3903, 6086.
[[nodiscard]] bool is_known_method(std::string_view method);

// The first hop's Via shows whether the originator speaks RFC 2543: no branch that begins with the cookie.
[[nodiscard]] bool speaks_rfc2543(const sip::MessageView& message);

// The tags of Proxy-Require that the policy does not list, in their order.
[[nodiscard]] std::vector<std::string_view> unsupported_options(const sip::MessageView& message,
                                                                const Policy& policy);

// "'text'", safe to print and cut.
[[nodiscard]] std::string shown(std::string_view text);

}  // namespace trunkbox::sbc

// A SIP message as it stands in one buffer (RFC 3261 section 7). Reads what is malformed and says what is wrong.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace trunkbox::sip {

// The headers that we look at; the compact form (section 20) and any letter case give the same name.
enum class HeaderName : std::uint8_t {
    other,
    accept, accept_encoding, alert_info, allow, allow_events, authorization, call_id, call_info, contact,
    content_disposition, content_encoding, content_length, content_type, cseq, date, diversion, error_info,
    event, expires, from, geolocation, history_info, identity, in_reply_to, join, max_forwards, mime_version,
    min_expires, min_se, p_asserted_identity, p_preferred_identity, path, priority, privacy,
    proxy_authenticate, proxy_authorization, proxy_require, rack, reason, record_route, refer_to, referred_by,
    replaces, reply_to, require, retry_after, route, rseq, server, service_route, session_expires, sip_etag,
    sip_if_match, subject, subscription_state, supported, target_dialog, timestamp, to, unsupported, user_agent,
    via, warning, www_authenticate,
};

// "v" and "VIA" give via; unknown names give other.
[[nodiscard]] HeaderName header_name(std::string_view text);
// The long form as RFC 3261 spells it; "" for other.
[[nodiscard]] std::string_view spelling(HeaderName name);

// Names of headers; `other` is none of them.
class HeaderSet {
  public:
    constexpr HeaderSet() = default;
    constexpr HeaderSet(std::initializer_list<HeaderName> names) {
        for (HeaderName name : names) add(name);
    }
    constexpr void add(HeaderName name) { bits_ |= bit(name); }
    [[nodiscard]] constexpr bool has(HeaderName name) const { return (bits_ & bit(name)) != 0; }
    [[nodiscard]] constexpr bool has_all(HeaderSet names) const { return (bits_ & names.bits_) == names.bits_; }
    [[nodiscard]] constexpr bool has_any(HeaderSet names) const { return (bits_ & names.bits_) != 0; }
    [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
    [[nodiscard]] constexpr HeaderSet without(HeaderSet names) const { return HeaderSet(bits_ & ~names.bits_); }
    [[nodiscard]] constexpr HeaderSet both(HeaderSet names) const { return HeaderSet(bits_ & names.bits_); }

    // visit(name) for each, in the order of HeaderName.
    template <class Visit>
    constexpr void each(Visit visit) const {
        for (std::uint64_t left = bits_; left != 0; left &= left - 1)
            visit(static_cast<HeaderName>(std::countr_zero(left) + 1));
    }

  private:
    explicit constexpr HeaderSet(std::uint64_t bits) : bits_(bits) {}
    static_assert(static_cast<unsigned>(HeaderName::www_authenticate) <= 64);
    static constexpr std::uint64_t bit(HeaderName name) {
        return std::uint64_t{name != HeaderName::other} << ((static_cast<unsigned>(name) - 1U) % 64U);
    }

    std::uint64_t bits_ = 0;
};

struct Header {
    HeaderName name = HeaderName::other;
    bool compact = false;            // written in the one-letter form
    std::string_view spelled;        // as written, without blanks before the colon
    std::string_view value;          // trimmed at both ends; folds (CRLF + blank) still in it
    std::uint32_t offset = 0;        // of the line's first byte in the message
    std::uint32_t length = 0;        // of the line with its folds, without the last line end
};

// What the reader stumbled over while splitting lines. The rules of an SBC judge; the view only reports.
enum class Flaw : std::uint8_t {
    leading_crlf,         // empty lines before the start line (section 7.5)
    bare_lf,              // a line ends in LF alone
    bare_cr,              // a CR in the header section that ends no line
    nul,                  // a NUL in the header section outside a quoted-pair
    control_in_name,      // a byte < 0x20 other than HTAB between a header's name and its colon
    control_in_value,     // another control byte in a value or the start line, outside a quoted-pair
    no_colon,             // a header line without a colon; it stands in headers() as a value that has no name
    name_not_token,       // a header name that is no token
    blank_before_colon,   // "To :" (valid, section 7.3.1)
    start_line_blanks,    // more than one SP, other blanks, or blanks at an end of the start line
    status_without_sp,    // "SIP/2.0 200" without the SP that the reason phrase follows
    no_empty_line,        // the header section has no end: the buffer stopped in it
    cut_in_line,          // … and it stopped inside a line
    repeated_length,      // Content-Length twice
    bad_length,           // Content-Length is not a number up to 2^31 (RFC 3261 section 20.14)
    body_cut,             // Content-Length asks for more than the buffer holds
    trailing_bytes,       // bytes after the body that Content-Length bounds
};

struct Finding {
    Flaw flaw;
    std::uint32_t offset;  // of the byte at fault; for a fault of a header line, its first byte
    bool operator==(const Finding&) const = default;
};

// Borrows `bytes`: valid as long as they are. Up to 64 headers are held without allocating.
class MessageView {
  public:
    enum class Kind : std::uint8_t { request, response, not_sip };

    // One datagram, or one framed message of a stream. Never fails: what is no SIP has Kind::not_sip.
    [[nodiscard]] static MessageView read(std::string_view bytes);

    [[nodiscard]] Kind kind() const { return kind_; }
    [[nodiscard]] bool is_request() const { return kind_ == Kind::request; }
    [[nodiscard]] bool is_response() const { return kind_ == Kind::response; }

    [[nodiscard]] std::string_view bytes() const { return bytes_; }
    [[nodiscard]] std::string_view start_line() const { return start_line_; }
    [[nodiscard]] std::uint32_t start_offset() const;  // after leading CRLFs
    [[nodiscard]] std::string_view method() const { return method_; }            // request
    [[nodiscard]] std::string_view request_uri() const { return request_uri_; }  // request
    [[nodiscard]] std::string_view version() const { return version_; }
    [[nodiscard]] std::string_view status_text() const { return status_text_; }  // response, as written
    [[nodiscard]] int status() const { return status_; }  // response: 100 to 999, 0 when not three digits
    [[nodiscard]] std::string_view reason() const { return reason_; }

    [[nodiscard]] std::span<const Header> headers() const {
        if (many_headers_.empty()) return std::span(inline_headers_.items).first(header_count_);
        return many_headers_;
    }
    // The first one, or nullptr.
    [[nodiscard]] const Header* find(HeaderName name) const {
        if (name == HeaderName::other) return find_far(name, 0);
        if (!names_.has(name)) return nullptr;
        std::size_t place = first_[static_cast<std::size_t>(name)];
        return place < far_away ? &headers()[place - 1] : find_far(name, far_away - 1);
    }
    [[nodiscard]] const Header* find(std::string_view name) const;  // by spelling, for unknown headers
    [[nodiscard]] std::size_t count(HeaderName name) const {
        if (name == HeaderName::other || repeated(name)) return count_all(name);
        return names_.has(name) ? 1 : 0;
    }
    // All that there are, `other` aside.
    [[nodiscard]] HeaderSet names() const { return names_; }
    // More than one header line of that name; of any name but `other`.
    [[nodiscard]] bool repeated(HeaderName name) const { return repeated_.has(name); }
    [[nodiscard]] bool any_repeated() const { return !repeated_.empty(); }
    // Of the longest header line with its folds, or 0.
    [[nodiscard]] std::uint32_t longest_line() const { return longest_line_; }
    // The first one's value, or "".
    [[nodiscard]] std::string_view value(HeaderName name) const {
        const Header* header = find(name);
        return header == nullptr ? std::string_view{} : header->value;
    }

    [[nodiscard]] std::uint32_t header_end() const { return header_end_; }  // of the empty line; size if none
    [[nodiscard]] std::uint32_t body_offset() const { return body_offset_; }
    // Bounded by Content-Length where that is sound, else all that is left.
    [[nodiscard]] std::string_view body() const { return body_; }
    [[nodiscard]] std::optional<std::uint32_t> content_length() const { return content_length_; }

    // Each kind of flaw at most once, at its first place, in the order of Flaw.
    [[nodiscard]] std::span<const Finding> findings() const {
        return std::span(findings_.items).first(finding_count_);
    }
    [[nodiscard]] std::optional<std::uint32_t> flaw(Flaw flaw) const;  // its offset

  private:
    friend class MessageReader;
    // From the header of that place on.
    [[nodiscard]] const Header* find_far(HeaderName name, std::size_t from) const;
    [[nodiscard]] std::size_t count_all(HeaderName name) const;

    static constexpr std::size_t far_away = 0xffff;  // of a first header whose place has to be searched
    static constexpr std::size_t most_inline = 64;
    static constexpr std::size_t name_count = static_cast<std::size_t>(HeaderName::www_authenticate) + 1;
    // Left as it is until it is used: most messages have a dozen headers and no findings.
    template <class T, std::size_t n>
    union Room {
        Room() noexcept {}
        std::array<T, n> items;
    };

    std::string_view bytes_, start_line_, method_, request_uri_, version_, status_text_, reason_, body_;
    Room<Header, most_inline> inline_headers_;
    std::vector<Header> many_headers_;  // all of them, once there are more than fit
    std::size_t header_count_ = 0;
    std::array<std::uint16_t, name_count> first_;  // by name, of names_: place of the first, from 1, as far as that fits
    HeaderSet names_{}, repeated_{};
    Room<Finding, 20> findings_;
    std::size_t finding_count_ = 0;
    std::uint32_t header_end_ = 0, body_offset_ = 0, longest_line_ = 0;
    std::optional<std::uint32_t> content_length_;
    int status_ = 0;
    Kind kind_ = Kind::not_sip;
};

// Splits a list value at its top-level commas (quoted strings, <> and comments respected), trimmed parts
// without the empty ones. An open quote or bracket takes all that is left.
[[nodiscard]] std::vector<std::string_view> list_items(std::string_view value);
// Every item of every header of that name, in order (section 7.3.1).
[[nodiscard]] std::vector<std::string_view> list_items(const MessageView& message, HeaderName name);

}  // namespace trunkbox::sip

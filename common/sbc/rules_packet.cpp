// Is there a message, and where does it end? (RFC 3261 sections 7.5, 18.3, 20.14)
#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "sbc/reading.h"
#include "sbc/rules.h"
#include "sbc/state_media.h"

namespace trunkbox::sbc {
namespace {

using sip::Flaw;
using sip::HeaderName;

bool is_keep_alive(std::string_view bytes) {
    return !bytes.empty() && bytes.find_first_not_of("\r\n") == std::string_view::npos;
}

// Digits without their leading zeros; nothing when it is no number.
std::optional<std::string_view> digits(std::string_view value) {
    if (value.empty() || !std::ranges::all_of(value, is_digit)) return std::nullopt;
    std::size_t first = std::min(value.find_first_not_of('0'), value.size() - 1);
    return value.substr(first);
}

bool is_length(std::string_view value) {
    constexpr std::uint64_t most = 1ULL << 31U;
    auto text = digits(value);
    auto number = text ? parse_integer<std::uint64_t>(*text) : std::nullopt;
    return number && *number <= most;
}

Hits odd(const Subject& s, net::Anomaly anomaly, std::string_view what) {
    for (const net::Oddity& oddity : s.packet.oddities)
        if (oddity.what == anomaly) return {{.offset = 0, .reason = fmt::format("{}, in frame {}", what, oddity.frame)}};
    return {};
}

}  // namespace

Hits fragment_overlap(const Subject& s) {
    return odd(s, net::Anomaly::fragment_overlap, "fragments that overlap, or a first one too short");
}

Hits fragments_unsound(const Subject& s) {
    Hits hits = odd(s, net::Anomaly::datagram_too_long, "fragments that make more than a datagram holds");
    return hits.empty() ? odd(s, net::Anomaly::fragments_missing, "fragments that never came") : hits;
}

Hits segment_overlap(const Subject& s) {
    return odd(s, net::Anomaly::segment_overlap, "two segments that differ about the same bytes");
}

Hits bytes_between(const Subject& s) {
    return odd(s, net::Anomaly::bytes_between, "bytes between two messages");
}

Hits keep_alive(const Subject& s) {
    if (!is_keep_alive(s.packet.bytes)) return {};
    return {{.offset = 0, .reason = "empty lines only: a keep-alive"}};
}

Hits leading_crlf(const Subject& s) {
    if (s.message.kind() == sip::MessageView::Kind::not_sip) return {};
    auto offset = s.message.flaw(Flaw::leading_crlf);
    if (!offset) return {};
    return {{.offset = *offset, .reason = "empty lines before the start line"}};
}

Hits not_sip(const Subject& s) {
    if (s.message.kind() != sip::MessageView::Kind::not_sip || is_keep_alive(s.packet.bytes)) return {};
    if (s.packet.bytes.empty()) return {{.offset = 0, .reason = "an empty packet"}};
    // Most packets of a trunk are media; what they look like is worth no words.
    if (is_media(s.packet.bytes)) return {{.offset = 0, .reason = std::string(media_in_words)}};
    return {{.offset = 0, .reason = fmt::format("no SIP message: {}", shown(s.packet.bytes.substr(0, 40)))}};
}

Hits cut_by_capture(const Subject& s) {
    if (!s.packet.cut || s.message.kind() == sip::MessageView::Kind::not_sip) return {};
    auto end = static_cast<std::uint32_t>(s.packet.bytes.size());
    return {{.offset = end, .reason = fmt::format("the capture holds the first {} bytes only", end)}};
}

Hits trailing_bytes(const Subject& s) {
    auto offset = s.message.flaw(Flaw::trailing_bytes);
    if (!offset || is_stream(s.packet.transport)) return {};
    std::string_view tail = s.packet.bytes.substr(std::min<std::size_t>(*offset, s.packet.bytes.size()));
    return {{.offset = *offset,
             .reason = fmt::format("{} bytes behind the body: {}", tail.size(), shown(tail.substr(0, 30)))}};
}

Hits message_incomplete(const Subject& s) {
    const sip::MessageView& m = s.message;
    if (const sip::Header* length = m.find(HeaderName::content_length); length && m.flaw(Flaw::body_cut))
        return {{.offset = length->offset,
                 .reason = fmt::format("Content-Length {} asks for more than the {} bytes that follow",
                                       shown(length->value), m.bytes().size() - m.body_offset())}};
    auto end = static_cast<std::uint32_t>(m.bytes().size());
    if (auto offset = m.flaw(Flaw::cut_in_line))
        return {{.offset = *offset, .reason = "the message ends inside a header line"}};
    if (!m.flaw(Flaw::no_empty_line)) return {};
    bool body_due = m.content_length().value_or(0) > 0 || m.count(HeaderName::content_type) > 0;
    if (body_due) return {{.offset = end, .reason = "the message ends inside the header section"}};
    return {{.offset = end,
             .reason = "no empty line behind the header section",
             .instead = Defaults{reject(400), note}}};
}

Hits length_missing(const Subject& s) {
    if (!is_stream(s.packet.transport) || s.message.find(HeaderName::content_length)) return {};
    return {{.offset = s.message.header_end(), .reason = "no Content-Length on a stream"}};
}

Hits length_unreadable(const Subject& s) {
    for (const sip::Header& header : s.message.headers())
        if (header.name == HeaderName::content_length && !is_length(header.value))
            return {{.offset = header.offset,
                     .reason = fmt::format("Content-Length {} is no number up to 2^31", shown(header.value))}};
    return {};
}

Hits length_repeated(const Subject& s) {
    const sip::Header* first = s.message.find(HeaderName::content_length);
    Hits hits;
    for (const sip::Header& header : s.message.headers()) {
        if (header.name != HeaderName::content_length || &header == first) continue;
        bool equal = header.value == first->value ||
                     (digits(header.value) && digits(header.value) == digits(first->value));
        Hit hit{.offset = header.offset,
                .reason = fmt::format("Content-Length stands twice: {} and {}", shown(first->value),
                                      shown(header.value))};
        if (!equal) return {std::move(hit)};
        hit.instead = both(note);
        if (hits.empty()) hits.push_back(std::move(hit));
    }
    return hits;
}

}  // namespace trunkbox::sbc

// Sizes and counts. The defaults leave room for every message of RFC 4475; a policy sets its own.
#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "sbc/reading.h"
#include "sbc/rules.h"

namespace trunkbox::sbc {
namespace {

using sip::HeaderName;

std::string over(std::string_view what, std::size_t size, std::size_t most) {
    return fmt::format("{} of {} bytes, the limit is {}", what, size, most);
}

// The list of that header cannot have more than so many items, each of which takes two bytes with its comma.
[[gnu::always_inline]] inline bool is_short_list(const sip::MessageView& message, HeaderName name, std::size_t most) {
    if (!message.names().has(name)) return true;
    return !message.repeated(name) && (message.longest_line() < 2 * most || message.value(name).size() < 2 * most);
}

}  // namespace

bool is_moderate(const Subject& s) {
    const Limits& limits = s.policy.limits;
    const sip::MessageView& message = s.message;
    const std::size_t size = message.bytes().size();
    // No element is longer than the line that it stands in.
    const std::size_t line = std::max<std::size_t>(message.longest_line(), message.start_line().size());
    return size <= limits.message && size <= limits.message_alert && size <= limits.body && size <= limits.sdp &&
           line <= limits.header_line && line <= limits.uri_user && line <= limits.call_id && line <= limits.tag &&
           line <= limits.branch && message.method().size() <= limits.method &&
           message.headers().size() <= limits.header_lines && s.reading.sdp.media_lines <= limits.media_lines &&
           is_short_list(message, HeaderName::via, limits.vias) && is_short_list(message, HeaderName::route, limits.routes) &&
           is_short_list(message, HeaderName::record_route, limits.record_routes);
}

Hits message_size(const Subject& s) {
    const Limits& limits = s.policy.limits;
    std::size_t size = s.message.bytes().size();
    if (size > limits.message)
        return {{.offset = static_cast<std::uint32_t>(limits.message), .reason = over("a message", size, limits.message)}};
    if (size > limits.message_alert)
        return {{.offset = static_cast<std::uint32_t>(limits.message_alert),
                 .reason = over("a message", size, limits.message_alert),
                 .instead = both(alert)}};
    return {};
}

Hits header_line_size(const Subject& s) {
    if (s.message.longest_line() <= s.policy.limits.header_line) return {};
    for (const sip::Header& header : s.message.headers()) {
        bool exempt = header.name == HeaderName::identity || header.name == HeaderName::authorization ||
                      header.name == HeaderName::proxy_authorization;
        if (!exempt && header.length > s.policy.limits.header_line)
            return {{.offset = header.offset,
                     .reason = over(fmt::format("a header line {}", shown(header.spelled)), header.length,
                                    s.policy.limits.header_line)}};
    }
    return {};
}

Hits header_count(const Subject& s) {
    Hits hits;
    auto headers = s.message.headers();
    if (std::size_t most = s.policy.limits.header_lines; headers.size() > most)
        hits.push_back({.offset = headers[most].offset,
                        .reason = fmt::format("{} header lines, the limit is {}", headers.size(), most)});
    std::size_t most = s.policy.limits.record_routes;
    if (const sip::Header* row = exceeding_row(s.message, HeaderName::record_route, most))
        hits.push_back({.offset = row->offset, .reason = fmt::format("more than {} Record-Route", most)});
    return hits;
}

Hits element_size(const Subject& s) {
    const Limits& limits = s.policy.limits;
    Hits hits;
    auto check = [&](std::uint32_t offset, std::string_view what, std::size_t size, std::size_t most) {
        if (size > most) hits.push_back({.offset = offset, .reason = over(what, size, most)});
    };
    if (s.message.is_request()) {
        check(s.message.start_offset(), "a method", s.message.method().size(), limits.method);
        if (const auto& uri = s.reading.request_uri)
            check(s.message.start_offset(), "a user in the Request-URI", uri->user.size(), limits.uri_user);
    }
    for (const AddressReading* address : {&s.reading.from, &s.reading.to}) {
        if (address->header == nullptr) continue;
        check(address->header->offset, "a tag", address->tag.size(), limits.tag);
        if (address->uri)
            check(address->header->offset, "a user in a URI", address->uri->user.size(), limits.uri_user);
    }
    if (const sip::Header* header = s.message.find(HeaderName::call_id))
        check(header->offset, "a Call-ID", header->value.size(), limits.call_id);
    if (s.reading.via) check(s.reading.top.row->offset, "a branch", s.reading.branch.size(), limits.branch);
    return hits;
}

Hits hop_count(const Subject& s) {
    Hits hits;
    const Limits& limits = s.policy.limits;
    if (const sip::Header* row = exceeding_row(s.message, HeaderName::via, limits.vias))
        hits.push_back({.offset = row->offset, .reason = fmt::format("more than {} Via", limits.vias)});
    if (const sip::Header* row = exceeding_row(s.message, HeaderName::route, limits.routes))
        hits.push_back({.offset = row->offset,
                        .reason = fmt::format("more than {} Route", limits.routes),
                        .instead = both(reject(513))});
    return hits;
}

Hits body_size(const Subject& s) {
    const Limits& limits = s.policy.limits;
    std::string_view body = s.message.body();
    if (body.size() > limits.body)
        return {{.offset = s.message.body_offset() + static_cast<std::uint32_t>(limits.body),
                 .reason = over("a body", body.size(), limits.body)}};
    if (!s.reading.has_sdp) return {};
    Hit hit{.offset = s.message.body_offset(), .reason = {}, .instead = Defaults{reject(488), alert}};
    if (std::size_t size = s.reading.sdp_text.size(); size > limits.sdp)
        hit.reason = over("an SDP", size, limits.sdp);
    else if (std::size_t count = s.reading.sdp.media_lines; count > limits.media_lines)
        hit.reason = fmt::format("{} m-lines, the limit is {}", count, limits.media_lines);
    else
        return {};
    return {hit};
}

}  // namespace trunkbox::sbc

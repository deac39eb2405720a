// The start line (RFC 3261 sections 7.1 and 7.2).
#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "sbc/reading.h"
#include "sbc/rules.h"
#include "sip/parameters.h"
#include "sip/uri.h"

namespace trunkbox::sbc {
namespace {

bool is_sip_scheme(std::string_view uri) { return istarts_with(uri, "sip:") || istarts_with(uri, "sips:"); }

Hits response_line_form(const Subject& s) {
    std::string_view line = s.reading.line;
    Hit hit{.offset = s.message.start_offset()};
    auto [version, rest] = split_once(line, ' ');
    if (!rest) {
        hit.reason = fmt::format("the status line {} is no version, code and reason", shown(line));
        hit.instead = both(reject(400));
        return {hit};
    }
    std::size_t code_end = rest->find_first_of(" \t");
    if (code_end == std::string_view::npos)
        hit.reason = fmt::format("no SP behind the status code: {}", shown(line));
    else if (code_end == 0 || (*rest)[code_end] != ' ' || has_blank(version))
        hit.reason = fmt::format("more than one SP between the fields: {}", shown(line));
    else
        return {};
    return {hit};
}

// "1" to "99" of two digits, as nearly all are.
bool are_two_digits(std::string_view value) {
    return value.size() == 2 && value[0] >= '1' && value[0] <= '9' && is_digit(value[1]);
}

bool is_regular_request(const Subject& s) {
    using sip::HeaderName;
    const Lists& lists = s.policy.lists;
    constexpr sip::HeaderSet needed{HeaderName::max_forwards, HeaderName::contact};
    return s.message.names().has_all(needed) && s.reading.usual_request_uri && s.reading.request.method == s.reading.cseq.method &&
           is_known_method(s.reading.cseq.method) &&
           lists.methods.empty() && !lists.schemes.empty() && lists.schemes.front() == "sip";
}

}  // namespace

bool is_regular(const Subject& s) {
    using sip::HeaderName;
    constexpr sip::HeaderSet needed{HeaderName::via,     HeaderName::to,   HeaderName::from,
                                    HeaderName::call_id, HeaderName::cseq, HeaderName::content_length};
    constexpr std::uint64_t cseq_limit = 1ULL << 31U;  // RFC 3261 section 8.1.1.5
    const sip::MessageView& message = s.message;
    const CSeqReading& cseq = s.reading.cseq;
    if (!message.names().has_all(needed) || !message.findings().empty() || message.version() != "SIP/2.0") return false;
    const sip::Header* hops = message.find(HeaderName::max_forwards);
    if (hops != nullptr && !are_two_digits(hops->value)) return false;
    if (!cseq.number || *cseq.number >= cseq_limit || cseq.method.empty()) return false;
    if (message.is_request()) return is_regular_request(s);
    return message.status() >= 100 && message.status() <= 699;
}

Hits start_line_form(const Subject& s) {
    if (s.message.is_response()) return response_line_form(s);
    std::string_view line = s.reading.line;
    const RequestLine& parts = s.reading.request;
    Hit hit{.offset = s.message.start_offset()};
    if (!sip::is_token(parts.method)) {
        hit.reason = fmt::format("the method {} is no token", shown(parts.method));
        hit.instead = both(reject(400));
        return {hit};
    }
    if (parts.exact) return {};
    if (parts.uri.empty() || (has_blank(parts.uri) && !is_sip_scheme(parts.uri)))
        hit.instead = both(reject(400));
    hit.reason = fmt::format("the request line {} is not three fields with one SP between them", shown(line));
    return {hit};
}

Hits version(const Subject& s) {
    if (s.message.version() == "SIP/2.0" && s.message.findings().empty()) return {};
    std::string_view version =
        s.message.is_response() ? split_once(trim(s.reading.line), ' ').first : s.reading.request.version;
    if (iequals(version, "SIP/2.0")) return {};
    return {{.offset = s.message.start_offset(), .reason = fmt::format("the version {} is not SIP/2.0", shown(version))}};
}

Hits status_code(const Subject& s) {
    if (!s.message.is_response() || (s.message.status() >= 100 && s.message.status() <= 699)) return {};
    return {{.offset = s.message.start_offset(),
             .reason = fmt::format("the status code {} is none of 100 to 699", shown(s.message.status_text()))}};
}

Hits request_uri_form(const Subject& s) {
    if (!s.message.is_request()) return {};
    std::string_view written = s.reading.request.uri;
    if (written.empty()) return {};  // the form of the line is at fault, not the URI
    Hit hit{.offset = s.message.start_offset()};
    const auto& parsed = s.reading.request_uri;
    if (!parsed) {
        auto why = sip::UriView::parse(s.reading.bare_uri);
        hit.reason = fmt::format("the Request-URI {} cannot be read: {}", shown(written), printable(why.error().what));
        hit.instead = both(reject(400));
        return {hit};
    }
    if (written.front() == '<')
        hit.reason = fmt::format("the Request-URI stands in brackets: {}", shown(written));
    else if (parsed->is_sip() && !parsed->headers.empty())
        hit.reason = fmt::format("the Request-URI carries headers: {}", shown(parsed->headers));
    else
        return {};
    return {hit};
}

Hits request_uri_scheme(const Subject& s) {
    if (!s.message.is_request()) return {};
    const auto& parsed = s.reading.request_uri;
    if (!parsed) return {};
    const auto& schemes = s.policy.lists.schemes;
    if (std::ranges::find(schemes, parsed->scheme) != schemes.end()) return {};
    bool known = std::ranges::any_of(schemes, [&](std::string_view scheme) {
        // "urn:service" is a scheme and the first label of what follows it.
        auto [name, space] = split_once(scheme, ':');
        if (!iequals(parsed->scheme, name)) return false;
        return !space || iequals(split_once(split_once(parsed->opaque, ':').first, '.').first, *space);
    });
    if (known) return {};
    return {{.offset = s.message.start_offset(),
             .reason = fmt::format("the scheme {} of the Request-URI is not served", shown(parsed->scheme))}};
}

}  // namespace trunkbox::sbc

// The header section as a whole: what must be there, once, and with a value that has a meaning.
#include <algorithm>
#include <array>
#include <bitset>
#include <map>

#include <fmt/format.h>

#include "base/text.h"
#include "sbc/reading.h"
#include "sbc/rules.h"

namespace trunkbox::sbc {
namespace {

using sip::Flaw;
using sip::HeaderName;

constexpr std::array critical_single = {HeaderName::to,      HeaderName::from,         HeaderName::cseq,
                                        HeaderName::call_id, HeaderName::max_forwards, HeaderName::content_type};

// Single by definition, but nothing that a proxy routes by.
constexpr std::array other_single = {
    HeaderName::content_disposition, HeaderName::date,         HeaderName::event,
    HeaderName::expires,             HeaderName::join,         HeaderName::mime_version,
    HeaderName::min_expires,         HeaderName::min_se,       HeaderName::priority,
    HeaderName::rack,                HeaderName::refer_to,     HeaderName::referred_by,
    HeaderName::replaces,            HeaderName::reply_to,     HeaderName::retry_after,
    HeaderName::rseq,                HeaderName::server,       HeaderName::session_expires,
    HeaderName::sip_etag,            HeaderName::sip_if_match, HeaderName::subject,
    HeaderName::subscription_state,  HeaderName::target_dialog, HeaderName::timestamp,
    HeaderName::user_agent};

void contact_missing(const Subject& s, Hits& hits) {
    std::string_view method = s.message.method();
    bool dialog = method == "INVITE" || method == "SUBSCRIBE" || method == "REFER";
    if (!dialog || s.message.count(HeaderName::contact) > 0) return;
    Defaults outcome{speaks_rfc2543(s.message) ? note : reject(400), note};
    hits.push_back({.offset = s.message.header_end(), .reason = fmt::format("no Contact in {}", method), .instead = outcome});
}

}  // namespace

Hits header_missing(const Subject& s) {
    constexpr sip::HeaderSet always{HeaderName::via, HeaderName::to, HeaderName::from, HeaderName::cseq, HeaderName::call_id};
    constexpr sip::HeaderSet in_requests{HeaderName::max_forwards, HeaderName::contact};
    bool complete = s.message.names().has_all(always) && (s.message.is_response() || s.message.names().has_all(in_requests));
    if (complete) return {};
    Hits hits;
    std::uint32_t end = s.message.header_end();
    if (s.message.count(HeaderName::via) == 0)
        hits.push_back({.offset = end, .reason = "no Via: nothing could be answered", .instead = both(drop)});
    for (HeaderName required : {HeaderName::to, HeaderName::from, HeaderName::cseq, HeaderName::call_id})
        if (s.message.count(required) == 0)
            hits.push_back({.offset = end, .reason = fmt::format("no {}", sip::spelling(required))});
    if (!s.message.is_request()) return hits;
    if (s.message.count(HeaderName::max_forwards) == 0)
        hits.push_back({.offset = end, .reason = "no Max-Forwards: taken as 70", .instead = both(note)});
    contact_missing(s, hits);
    return hits;
}

Hits header_repeated(const Subject& s) {
    std::bitset<256> seen, told;
    Hits hits;
    for (const sip::Header& header : s.message.headers()) {
        auto index = static_cast<std::size_t>(header.name);
        bool again = seen.test(index);
        seen.set(index);
        if (!again || told.test(index)) continue;
        bool critical = std::ranges::find(critical_single, header.name) != critical_single.end();
        if (!critical && std::ranges::find(other_single, header.name) == other_single.end()) continue;
        told.set(index);
        Hit hit{.offset = header.offset,
                .reason = fmt::format("{} stands twice: {}", sip::spelling(header.name), shown(header.value))};
        if (!critical) hit.instead = Defaults{reject(400), note};
        hits.push_back(std::move(hit));
    }
    return hits;
}

Hits two_spellings(const Subject& s) {
    if (!s.message.flaw(Flaw::blank_before_colon)) return {};
    // By name: 1 where a blank precedes the colon, 2 where none does.
    std::map<std::string, unsigned> seen;
    Hits hits;
    for (const sip::Header& header : s.message.headers()) {
        if (header.spelled.empty()) continue;
        bool blank = header.spelled.data()[header.spelled.size()] != ':';
        std::string name = lower(header.name == HeaderName::other ? header.spelled : sip::spelling(header.name));
        unsigned& forms = seen[std::move(name)];
        unsigned form = blank ? 1 : 2;
        if (forms == 3 - form && hits.size() < 8)
            hits.push_back({.offset = header.offset,
                            .reason = fmt::format("{} stands with and without a blank before its colon",
                                                  shown(header.spelled))});
        forms |= form;
    }
    return hits;
}

Hits two_forms(const Subject& s) {
    std::bitset<256> compact, full, told;
    Hits hits;
    for (const sip::Header& header : s.message.headers()) {
        if (header.name == HeaderName::other) continue;
        auto index = static_cast<std::size_t>(header.name);
        (header.compact ? compact : full).set(index);
        if (!compact.test(index) || !full.test(index) || told.test(index)) continue;
        told.set(index);
        hits.push_back({.offset = header.offset,
                        .reason = fmt::format("{} stands in its compact and its long form", sip::spelling(header.name))});
    }
    return hits;
}

Hits cseq_number(const Subject& s) {
    constexpr std::uint64_t limit = 1ULL << 31U;  // RFC 3261 section 8.1.1.5
    const CSeqReading& cseq = s.reading.cseq;
    if (cseq.header == nullptr) return {};
    Hit hit{.offset = cseq.header->offset};
    if (!cseq.number || cseq.method.empty())
        hit.reason = fmt::format("CSeq {} is no number and method", shown(cseq.header->value));
    else if (*cseq.number > UINT32_MAX)
        hit.reason = fmt::format("the CSeq number {} is 2^32 or more", shown(cseq.digits));
    else if (*cseq.number >= limit) {
        hit.reason = fmt::format("the CSeq number {} is 2^31 or more", shown(cseq.digits));
        hit.instead = Defaults{reject(400), note};
    } else
        return {};
    return {hit};
}

Hits cseq_method(const Subject& s) {
    const CSeqReading& cseq = s.reading.cseq;
    if (cseq.header == nullptr || !s.message.is_request()) return {};
    std::string_view method = s.reading.request.method;
    std::string_view written = cseq.method;
    if (written.empty() || written == method) return {};
    return {{.offset = cseq.header->offset,
             .reason = fmt::format("the CSeq says {}, the request line {}", shown(written), shown(method)),
             .instead = both(reject(is_known_method(method) ? 400 : 501))}};
}

Hits max_forwards_form(const Subject& s) {
    const sip::Header* header = s.message.find(HeaderName::max_forwards);
    if (!header) return {};
    // Nearly all are of two digits.
    if (header->value.size() == 2 && is_digit(header->value[0]) && is_digit(header->value[1])) return {};
    auto hops = whole_number(header->value);
    if (hops && *hops <= 255) return {};
    return {{.offset = header->offset,
             .reason = fmt::format("Max-Forwards {} is no number up to 255", shown(header->value))}};
}

Hits control_bytes(const Subject& s) {
    Hits hits;
    auto add = [&](Flaw flaw, std::string_view reason, std::optional<Defaults> instead) {
        auto offset = s.message.flaw(flaw);
        if (!offset) return;
        std::string_view around = s.message.bytes().substr(std::min<std::size_t>(*offset, s.message.bytes().size()));
        hits.push_back({.offset = *offset,
                        .reason = fmt::format("{}: {}", reason, shown(around.substr(0, 24))),
                        .instead = instead});
    };
    add(Flaw::nul, "a NUL in the header section", {});
    add(Flaw::bare_cr, "a CR that ends no line", {});
    add(Flaw::control_in_name, "a control byte before a header's colon", {});
    add(Flaw::control_in_value, "a control byte in a header's value", Defaults{reject(400), note});
    return hits;
}

Hits header_line_form(const Subject& s) {
    Hits hits;
    auto line_at = [&](std::uint32_t offset) {
        std::string_view rest = s.message.bytes().substr(std::min<std::size_t>(offset, s.message.bytes().size()));
        return rest.substr(0, rest.find_first_of("\r\n"));
    };
    if (auto offset = s.message.flaw(Flaw::no_colon))
        hits.push_back({.offset = *offset, .reason = fmt::format("a header line without a colon: {}", shown(line_at(*offset)))});
    if (auto offset = s.message.flaw(Flaw::name_not_token))
        hits.push_back({.offset = *offset, .reason = fmt::format("a header name that is no token: {}", shown(line_at(*offset)))});
    return hits;
}

Hits method_unknown(const Subject& s) {
    std::string_view method = s.message.method();
    const auto& allowed = s.policy.lists.methods;
    bool known = is_known_method(method);
    if (!allowed.empty() && std::ranges::find(allowed, method) == allowed.end())
        return {{.offset = s.message.start_offset(),
                 .reason = fmt::format("the method {} is not allowed here", shown(method)),
                 .instead = both(reject(known ? 405 : 501))}};
    if (known) return {};
    return {{.offset = s.message.start_offset(), .reason = fmt::format("the method {} is unknown", shown(method))}};
}

Hits options_required(const Subject& s) {
    std::string_view method = s.message.method();
    const sip::Header* header = s.message.find(HeaderName::proxy_require);
    if (!header || !s.message.is_request() || method == "ACK" || method == "CANCEL") return {};
    auto tags = unsupported_options(s.message, s.policy);
    if (tags.empty()) return {};
    return {{.offset = header->offset, .reason = fmt::format("Proxy-Require asks for {}", shown(tags.front()))}};
}

}  // namespace trunkbox::sbc

#include "sbc/reading.h"

#include <algorithm>

#include "base/text.h"
#include "sbc/scan.h"
#include "sbc/state_entries.h"
#include "sip/body.h"
#include "sip/parameters.h"
#include "sip/uri.h"

namespace trunkbox::sbc {
std::optional<std::uint64_t> whole_number(std::string_view text) {
    if (text.empty() || !std::ranges::all_of(text, is_digit)) return std::nullopt;
    std::string_view digits = text.substr(std::min(text.find_first_not_of('0'), text.size() - 1));
    return parse_integer<std::uint64_t>(digits).value_or(UINT64_MAX);
}

namespace {

constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

std::string_view start_line(const sip::MessageView& message) {
    std::string_view rest = message.bytes().substr(std::min<std::size_t>(message.start_offset(), message.bytes().size()));
    rest = rest.substr(0, rest.find('\n'));
    if (rest.ends_with('\r')) rest.remove_suffix(1);
    return rest;
}

RequestLine request_line(std::string_view line) {
    RequestLine parts;
    std::string_view inner = trim(line);
    std::size_t first = inner.find_first_of(" \t");
    if (first == std::string_view::npos) {
        parts.method = inner;
        return parts;
    }
    parts.method = inner.substr(0, first);
    std::size_t last = inner.find_last_of(" \t");
    parts.version = inner.substr(last + 1);
    parts.uri = last > first ? trim(inner.substr(first, last - first)) : std::string_view();
    // With no blank in the URI, two single SP leave exactly this length.
    bool blanks_inside = std::ranges::any_of(parts.uri, is_blank);
    parts.exact = !blanks_inside && !parts.uri.empty() && inner.size() == line.size() &&
                  line.size() == parts.method.size() + parts.uri.size() + parts.version.size() + 2 &&
                  line[first] == ' ' && line[last] == ' ';
    return parts;
}

std::string AddressReading::user() const { return usual ? std::string(uri->user) : uri_user(field.uri); }

namespace {

CSeqReading read_cseq(const sip::Header* header) {
    CSeqReading cseq{.header = header};
    if (header == nullptr) return cseq;
    std::size_t end = std::min(header->value.find_first_of(" \t\r\n"), header->value.size());
    cseq.digits = header->value.substr(0, end);
    cseq.method = trim(header->value.substr(end));
    cseq.number = whole_number(cseq.digits);
    return cseq;
}

}  // namespace

Reading::Reading(const sip::MessageView& message) {
    if (message.kind() == sip::MessageView::Kind::not_sip) return;
    line = message.findings().empty() ? message.start_line() : start_line(message);
    cseq = read_cseq(message.find(sip::HeaderName::cseq));
    method = cseq.method;
    call_id = message.value(sip::HeaderName::call_id);
    read_addresses(message);
    read_via(message);
    if (auto text = sip::body_of_type(message, "application/sdp")) {
        has_sdp = true;
        sdp_text = *text;
        sdp = read_sdp(sdp_text);
    }
    if (message.is_request()) read_request(message);
}

namespace {

// True when the value is of the usual form; else nothing has been read.
bool read_usual(const sip::MessageView& message, const sip::Header& header, AddressReading& into) {
    into.usual = scan_address(message.bytes(), header.value, into.field, into.uri.emplace(), into.tag, into.plain);
    if (into.usual) into.header = &header;
    else into = {};
    return into.usual;
}

void read_address(const sip::MessageView& message, sip::HeaderName name, AddressReading& into) {
    const sip::Header* header = message.find(name);
    if (header == nullptr || read_usual(message, *header, into)) return;
    into.header = header;
    into.fault = check_field(header->value);
    into.field = field(header->value);
    if (auto uri = sip::UriView::parse(into.field.uri)) into.uri = *uri;
    into.tag = into.field.tag();
}

}  // namespace

void Reading::read_addresses(const sip::MessageView& message) {
    read_address(message, sip::HeaderName::from, from);
    read_address(message, sip::HeaderName::to, to);
    const sip::Header* header = message.find(sip::HeaderName::contact);
    if (header != nullptr && !message.repeated(sip::HeaderName::contact)) read_usual(message, *header, contact);
    bool repeated = message.repeated(sip::HeaderName::from) || message.repeated(sip::HeaderName::to);
    usual_addresses_ = from.usual && to.usual && (header == nullptr || contact.usual) && !repeated && !from.tag.empty();
}

void Reading::read_via(const sip::MessageView& message) {
    const sip::Header* row = message.find(sip::HeaderName::via);
    if (row == nullptr) return;
    if (scan_via(message.bytes(), row->value, via.emplace(), branch)) {
        top = {row, row->value};
        usual_via = (branch.starts_with(sip::branch_cookie) || istarts_with(branch, sip::branch_cookie)) && branch.size() > sip::branch_cookie.size();
        return;
    }
    branch = {};
    via.reset();
    top = via_row(message, 0).value_or(ViaRow{row, row->value});
    if (auto parsed = sip::Via::parse(top.item)) via = *parsed;
    if (via) branch = via->branch();
}

void Reading::read_request(const sip::MessageView& message) {
    bool exact = message.findings().empty();
    request = exact ? RequestLine{message.method(), message.request_uri(), message.version(), true} : request_line(line);
    method = message.method();
    has_request_uri_ = true;
    bare_uri = request.uri;
    if (!request.exact) {
        repaired_ = bare_uri;
        std::erase_if(repaired_, is_blank);
        bare_uri = repaired_;
    }
    if (bare_uri.size() >= 2 && bare_uri.front() == '<' && bare_uri.back() == '>')
        bare_uri = bare_uri.substr(1, bare_uri.size() - 2);
    bool plain = false;
    if (exact && scan_uri(message.bytes(), bare_uri, request_uri.emplace(), plain)) {
        plain_request_uri = plain;
        usual_request_uri = true;
        return;
    }
    request_uri.reset();
    if (auto uri = sip::UriView::parse(bare_uri)) request_uri = *uri;
}

sip::NameAddr field(std::string_view item) {
    if (auto parsed = sip::NameAddr::parse(item)) return *parsed;
    sip::NameAddr whole;
    whole.uri = trim(item);
    return whole;
}

std::string uri_user(std::string_view uri) {
    if (auto parsed = sip::UriView::parse(uri)) return parsed->is_sip() ? sip::unescape(parsed->user) : std::string();
    // What cannot be read may be an attack all the more: whatever stands before the host.
    std::size_t colon = uri.find(':'), host = uri.rfind('@');
    if (colon == std::string_view::npos || host == std::string_view::npos || host < colon) return {};
    return sip::unescape(uri.substr(colon + 1, host - colon - 1));
}

std::optional<net::Ip> host_ip(std::string_view host) {
    // Most hosts that are no addresses begin with a letter, and an error takes long to write.
    bool may_be = !host.empty() && (is_digit(host.front()) || host.find(':') != std::string_view::npos);
    if (!may_be) return std::nullopt;
    auto ip = net::Ip::parse(host);
    return ip ? std::optional(*ip) : std::nullopt;
}

bool may_have_more_items(std::string_view value) { return value.find(',') != std::string_view::npos; }

std::optional<ViaRow> via_row(const sip::MessageView& message, std::size_t n) {
    const sip::Header* first = message.find(sip::HeaderName::via);
    if (first == nullptr) return std::nullopt;
    bool one = !message.repeated(sip::HeaderName::via) && !may_have_more_items(first->value);
    if (one && n > 0) return std::nullopt;
    for (const sip::Header& header : message.headers()) {
        if (header.name != sip::HeaderName::via) continue;
        auto items = sip::list_items(header.value);
        if (n < items.size()) return ViaRow{&header, items[n]};
        n -= items.size();
    }
    return std::nullopt;
}

const sip::Header* exceeding_row(const sip::MessageView& message, sip::HeaderName name, std::size_t most) {
    const sip::Header* first = message.find(name);
    if (first == nullptr) return nullptr;
    // An item and its comma are two bytes.
    if (!message.repeated(name) && first->value.size() < 2 * most) return nullptr;
    std::size_t seen = 0;
    for (const sip::Header& header : message.headers()) {
        if (header.name != name) continue;
        seen += std::max<std::size_t>(sip::list_items(header.value).size(), 1);
        if (seen > most) return &header;
    }
    return nullptr;
}

bool is_known_method(std::string_view method) {
    return method_of(method) != Method::other;
}

bool speaks_rfc2543(const sip::MessageView& message) {
    auto headers = message.headers();
    for (auto header = headers.rbegin(); header != headers.rend(); ++header) {
        if (header->name != sip::HeaderName::via) continue;
        auto items = sip::list_items(header->value);
        if (items.empty()) continue;
        auto via = sip::Via::parse(items.back());
        return !via || !istarts_with(via->branch(), sip::branch_cookie);
    }
    return true;
}

std::vector<std::string_view> unsupported_options(const sip::MessageView& message, const Policy& policy) {
    auto tags = sip::list_items(message, sip::HeaderName::proxy_require);
    std::erase_if(tags, [&](std::string_view tag) {
        return tag.empty() || std::ranges::any_of(policy.lists.proxy_options, [&](const std::string& known) {
                   return iequals(known, tag);
               });
    });
    return tags;
}

std::string shown(std::string_view text) { return "'" + printable(text) + "'"; }

}  // namespace trunkbox::sbc

// Who says who he is: digests, signed and asserted identities (RFC 7616, RFC 8224, RFC 3325).
#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "numbering/e164.h"
#include "sbc/date.h"
#include "sbc/reading.h"
#include "sbc/rules.h"
#include "sip/parameters.h"

namespace trunkbox::sbc {
namespace {

using sip::HeaderName;

bool is_assertion(HeaderName name) {
    return name == HeaderName::p_asserted_identity || name == HeaderName::p_preferred_identity;
}

// What a Digest's credentials lack, or "".
std::string_view lacking(const std::vector<std::string_view>& items) {
    constexpr std::string_view needed[] = {"username", "realm", "nonce", "uri", "response"};
    for (std::string_view name : needed) {
        bool there = std::ranges::any_of(items, [&](std::string_view item) {
            auto [written, value] = split_once(item, '=');
            std::string_view key = trim(written);
            bool extended = name == "username" && iequals(key, "username*");
            return value && (iequals(key, name) || extended);
        });
        if (!there) return name;
    }
    return {};
}

std::string digest_uri(const std::vector<std::string_view>& items) {
    for (std::string_view item : items) {
        auto [name, value] = split_once(item, '=');
        if (value && iequals(trim(name), "uri")) return sip::unquote(trim(*value));
    }
    return {};
}

bool names_the_target(const Subject& s, std::string_view uri) {
    if (uri == s.reading.bare_uri || !s.reading.request_uri) return true;
    auto parsed = sip::UriView::parse(uri);
    return parsed && sip::equivalent(*parsed, *s.reading.request_uri);
}

// RFC 4648 section 5, without padding; "" when it is none.
std::string from_base64url(std::string_view text) {
    std::string bytes;
    std::uint32_t bits = 0;
    int count = 0;
    for (char c : text) {
        std::uint32_t value = c >= 'A' && c <= 'Z'   ? static_cast<std::uint32_t>(c - 'A')
                              : c >= 'a' && c <= 'z' ? static_cast<std::uint32_t>(c - 'a') + 26
                              : c >= '0' && c <= '9' ? static_cast<std::uint32_t>(c - '0') + 52
                              : c == '-'             ? 62
                              : c == '_'             ? 63
                                                     : 64;
        if (value == 64) return {};
        bits = bits << 6U | value;
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes.push_back(static_cast<char>(bits >> count & 0xffU));
        }
    }
    return bytes;
}

// The "iat" of a PASSporT's payload (RFC 8225 section 5.1.1).
std::optional<Time> issued_at(std::string_view token) {
    auto [head, rest] = split_once(token, '.');
    auto [payload, signature] = split_once(rest.value_or(""), '.');
    std::string json = from_base64url(payload);
    std::size_t at = json.find("\"iat\"");
    if (at == std::string::npos) return std::nullopt;
    std::size_t digits = json.find_first_not_of(" \t\r\n:", at + 5);
    if (digits == std::string::npos) return std::nullopt;
    std::size_t end = digits;
    while (end < json.size() && is_digit(json[end])) ++end;
    auto seconds = parse_integer<std::uint32_t>(std::string_view(json).substr(digits, end - digits));
    if (!seconds) return std::nullopt;
    return Time(std::chrono::seconds(*seconds));
}

double apart(Time a, Time b) { return std::abs(seconds(a - b)); }

bool has_credentials(const sip::MessageView& message) {
    return message.count(HeaderName::authorization) + message.count(HeaderName::proxy_authorization) > 0;
}

bool is_own_domain(const Policy& policy, std::string_view host) {
    return std::ranges::any_of(policy.lists.own_domains, [&](const std::string& own) { return iequals(own, host); });
}

}  // namespace

Hits digest_credentials(const Subject& s) {
    Hits hits;
    for (const sip::Header& header : s.message.headers()) {
        if (header.name != HeaderName::authorization && header.name != HeaderName::proxy_authorization) continue;
        auto [scheme, rest] = split_once(header.value, ' ');
        if (!iequals(scheme, "Digest")) continue;
        auto items = sip::list_items(rest.value_or(""));
        if (std::string_view missing = lacking(items); !missing.empty())
            hits.push_back({.offset = header.offset,
                            .reason = fmt::format("{} has a Digest without {}", sip::spelling(header.name), missing)});
        else if (std::string uri = digest_uri(items); !names_the_target(s, uri))
            hits.push_back({.offset = header.offset,
                            .reason = fmt::format("the digest is for {}, the request for {}", shown(uri),
                                                  shown(s.reading.bare_uri)),
                            .instead = both(note)});
    }
    return hits;
}

Hits stale_identity(const Subject& s) {
    const sip::Header* header = s.message.find(HeaderName::identity);
    // In quotes it is one of RFC 4474, which is obsolete.
    if (header == nullptr || header->value.starts_with('"')) return {};
    auto [most] = s.values<1>();
    std::string_view token = trim(split_once(header->value, ';').first);
    auto date = parse_date(s.message.value(HeaderName::date));
    // The compact form leaves the payload out: the Date is what was signed (RFC 8224 section 7).
    auto issued = token.starts_with("..") ? date : issued_at(token);
    if (!issued) return {};
    auto limit = static_cast<double>(most);
    if (date && apart(*issued, *date) > limit)
        return {{.offset = header->offset,
                 .reason = fmt::format("Identity of {}, Date of {}", rfc3339(*issued, 0), rfc3339(*date, 0))}};
    if (apart(*issued, s.packet.time) > limit)
        return {{.offset = header->offset,
                 .reason = fmt::format("Identity of {}, seen at {}", rfc3339(*issued, 0), rfc3339(s.packet.time, 0))}};
    return {};
}

Hits foreign_identity(const Subject& s) {
    if (s.trusts_peer()) return {};
    Hits hits;
    for (const sip::Header& header : s.message.headers())
        if (is_assertion(header.name) && hits.size() < 8)
            hits.push_back({.offset = header.offset,
                            .reason = fmt::format("{} from outside the trust domain: {}", sip::spelling(header.name),
                                                  shown(header.value))});
    const AddressReading& from = s.reading.from;
    // A registrar challenges itself, and within a dialog nobody can be challenged any more.
    bool could_be_challenged = s.message.is_request() && !s.reading.in_dialog() && s.reading.method != "REGISTER" &&
                               s.reading.method != "ACK" && s.reading.method != "CANCEL";
    if (could_be_challenged && from.uri && is_own_domain(s.policy, from.uri->host) && !has_credentials(s.message))
        hits.push_back({.offset = from.header->offset,
                        .reason = fmt::format("From claims our domain: {}", shown(from.field.uri)),
                        .instead = both(reject(403))});
    return hits;
}

Hits number_not_of_peer(const Subject& s) {
    if (!s.trusts_peer() || s.peer->numbers.empty()) return {};
    for (std::string_view item : sip::list_items(s.message, HeaderName::p_asserted_identity)) {
        auto uri = sip::UriView::parse(field(item).uri);
        if (!uri || !uri->user.starts_with('+')) continue;
        auto number = numbering::E164::parse(sip::unescape(split_once(uri->user, ';').first));
        if (!number) continue;
        bool owned = std::ranges::any_of(s.peer->numbers, [&](const auto& range) { return range.contains(*number); });
        if (owned) continue;
        Hit hit{.offset = s.message.find(HeaderName::p_asserted_identity)->offset,
                .reason = fmt::format("{} is no number of {}", number->text(), shown(s.peer->name))};
        // A call that was forwarded keeps its caller's number.
        if (s.message.find(HeaderName::diversion) != nullptr || s.message.find(HeaderName::history_info) != nullptr)
            hit.instead = both(note);
        return {std::move(hit)};
    }
    return {};
}

Hits private_identity(const Subject& s) {
    if (s.trusts_peer()) return {};
    const sip::Header* asserted = s.message.find(HeaderName::p_asserted_identity);
    bool asked = false;
    for (std::string_view token : split(s.message.value(HeaderName::privacy), ';')) asked |= iequals(trim(token), "id");
    if (asserted == nullptr || !asked) return {};
    return {{.offset = asserted->offset,
             .reason = fmt::format("Privacy asks to keep {} within the trust domain", shown(asserted->value))}};
}

}  // namespace trunkbox::sbc

// Scanners, injection, registrations that no registrar should see.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "sbc/reading.h"
#include "sbc/rules.h"
#include "sip/uri.h"

namespace trunkbox::sbc {
namespace {

using sip::HeaderName;

bool is_alphanumeric(char c) { return is_alpha(c) || is_digit(c); }

// The word as a whole: "iwar" is not in "kiwaro". Both lower-case.
bool has_word(std::string_view text, std::string_view word) {
    for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        std::size_t end = at + word.size();
        bool begins = at == 0 || !is_alphanumeric(text[at - 1]);
        bool ends = end == text.size() || !is_alphanumeric(text[end]);
        if (begins && ends) return true;
    }
    return false;
}

// The tag that svmap writes is hexadecimal text: the address it probes, the byte 1, a decimal random number.
bool is_svmap_tag(std::string_view tag) {
    if (tag.size() < 8 || tag.size() > 128 || tag.size() % 2 != 0) return false;
    std::string decoded;
    for (std::size_t i = 0; i < tag.size(); i += 2) {
        auto byte = parse_integer<std::uint8_t>(tag.substr(i, 2), 16);
        if (!byte) return false;
        decoded.push_back(static_cast<char>(*byte));
    }
    auto [address, random] = split_once(decoded, '\x01');
    return random && !address.empty() && !random->empty() && random->size() <= 10 &&
           std::ranges::all_of(*random, is_digit) &&
           std::ranges::all_of(address, [](char c) { return c >= 0x20 && c < 0x7f; });
}

// Alone it is proof: nobody's number or name holds it.
constexpr std::array<std::string_view, 9> certain = {"${jndi",      "../",       ";--",       "'--",    "' or ",
                                                     "union select", "union all", "drop table", ")(|("};
// One of them is lawful (O'Brien), two different ones are a sentence in a language that is no number.
constexpr std::array<std::string_view, 9> doubtful = {"'", "--", " or ", "union", "select ", "/*", "$(", "`", "||"};

bool is_injection(std::string_view user) {
    std::string text = lower(user);
    std::ranges::replace(text, '+', ' ');
    if (std::ranges::any_of(certain, [&](std::string_view t) { return text.find(t) != std::string::npos; }))
        return true;
    return std::ranges::count_if(doubtful, [&](std::string_view t) { return text.find(t) != std::string::npos; }) >= 2;
}

}  // namespace

Hits scanner_agent(const Subject& s) {
    Hits hits;
    for (HeaderName name : {HeaderName::user_agent, HeaderName::server}) {
        const sip::Header* header = s.message.find(name);
        if (!header) continue;
        std::string agent = lower(header->value.substr(0, 512));
        auto named = [&](std::string_view word) { return has_word(agent, word); };
        Hit hit{.offset = header->offset,
                .reason = fmt::format("{} names a scanner: {}", sip::spelling(name), shown(header->value))};
        if (std::ranges::any_of(s.policy.lists.scanners, named)) {
            hits.push_back(std::move(hit));
        } else if (std::ranges::any_of(s.policy.lists.tools, named)) {
            hit.reason = fmt::format("{} names a tool that scanners use, too: {}", sip::spelling(name), shown(header->value));
            hit.instead = both(alert);
            hits.push_back(std::move(hit));
        }
    }
    return hits;
}

Hits scanner_user(const Subject& s) {
    Hits hits;
    std::size_t probing_hosts = 0;
    for (HeaderName name : {HeaderName::from, HeaderName::to}) {
        const sip::Header* header = s.message.find(name);
        if (!header) continue;
        sip::NameAddr address = field(header->value);
        auto uri = sip::UriView::parse(address.uri);
        if (uri && uri->host == "1.1.1.1") ++probing_hosts;
        std::string user = uri_user(address.uri);
        Hit hit{.offset = header->offset,
                .reason = fmt::format("{} is a scanner's: {}", sip::spelling(name), shown(header->value))};
        if (std::ranges::any_of(s.policy.lists.scanner_users, [&](std::string_view known) { return iequals(known, user); }) ||
            is_svmap_tag(address.tag()) || probing_hosts == 2) {
            hits.push_back(std::move(hit));
        } else if (user == "100" && name == HeaderName::from) {
            hit.reason = "the user '100' of From is where scanners begin";
            hit.instead = both(alert);
            hits.push_back(std::move(hit));
        }
    }
    return hits;
}

Hits injection(const Subject& s) {
    Hits hits;
    auto check = [&](std::uint32_t offset, std::string_view where, std::string_view uri) {
        std::string user = uri_user(uri);
        if (!is_injection(user) || hits.size() >= 8) return;
        hits.push_back({.offset = offset,
                        .reason = fmt::format("the user part of {} is no name: {}", where, shown(user))});
    };
    if (s.message.is_request())
        check(s.message.start_offset(), "the Request-URI", s.reading.bare_uri);
    for (const sip::Header& header : s.message.headers()) {
        if (header.name == HeaderName::from || header.name == HeaderName::to)
            check(header.offset, sip::spelling(header.name), field(header.value).uri);
        else if (header.name == HeaderName::contact)
            for (std::string_view item : sip::list_items(header.value)) check(header.offset, "Contact", field(item).uri);
    }
    return hits;
}

Hits script_in_header(const Subject& s) {
    for (const sip::Header& header : s.message.headers()) {
        bool shown_to_people = header.name == HeaderName::from || header.name == HeaderName::to ||
                               header.name == HeaderName::contact || header.name == HeaderName::user_agent ||
                               header.name == HeaderName::server || header.name == HeaderName::subject;
        if (!shown_to_people || lower(header.value).find("<script") == std::string::npos) continue;
        return {{.offset = header.offset,
                 .reason = fmt::format("{} carries a script: {}", sip::spelling(header.name), shown(header.value))}};
    }
    return {};
}

Hits register_target(const Subject& s) {
    if (!s.message.is_request() || s.message.method() != "REGISTER") return {};
    Hits hits;
    if (const sip::Header* row = exceeding_row(s.message, HeaderName::contact, s.policy.limits.contacts))
        hits.push_back({.offset = row->offset,
                        .reason = fmt::format("more than {} contacts in one REGISTER", s.policy.limits.contacts),
                        .instead = both(reject(403))});
    const sip::Header* to = s.message.find(HeaderName::to);
    const sip::Header* from = s.message.find(HeaderName::from);
    if (!to || check_field(to->value)) return hits;
    sip::NameAddr aor = field(to->value);
    auto uri = sip::UriView::parse(aor.uri);
    if (!uri || !uri->is_sip()) {
        hits.push_back({.offset = to->offset,
                        .reason = fmt::format("REGISTER for {}: no SIP or SIPS URI", shown(aor.uri))});
        return hits;
    }
    if (!from || check_field(from->value)) return hits;
    sip::NameAddr who = field(from->value);
    auto registrant = sip::UriView::parse(who.uri);
    if (registrant && !sip::equivalent(*uri, *registrant))
        hits.push_back({.offset = from->offset,
                        .reason = fmt::format("{} registers for {}", shown(who.uri), shown(aor.uri)),
                        .instead = both(alert)});
    return hits;
}

Hits register_wildcard(const Subject& s) {
    if (!s.message.is_request() || s.message.method() != "REGISTER") return {};
    const sip::Header* star = nullptr;
    std::size_t contacts = 0;
    for (const sip::Header& header : s.message.headers()) {
        if (header.name != HeaderName::contact) continue;
        for (std::string_view item : sip::list_items(header.value)) {
            ++contacts;
            if (trim(item).starts_with('*')) star = &header;
        }
    }
    if (!star) return {};
    std::string_view expires = s.message.value(HeaderName::expires);
    if (contacts > 1) return {{.offset = star->offset, .reason = "Contact: * beside another Contact"}};
    bool zero = !expires.empty() && std::ranges::all_of(expires, [](char c) { return c == '0'; });
    if (zero) return {};
    return {{.offset = star->offset, .reason = fmt::format("Contact: * with Expires {} instead of 0", shown(expires))}};
}

}  // namespace trunkbox::sbc

// Scanners, injection, registrations that no registrar should see.
#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "sbc/reading.h"
#include "sbc/rules.h"
#include "sip/uri.h"

namespace trunkbox::sbc {
namespace {

using sip::HeaderName;

bool is_alphanumeric(char c) { return is_alpha(c) || is_digit(c); }

bool begins_with_word(std::string_view text, const std::vector<std::string>& words) {
    return std::ranges::any_of(words, [&, first = to_lower(text.front())](const std::string& word) {
        return word.front() == first && istarts_with(text, word) && (text.size() == word.size() || !is_alphanumeric(text[word.size()]));
    });
}

// Words that stand as a whole: "iwar" is not in "kiwaro". The lists are lower-case.
enum class Agent { honest, shared, scanner };

Agent judge_agent(std::string_view text, const Lists& lists, const WordIndex& index) {
    Agent worst = Agent::honest;
    unsigned before = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        unsigned letter = index.letters[static_cast<unsigned char>(text[at])];
        bool begins = (letter & WordIndex::begins_agent) != 0 && (before & WordIndex::in_word) == 0;
        before = letter;
        if (!begins) continue;
        if (begins_with_word(text.substr(at), lists.scanners)) return Agent::scanner;
        if (begins_with_word(text.substr(at), lists.tools)) worst = Agent::shared;
    }
    return worst;
}

// The tag that svmap writes is hexadecimal text: the address it probes, the byte 1, a decimal random number.
bool is_svmap_tag(std::string_view tag) {
    if (tag.size() < 8 || tag.size() > 128 || tag.size() % 2 != 0) return false;
    // Most tags are no hexadecimal text, or none with that byte.
    bool may_be = tag.find("01") != std::string_view::npos &&
                  tag.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
    if (!may_be) return false;
    std::string decoded;
    for (std::size_t i = 0; i < tag.size(); i += 2)
        decoded.push_back(static_cast<char>(*parse_integer<std::uint8_t>(tag.substr(i, 2), 16)));
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
        Agent agent = judge_agent(header->value.substr(0, 512), s.policy.lists, *s.words);
        if (agent == Agent::scanner)
            hits.push_back({.offset = header->offset,
                            .reason = fmt::format("{} names a scanner: {}", sip::spelling(name), shown(header->value))});
        else if (agent == Agent::shared)
            hits.push_back({.offset = header->offset,
                            .reason = fmt::format("{} names a tool that scanners use, too: {}", sip::spelling(name),
                                                  shown(header->value)),
                            .instead = both(alert)});
    }
    return hits;
}

Hits scanner_user(const Subject& s) {
    Hits hits;
    std::size_t probing_hosts = 0;
    for (const AddressReading* address : {&s.reading.from, &s.reading.to}) {
        if (address->header == nullptr) continue;
        if (address->uri && address->uri->host == "1.1.1.1") ++probing_hosts;
        std::string unescaped = address->usual ? std::string() : address->user();
        std::string_view user = address->usual ? address->uri->user : unescaped;
        const auto& users = s.policy.lists.scanner_users;
        bool scans = (s.words->user_sizes & WordIndex::size_bit(user.size())) != 0 &&
                     std::ranges::any_of(users, [&](const std::string& known) { return iequals(known, user); });
        if (scans || is_svmap_tag(address->tag) || probing_hosts == 2)
            hits.push_back({.offset = address->header->offset,
                            .reason = fmt::format("{} is a scanner's: {}", sip::spelling(address->header->name),
                                                  shown(address->header->value))});
        else if (user == "100" && address == &s.reading.from)
            hits.push_back({.offset = address->header->offset,
                            .reason = "the user '100' of From is where scanners begin",
                            .instead = both(alert)});
    }
    return hits;
}

Hits injection(const Subject& s) {
    const AddressReading& contact = s.reading.contact;
    bool harmless = s.reading.has_usual_addresses() && s.reading.from.plain && s.reading.to.plain &&
                    (contact.header == nullptr || contact.plain);
    Hits hits;
    auto check = [&](std::uint32_t offset, std::string_view where, std::string_view uri) {
        std::string user = uri_user(uri);
        if (!is_injection(user) || hits.size() >= 8) return;
        hits.push_back({.offset = offset,
                        .reason = fmt::format("the user part of {} is no name: {}", where, shown(user))});
    };
    if (s.message.is_request() && !s.reading.plain_request_uri) check(s.message.start_offset(), "the Request-URI", s.reading.bare_uri);
    if (harmless) return hits;
    for (const sip::Header& header : s.message.headers()) {
        if (header.name == HeaderName::from || header.name == HeaderName::to)
            check(header.offset, sip::spelling(header.name), field(header.value).uri);
        else if (header.name == HeaderName::contact)
            for (std::string_view item : sip::list_items(header.value)) check(header.offset, "Contact", field(item).uri);
    }
    return hits;
}

Hits script_in_header(const Subject& s) {
    auto bracket = [&](HeaderName name) {
        return s.message.names().has(name) && s.message.value(name).find('<') != std::string_view::npos;
    };
    bool free_text = bracket(HeaderName::user_agent) || bracket(HeaderName::server) || bracket(HeaderName::subject);
    // The usual form of an address has no '<' but its URI's.
    if (!free_text && s.reading.has_usual_addresses() && !s.message.any_repeated()) return {};
    for (const sip::Header& header : s.message.headers()) {
        bool shown_to_people = header.name == HeaderName::from || header.name == HeaderName::to ||
                               header.name == HeaderName::contact || header.name == HeaderName::user_agent ||
                               header.name == HeaderName::server || header.name == HeaderName::subject;
        if (!shown_to_people) continue;
        if (header.value.find('<') == std::string_view::npos || lower(header.value).find("<script") == std::string::npos)
            continue;
        return {{.offset = header.offset,
                 .reason = fmt::format("{} carries a script: {}", sip::spelling(header.name), shown(header.value))}};
    }
    return {};
}

Hits register_target(const Subject& s) {
    if (s.reading.method != "REGISTER") return {};
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
    if (s.reading.method != "REGISTER") return {};
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

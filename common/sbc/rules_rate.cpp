// What a source or an account does, by what it did before.
#include <fmt/format.h>

#include "base/text.h"
#include "sbc/memory.h"
#include "sbc/rules.h"
#include "sbc/state_present.h"

namespace trunkbox::sbc {
namespace {

using sip::HeaderName;

Hits at_start(const Subject& s, std::string reason) {
    return {{.offset = s.message.start_offset(), .reason = std::move(reason)}};
}

}  // namespace

Hits users_swept(const Subject& s) {
    auto [users, seconds] = s.values<2>();
    return at_start(s, fmt::format("{} asked for {} users in {} s and reached none of them", s.packet.from.ip.text(),
                                   s.memory->present().users, seconds));
}

Hits failures_many(const Subject& s) {
    const Present& p = s.memory->present();
    auto [failures, seconds] = s.values<2>();
    if (p.request && p.succeeded) return {};
    const net::Endpoint& client = p.request ? s.packet.from : s.packet.to;
    auto hits = at_start(s, fmt::format("{} failed {} times in {} s", client.ip.text(), p.failures, seconds));
    // Where its requests are not seen, nor is whether they have credentials.
    if (!p.request) {
        hits[0].reason += ": one direction only";
        hits[0].instead = both(note);
    }
    return hits;
}

Hits requests_many(const Subject& s) {
    auto [requests, seconds] = s.values<2>();
    return at_start(s, fmt::format("request {} of {} within {} s, which slide by eighths; {} are allowed",
                                   s.memory->present().requests, s.packet.from.ip.text(), seconds, requests));
}

Hits calls_many(const Subject& s) {
    const Present& p = s.memory->present();
    auto [calls, seconds, trunk] = s.values<3>();
    if (trunk > 0 && p.trunk_invites > trunk)
        return at_start(s, fmt::format("call {} of peer {} in {} s; {} are allowed", p.trunk_invites, shown(s.peer->name),
                                       seconds, trunk));
    return {{.offset = s.reading.from.header->offset,
             .reason = fmt::format("call {} of {} in {} s; {} are allowed", p.invites, shown(s.reading.from.field.uri), seconds, calls)}};
}

namespace {

// RFC 3261 section 10.3 (7): what a Contact asks for goes before the Expires header.
std::optional<Hit> too_brief(const Subject& s, std::int64_t least) {
    const sip::Header* header = s.message.find(HeaderName::expires);
    std::string_view digits = header == nullptr ? std::string_view() : header->value;
    if (const sip::Header* contact = s.message.find(HeaderName::contact))
        if (std::size_t at = contact->value.find(";expires="); at != std::string_view::npos) {
            header = contact;
            digits = contact->value.substr(at + 9);
            digits = digits.substr(0, digits.find_first_not_of("0123456789"));
        }
    auto seconds = parse_integer<std::uint32_t>(digits);
    if (!seconds || *seconds == 0 || *seconds >= least) return std::nullopt;
    return Hit{.offset = header->offset,
               .reason = fmt::format("a registration for {} s; {} s are the least", *seconds, least),
               .instead = both(reject(423))};
}

}  // namespace

Hits registrations_many(const Subject& s) {
    const Present& p = s.memory->present();
    auto [registrations, seconds, least] = s.values<3>();
    Hits hits;
    if (p.registrations > registrations)
        hits = at_start(s, fmt::format("REGISTER {} of {} in {} s; {} are allowed", p.registrations,
                                       shown(s.reading.to.field.uri), seconds, registrations));
    if (auto hit = too_brief(s, least)) hits.push_back(std::move(*hit));
    return hits;
}

Hits source_banned(const Subject& s) {
    const Ban& ban = *s.memory->present().ban;
    return at_start(s, fmt::format("collateral: {} is banned until {} by {}", s.packet.from.ip.text(), rfc3339(ban.until), ban.rule));
}

Hits guessed_by_many(const Subject& s) {
    auto [sources, seconds] = s.values<2>();
    const AddressReading& account = s.memory->present().method == Method::reg ? s.reading.to : s.reading.from;
    return {{.offset = account.header->offset,
             .reason = fmt::format("{} sources failed for {} in {} s", s.memory->present().guessers,
                                   shown(account.field.uri), seconds)}};
}

Hits binding_elsewhere(const Subject& s) {
    return {{.offset = s.reading.to.header->offset,
             .reason = fmt::format("{} registers for {}, which is registered elsewhere with another User-Agent",
                                   s.packet.to.ip.text(), shown(s.reading.to.field.uri))}};
}

Hits digest_replayed(const Subject& s) {
    const Present& p = s.memory->present();
    const Nonce& before = *p.nonce;
    bool same_call = before.call == p.call, same_source = before.source == p.source;
    // The same request on its way through somebody else.
    if (same_call && before.cseq == p.cseq) return {};
    bool replayed = p.counts_nonce ? p.nonce_count <= before.count : !same_call && !same_source;
    if (!replayed) return {};
    const sip::Header* header = s.message.find(HeaderName::authorization);
    if (header == nullptr) header = s.message.find(HeaderName::proxy_authorization);
    Hit hit{.offset = header->offset, .reason = "a nonce without count that another source used for another call"};
    if (p.counts_nonce) hit.reason = fmt::format("the nonce count {:x} after {:x}", p.nonce_count, before.count);
    if (same_call && same_source) hit.instead = both(note);
    return {hit};
}

}  // namespace trunkbox::sbc

// What a message says of its dialog, by what was seen of it before (RFC 3261 section 12, RFC 3264).
#include <fmt/format.h>

#include "base/text.h"
#include "numbering/country_codes.h"
#include "sbc/memory.h"
#include "sbc/rules.h"
#include "sbc/state_dialled.h"
#include "sbc/state_present.h"

namespace trunkbox::sbc {
namespace {

using sip::HeaderName;

constexpr std::string_view one_direction = ": one direction only";

const sip::Header* first_of(const Subject& s, HeaderName one, HeaderName other) {
    const sip::Header* header = s.message.find(one);
    return header != nullptr ? header : s.message.find(other);
}

std::uint32_t offset_of(const Subject& s, const sip::Header* header) {
    return header == nullptr ? s.message.start_offset() : header->offset;
}

Hit demoted(Hit hit, std::string_view why) {
    hit.reason += why;
    hit.instead = both(note);
    return hit;
}

// The host is one of the domains, or within one.
bool is_in(const std::vector<std::string>& domains, std::string_view host) {
    for (const std::string& domain : domains) {
        if (host.size() < domain.size() || !iequals(host.substr(host.size() - domain.size()), domain)) continue;
        if (host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.') return true;
    }
    return false;
}

std::string_view host_of(std::string_view item) {
    auto uri = sip::UriView::parse(field(item).uri);
    return uri ? uri->host : std::string_view();
}

}  // namespace

Hits digest_leaks(const Subject& s) {
    const Present& p = s.memory->present();
    const Peer* caller = s.policy.peer(p.request ? s.packet.to : s.packet.from);
    if (caller != nullptr && caller->trusted) return {};
    if (!p.request)
        return {{.offset = offset_of(s, first_of(s, HeaderName::www_authenticate, HeaderName::proxy_authenticate)),
                 .reason = fmt::format("the caller challenges a {} of whom it called", shown(s.reading.method))}};
    return {{.offset = offset_of(s, first_of(s, HeaderName::authorization, HeaderName::proxy_authorization)),
             .reason = "credentials for a realm in which only the caller asked for them"}};
}

Hits session_changed(const Subject& s) {
    const sip::Header* header = first_of(s, HeaderName::authorization, HeaderName::proxy_authorization);
    return {{.offset = offset_of(s, header), .reason = "the media are not where the INVITE without credentials had them"}};
}

Hits party_elsewhere(const Subject& s) {
    const Present& p = s.memory->present();
    Hit hit{.offset = s.message.start_offset(),
            .reason = fmt::format("{} from {}, which is no address of that party", s.reading.method, s.packet.from.ip.text())};
    if (p.method == Method::cancel) {
        hit.reason = fmt::format("CANCEL from {}, which did not send the INVITE", s.packet.from.ip.text());
        return {hit};
    }
    DialogSide& side = p.dialog->side(p.party);
    bool group = s.peer != nullptr && side.peer == s.peer - s.policy.peers.data() + 1;
    if (group || p.dialog->adopted) return {};
    if (p.party == Party::callee && !p.dialog->responses) return {demoted(std::move(hit), one_direction)};
    return {hit};
}

Hits dialog_unknown(const Subject& s) {
    const Present& p = s.memory->present();
    auto [warmup] = s.values<1>();
    Hit hit{.offset = offset_of(s, s.reading.to.header),
            .reason = fmt::format("{} within a dialog that nothing began", s.reading.method)};
    if (p.method == Method::cancel) hit.reason = "CANCEL of an INVITE that is not there";
    if (p.call_refused) {
        hit.reason = fmt::format("{} of a call that did not go on", s.reading.method);
        return {hit};
    }
    if (p.method != Method::cancel && p.dialog != nullptr) {
        bool over = p.dialog->state == DialogState::over;
        hit.reason = over ? fmt::format("{} within a dialog that is over", s.reading.method)
                          : fmt::format("{} with a tag that is not the dialog's", s.reading.method);
        if (p.unheard && !over) return {demoted(std::move(hit), one_direction)};
        return {hit};
    }
    if (p.watched < std::chrono::seconds(warmup)) return {};
    if (p.unheard) return {demoted(std::move(hit), one_direction)};
    if (p.forgetful) return {demoted(std::move(hit), ", or it was forgotten for want of room")};
    return {hit};
}

Hits cseq_old(const Subject& s) {
    const Present& p = s.memory->present();
    const DialogPath* path = p.dialog->side(p.party).path(p.way);
    // The same number again may be the same request by another way.
    if (path == nullptr || (p.cseq == path->cseq && p.method == path->method)) return {};
    Hit hit{.offset = offset_of(s, s.reading.cseq.header),
            .reason = fmt::format("CSeq {} after {}", s.reading.cseq.digits, path->cseq)};
    // A call that cannot be ended is worse.
    if (p.method == Method::bye) hit.instead = both(note);
    return {hit};
}

Hits bye_early(const Subject& s) {
    const Present& p = s.memory->present();
    // Without a response there is nothing to be early for.
    if (p.dialog->adopted || !p.dialog->responses) return {};
    bool answered = p.dialog->state == DialogState::answered;
    if (answered && p.party == Party::caller) return {};
    return {{.offset = s.message.start_offset(),
             .reason = answered ? "BYE of the called party before the ACK" : "BYE before a 2xx"}};
}

namespace {

std::optional<Hit> refers_out(const Subject& s) {
    const auto& domains = s.policy.lists.refer_domains;
    const sip::Header* header = s.message.find(HeaderName::refer_to);
    if (s.reading.method != "REFER" || header == nullptr || domains.empty()) return std::nullopt;
    std::string_view host = host_of(header->value);
    if (host.empty() || is_in(domains, host)) return std::nullopt;
    return Hit{.offset = header->offset, .reason = fmt::format("Refer-To leads to {}", shown(host))};
}

// Replaces and Join: "call-id;to-tag=a;from-tag=b".
std::optional<Hit> takes_dialog(const Subject& s, const sip::Header& header) {
    const Present& p = s.memory->present();
    auto [warmup] = s.values<1>();
    auto [call_id, parameters] = split_once(header.value, ';');
    std::string_view all = parameters.value_or("");
    auto to_tag = sip::parameter(all, "to-tag"), from_tag = sip::parameter(all, "from-tag");
    const KeyedHash& hash = s.memory->hash();
    auto owner = s.memory->owns_dialog(s, hash(trim(call_id)), hash(from_tag.value_or("")), hash(to_tag.value_or("")));
    Hit hit{.offset = header.offset};
    switch (owner) {
        case Memory::Ownership::own: return std::nullopt;
        case Memory::Ownership::foreign:
            // Whoever is sent there by a party of the dialog says so (RFC 3892).
            if (s.message.find(HeaderName::referred_by) != nullptr) return std::nullopt;
            hit.reason = fmt::format("{} of somebody else's dialog: {}", sip::spelling(header.name), shown(header.value));
            return hit;
        case Memory::Ownership::no_dialog: break;
    }
    if (p.watched < std::chrono::seconds(warmup)) return std::nullopt;
    hit.reason = fmt::format("{} of no dialog: {}", sip::spelling(header.name), shown(header.value));
    hit.instead = Defaults{reject(481), alert};
    if (p.unheard) return demoted(std::move(hit), one_direction);
    if (p.forgetful) return demoted(std::move(hit), ", or it was forgotten for want of room");
    return hit;
}

}  // namespace

Hits transfer_foreign(const Subject& s) {
    Hits hits;
    if (auto hit = refers_out(s)) hits.push_back(std::move(*hit));
    if (s.reading.method != "INVITE") return hits;
    for (HeaderName name : {HeaderName::replaces, HeaderName::join})
        if (const sip::Header* header = s.message.find(name))
            if (auto hit = takes_dialog(s, *header)) hits.push_back(std::move(*hit));
    return hits;
}

namespace {

bool is_risky(const Policy& policy, std::string_view user) {
    DialledDigits number(user);
    std::string_view digits = number.international();
    for (const std::string& prefix : policy.lists.high_risk_prefixes)
        if (digits.starts_with(prefix)) return true;
    return false;
}

}  // namespace

Hits redirected(const Subject& s) {
    if (s.trusts_peer() || s.direction == Direction::outbound) return {};
    const auto& domains = s.policy.lists.refer_domains;
    bool asked_for = s.reading.to.uri && is_risky(s.policy, s.reading.to.uri->user);
    Hits hits;
    for (std::string_view item : sip::list_items(s.message, HeaderName::contact)) {
        auto uri = sip::UriView::parse(field(item).uri);
        if (!uri || hits.size() >= 8) continue;
        const sip::Header* header = s.message.find(HeaderName::contact);
        if (!asked_for && is_risky(s.policy, uri->user))
            hits.push_back({.offset = header->offset, .reason = fmt::format("redirected to {}, where calls are dear", shown(uri->user))});
        else if (uri->is_sip() && !domains.empty() && !is_in(domains, uri->host))
            hits.push_back({.offset = header->offset, .reason = fmt::format("redirected out of our domains: {}", shown(uri->host))});
    }
    return hits;
}

Hits offer_answer(const Subject& s) {
    const Present& p = s.memory->present();
    Hit hit{.offset = s.message.body_offset()};
    if (!p.request || p.method == Method::ack) {
        unsigned offered = p.request ? p.dialog->offered : p.transaction->offered;
        hit.reason = fmt::format("an answer with {} streams to an offer with {}", p.sdp.lines, offered);
        hit.instead = both(note);
        return {hit};
    }
    hit.reason = fmt::format("another session with the version {}, which is not above the one before", p.sdp.version);
    if (p.sdp.same_media) hit.instead = both(note);
    return {hit};
}

Hits media_moved(const Subject& s) {
    for (const SdpReading::Media& media : s.reading.sdp.media) {
        auto ip = host_ip(media.address);
        if (!ip) continue;
        if (*ip == s.packet.from.ip || (s.peer != nullptr && contains(s.peer->media, *ip))) return {};
        return {{.offset = s.message.body_offset(),
                 .reason = fmt::format("media move to another network, {}", shown(media.address))}};
    }
    return {};
}

}  // namespace trunkbox::sbc

// What a message says of its transaction, by what was seen of it before (RFC 3261 sections 16.3 and 17).
#include <fmt/format.h>

#include "sbc/memory.h"
#include "sbc/rules.h"
#include "sbc/state_present.h"

namespace trunkbox::sbc {
namespace {

constexpr std::size_t most_vias = 70;

// One of the lower Vias is the topmost one with which the request came here before.
const sip::Header* via_of_before(const Subject& s) {
    const Arrival& before = *s.memory->present().arrival;
    for (std::size_t n = 1; n < most_vias; ++n) {
        auto row = via_row(s.message, n);
        if (!row) return nullptr;
        auto via = sip::Via::parse(row->item);
        if (via && s.memory->hash()(via->branch()) == before.branch) return row->row;
    }
    return nullptr;
}

}  // namespace

Hits request_loops(const Subject& s) {
    const Present& p = s.memory->present();
    if (p.again || p.arrival->uri != p.uri) return {};
    const sip::Header* before = via_of_before(s);
    if (before == nullptr) return {};
    return {{.offset = before->offset,
             .reason = fmt::format("{} was at {} before, with this Via on top", s.reading.method, s.packet.to.text())}};
}

Hits request_merged(const Subject& s) {
    const Present& p = s.memory->present();
    if (p.again || p.in_dialog || via_of_before(s) != nullptr) return {};
    return {{.offset = s.reading.top.row == nullptr ? s.message.start_offset() : s.reading.top.row->offset,
             .reason = fmt::format("{} {} came by another way already", s.reading.cseq.digits, s.reading.method)}};
}

Hits response_unmatched(const Subject& s) {
    const Present& p = s.memory->present();
    auto [warmup, ringing] = s.values<2>();
    Hit hit{.offset = s.reading.top.row == nullptr ? s.message.start_offset() : s.reading.top.row->offset};
    // Who refused it says so: nobody further on did.
    if (p.refused && s.message.status() >= 300) return {};
    if (p.refused) {
        hit.reason = fmt::format("the {} that it answers did not go on", shown(s.reading.method));
        return {hit};
    }
    std::int64_t unseen = p.method == Method::invite ? std::max(warmup, ringing) : warmup;
    if (p.watched < std::chrono::seconds(unseen)) return {};
    hit.reason = fmt::format("it answers no {} that was seen", shown(s.reading.method));
    if (p.one_way) hit.reason += ": one direction only";
    else if (p.forgetful) hit.reason += ", or one that was forgotten for want of room";
    if (p.one_way || p.forgetful) hit.instead = both(note);
    return {hit};
}

Hits digest_unasked(const Subject& s) {
    const Present& p = s.memory->present();
    auto [warmup] = s.values<1>();
    if (p.watched < std::chrono::seconds(warmup)) return {};
    const sip::Header* header = s.message.find(sip::HeaderName::authorization);
    if (header == nullptr) header = s.message.find(sip::HeaderName::proxy_authorization);
    Hit hit{.offset = header->offset, .reason = "credentials for a nonce that no challenge gave"};
    if (p.one_way) {
        hit.reason += ": one direction only";
        hit.instead = both(note);
    }
    return {hit};
}

}  // namespace trunkbox::sbc

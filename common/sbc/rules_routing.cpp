// Where a message may go on to (RFC 3261 sections 16.3 and 18.1.2).
#include <algorithm>

#include <fmt/format.h>

#include "sbc/reading.h"
#include "sbc/rules.h"

namespace trunkbox::sbc {

using sip::HeaderName;

Hits max_forwards_zero(const Subject& s) {
    const sip::Header* header = s.message.find(HeaderName::max_forwards);
    if (!s.message.is_request() || !header || header->value.empty()) return {};
    if (!std::ranges::all_of(header->value, [](char c) { return c == '0'; })) return {};
    Hit hit{.offset = header->offset,
            .reason = fmt::format("Max-Forwards is 0: {} goes no further", shown(s.message.method()))};
    // The edge may answer an OPTIONS itself (section 11), which is how a path is traced.
    if (s.message.method() == "OPTIONS") hit.instead = Defaults{reject(483), note};
    return {hit};
}

namespace {

std::optional<Hit> sent_to_many(const Subject& s) {
    if (s.reading.usual_via && !s.message.repeated(HeaderName::via)) return std::nullopt;  // of one item
    auto second = via_row(s.message, 1);
    if (!second) return std::nullopt;
    auto via = sip::Via::parse(second->item);
    auto ip = via ? host_ip(via->host) : std::nullopt;
    if (!ip) return std::nullopt;
    bool broadcast = !ip->is_v6() && ip->v4_bits() == UINT32_MAX;
    if (!broadcast && !ip->is_multicast()) return std::nullopt;
    return Hit{.offset = second->row->offset,
               .reason = fmt::format("the second Via sends the response to {}", shown(via->host))};
}

// Whoever answers us returns the Via that we wrote.
std::optional<Hit> not_for_us(const Subject& s) {
    if (s.direction != Direction::inbound || !s.reading.via) return std::nullopt;
    auto ip = host_ip(s.reading.via->host);
    if (!ip || contains(s.policy.own, *ip)) return std::nullopt;
    return Hit{.offset = s.reading.top.row->offset,
               .reason = fmt::format("the topmost Via is not ours: {}", shown(s.reading.top.item))};
}

}  // namespace

Hits response_misled(const Subject& s) {
    Hits hits;
    for (auto* check : {not_for_us, sent_to_many})
        if (auto hit = check(s)) hits.push_back(std::move(*hit));
    return hits;
}

}  // namespace trunkbox::sbc

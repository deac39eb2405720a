// Where a message may go on to (RFC 3261 sections 16.3 and 18.1.2).
#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
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

Hits response_reflected(const Subject& s) {
    if (!s.message.is_response()) return {};
    auto second = via_row(s.message, 1);
    if (!second) return {};
    auto via = sip::Via::parse(second->item);
    if (!via) return {};
    auto ip = net::Ip::parse(via->host);
    if (!ip) return {};
    bool broadcast = !ip->is_v6() && ip->v4_bits() == UINT32_MAX;
    if (!broadcast && !ip->is_multicast()) return {};
    return {{.offset = second->row->offset,
             .reason = fmt::format("the second Via sends the response to {}", shown(via->host))}};
}

}  // namespace trunkbox::sbc

// What a message shows of the inside (RFC 5853 section 3.1), and routes that are not as they should be.
#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "sbc/reading.h"
#include "sbc/rules.h"

namespace trunkbox::sbc {
namespace {

using sip::HeaderName;

// Of a field that names hosts, each host. Those that the far end wrote itself and gets back are none of ours.
template <class Visit>
void each_host(const Subject& s, const sip::Header& header, Visit visit) {
    bool request = s.message.is_request(), first = request && !s.reading.in_dialog();
    switch (header.name) {
        case HeaderName::via:
            if (request)
                for (std::string_view item : sip::list_items(header.value))
                    if (auto via = sip::Via::parse(item)) visit(via->host);
            return;
        case HeaderName::route:
        case HeaderName::record_route:
        case HeaderName::contact: {
            bool ours = header.name == HeaderName::contact || (header.name == HeaderName::route ? first : request);
            if (!ours) return;
            for (std::string_view item : sip::list_items(header.value))
                if (auto uri = sip::UriView::parse(field(item).uri)) visit(uri->host);
            return;
        }
        case HeaderName::call_id:
            if (first) visit(split_once(header.value, '@').second.value_or(""));
            return;
        case HeaderName::warning: {
            auto [code, rest] = split_once(header.value, ' ');
            std::string_view agent = split_once(trim(rest.value_or("")), ' ').first;
            visit(agent.substr(0, agent.starts_with('[') ? agent.find(']') : agent.find(':')));
            return;
        }
        default: return;
    }
}

bool is_inside_name(const Policy& policy, std::string_view host) {
    return std::ranges::any_of(policy.lists.inside_domains, [&](const std::string& domain) {
        if (host.size() < domain.size() || !iequals(host.substr(host.size() - domain.size()), domain)) return false;
        return host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.';
    });
}

// "phone/1.0": a word, a slash, a digit.
bool shows_version(std::string_view agent) {
    std::size_t slash = agent.find('/');
    return slash != std::string_view::npos && slash + 1 < agent.size() &&
           agent.find_first_of("0123456789", slash) != std::string_view::npos;
}

bool is_ours(const Subject& s, std::string_view host) {
    auto ip = host_ip(host);
    return ip && contains(s.policy.own, *ip);
}

}  // namespace

Hits private_address(const Subject& s) {
    // To a private address there is nothing to hide.
    if (s.trusts_peer() || s.packet.to.ip.is_private()) return {};
    Hits hits;
    auto leaks = [&](std::string_view host) {
        auto ip = host_ip(host);
        return ip && ip->is_private() && *ip != s.packet.from.ip;
    };
    auto add = [&](std::uint32_t offset, std::string_view where, std::string_view host) {
        if (hits.size() < most_hits && leaks(host))
            hits.push_back({.offset = offset, .reason = fmt::format("{} shows {}", where, shown(host))});
    };
    for (const sip::Header& header : s.message.headers())
        each_host(s, header, [&](std::string_view host) { add(header.offset, sip::spelling(header.name), host); });
    if (!s.reading.has_sdp) return hits;
    const SdpReading& sdp = s.reading.sdp;
    add(s.message.body_offset(), "o= of the SDP", sdp.origin_address);
    add(s.message.body_offset(), "c= of the SDP", sdp.session_address);
    for (const SdpReading::Media& media : sdp.media)
        if (media.address.data() != sdp.session_address.data()) add(s.message.body_offset(), "c= of a stream", media.address);
    return hits;
}

Hits inside_shown(const Subject& s) {
    if (s.trusts_peer()) return {};
    Hits hits;
    for (const sip::Header& header : s.message.headers()) {
        if (hits.size() >= most_hits) break;
        bool agent = header.name == HeaderName::user_agent || header.name == HeaderName::server;
        if (agent && shows_version(header.value))
            hits.push_back({.offset = header.offset,
                            .reason = fmt::format("{} shows a version: {}", sip::spelling(header.name), shown(header.value))});
        else if (header.name == HeaderName::other && istarts_with(header.spelled, "X-"))
            hits.push_back({.offset = header.offset, .reason = fmt::format("a header of our own: {}", shown(header.spelled))});
        else
            each_host(s, header, [&](std::string_view host) {
                if (hits.size() < most_hits && is_inside_name(s.policy, host))
                    hits.push_back({.offset = header.offset,
                                    .reason = fmt::format("{} shows {}", sip::spelling(header.name), shown(host))});
            });
    }
    return hits;
}

Hits route_form(const Subject& s) {
    Hits hits;
    std::size_t ours = 0;
    for (const sip::Header& header : s.message.headers()) {
        if (header.name != HeaderName::route && header.name != HeaderName::record_route) continue;
        for (std::string_view item : sip::list_items(header.value)) {
            auto uri = sip::UriView::parse(field(item).uri);
            if (!uri || hits.size() >= most_hits) continue;
            if (!uri->parameter("lr"))
                hits.push_back({.offset = header.offset,
                                .reason = fmt::format("a strict router in {}: {}", sip::spelling(header.name), shown(item))});
            else if (header.name == HeaderName::route && is_ours(s, uri->host) && ++ours == 2)
                hits.push_back({.offset = header.offset, .reason = fmt::format("the route comes back to us: {}", shown(item))});
        }
    }
    return hits;
}

}  // namespace trunkbox::sbc

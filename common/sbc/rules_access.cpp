// Who may do what from outside, and where calls may go.
#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "sbc/reading.h"
#include "sbc/rules.h"

namespace trunkbox::sbc {
namespace {

using sip::HeaderName;

constexpr std::string_view separators = "-.() ";

// The number that a URI names, as it was dialled but without visual separators; "" when it names none.
std::string dialled_number(const sip::UriView& uri) {
    std::string number = sip::unescape(split_once(uri.user, ';').first);
    std::erase_if(number, [](char c) { return separators.find(c) != std::string_view::npos; });
    std::string_view digits = number;
    if (digits.starts_with('+')) digits.remove_prefix(1);
    bool all_digits = !digits.empty() && std::ranges::all_of(digits, is_digit);
    return all_digits ? number : std::string();
}

// Without "+", "00" or "011"; "" when it is not written in its international form.
std::string_view international(std::string_view number) {
    for (std::string_view prefix : {"+", "011", "00"})
        if (number.starts_with(prefix)) return number.substr(prefix.size());
    return {};
}

bool leads_to_web(std::string_view item) {
    std::size_t open = item.find('<');
    std::string_view uri = trim(open == std::string_view::npos ? item : item.substr(open + 1));
    return istarts_with(uri, "http:") || istarts_with(uri, "https:");
}

// Additional data of an emergency call (RFC 7852) is for those who come to help.
bool is_emergency_data(std::string_view item) {
    auto purpose = sip::NameAddr::lenient(item).parameter("purpose");
    return purpose && istarts_with(*purpose, "EmergencyCallData.");
}

}  // namespace

Hits stranger_calls(const Subject& s) {
    if (s.peer != nullptr || s.policy.peers.empty()) return {};
    if (s.reading.method != "INVITE" || s.reading.in_dialog() || !s.reading.request_uri) return {};
    std::string number = dialled_number(*s.reading.request_uri);
    if (number.size() < 3) return {};
    return {{.offset = s.message.start_offset(),
             .reason = fmt::format("{} is no peer, and calls {}", s.packet.from.ip.text(), shown(number))}};
}

Hits stranger_writes(const Subject& s) {
    bool writes = s.reading.method == "MESSAGE" || s.reading.method == "SUBSCRIBE";
    if (!writes || s.trusts_peer() || s.reading.in_dialog()) return {};
    if (s.message.find(HeaderName::authorization) != nullptr ||
        s.message.find(HeaderName::proxy_authorization) != nullptr)
        return {};
    return {{.offset = s.message.start_offset(),
             .reason = fmt::format("{} from outside without credentials", s.reading.method)}};
}

Hits web_link(const Subject& s) {
    if (s.trusts_peer()) return {};
    Hits hits;
    for (const sip::Header& header : s.message.headers()) {
        bool looked_up = header.name == HeaderName::alert_info || header.name == HeaderName::call_info ||
                         header.name == HeaderName::error_info;
        if (!looked_up) continue;
        for (std::string_view item : sip::list_items(header.value)) {
            if (!leads_to_web(item) || is_emergency_data(item)) continue;
            hits.push_back({.offset = header.offset,
                            .reason = fmt::format("{} makes phones fetch {}", sip::spelling(header.name), shown(item))});
            break;
        }
        if (hits.size() >= 8) break;
    }
    return hits;
}

Hits risky_destination(const Subject& s) {
    if (s.reading.method != "INVITE" || s.reading.in_dialog() || !s.reading.request_uri) return {};
    std::string_view user = s.reading.request_uri->user;
    // Mostly it is written without separators.
    bool bare = s.reading.plain_request_uri && user.find('-') == std::string_view::npos && user.find('.') == std::string_view::npos;
    std::string stripped = bare ? std::string() : dialled_number(*s.reading.request_uri);
    std::string_view number = bare ? user : stripped;
    std::string_view digits = international(number);
    if (bare && !std::ranges::all_of(digits, is_digit)) return {};
    for (const std::string& prefix : s.policy.lists.high_risk_prefixes)
        if (digits.starts_with(prefix))
            return {{.offset = s.message.start_offset(),
                     .reason = fmt::format("{} begins with {}, where calls are dear", shown(number), prefix)}};
    return {};
}

}  // namespace trunkbox::sbc

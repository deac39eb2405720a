// Single header fields: addresses, expiries, the topmost Via, parameters.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "sbc/date.h"
#include "sbc/reading.h"
#include "sbc/rules.h"
#include "sip/parameters.h"

namespace trunkbox::sbc {
namespace {

using sip::HeaderName;

bool is_delta_seconds(std::string_view text) { return parse_integer<std::uint32_t>(text).has_value(); }

std::string told(const sip::Header& header, std::string_view what, std::string_view value) {
    return fmt::format("{} has {}: {}", sip::spelling(header.name), what, shown(value));
}

void address_fault(const Subject& s, const sip::Header& header, std::string_view item, Hits& hits) {
    auto fault = check_field(item);
    // The first faults decide; a flood of them has nothing to add.
    if (!fault || hits.size() >= most_hits) return;
    // A signature over the field forbids to repair it (RFC 4475 section 3.1.2.15).
    bool repairable = fault->one_reading && s.message.count(HeaderName::identity) == 0;
    hits.push_back({.offset = header.offset,
                    .reason = told(header, fault->what, item),
                    .instead = repairable ? Defaults{reject(400), note} : both(reject(400))});
}

// The names, lower-case, that stand more than once.
std::set<std::string> repeated_names(std::string_view text) {
    std::set<std::string> seen, repeated;
    for (const sip::Parameter& parameter : sip::parameters(text)) {
        std::string name = lower(trim(parameter.name));
        if (!name.empty() && !seen.insert(name).second) repeated.insert(std::move(name));
    }
    return repeated;
}

}  // namespace

Hits address_field(const Subject& s) {
    Hits hits;
    for (const sip::Header& header : s.message.headers()) {
        if (header.name == HeaderName::to || header.name == HeaderName::from) {
            address_fault(s, header, header.value, hits);
        } else if (header.name == HeaderName::contact && trim(header.value) != "*") {
            auto items = sip::list_items(header.value);
            if (items.empty()) items.emplace_back();
            for (std::string_view item : items)
                if (trim(item) != "*") address_fault(s, header, item, hits);
        }
    }
    return hits;
}

Hits expiry(const Subject& s) {
    bool contact_alone = s.message.find(HeaderName::expires) == nullptr && s.message.find(HeaderName::min_se) == nullptr &&
                         s.message.find(HeaderName::session_expires) == nullptr;
    if (contact_alone && s.reading.contact.usual) return {};
    Hits hits;
    for (const sip::Header& header : s.message.headers()) {
        std::string_view bad;
        if (header.name == HeaderName::expires || header.name == HeaderName::min_se ||
            header.name == HeaderName::session_expires) {
            std::string_view text = trim(split_once(header.value, ';').first);
            if (!is_delta_seconds(text)) bad = header.value;
        } else if (header.name == HeaderName::contact && header.value.find("xpires") != std::string_view::npos) {
            for (std::string_view item : sip::list_items(header.value)) {
                auto text = field(item).parameter("expires");
                if (text && !is_delta_seconds(*text)) bad = *text;
            }
        } else {
            continue;
        }
        if (bad.data() == nullptr) continue;
        hits.push_back({.offset = header.offset, .reason = told(header, "no number of seconds", bad)});
        if (hits.size() >= most_hits) break;
    }
    return hits;
}

Hits top_via(const Subject& s) {
    const sip::Header* row = s.reading.top.row;
    if (row == nullptr || s.reading.usual_via) return {};
    std::string_view item = s.reading.top.item;
    Hit hit{.offset = row->offset, .reason = {}, .instead = both(reject(400))};
    auto via = sip::Via::parse(item);
    if (!via) {
        hit.reason = told(*row, printable(via.error().what), item);
        return {hit};
    }
    bool empty_parameter = trim(item).ends_with(';') ||
                           std::ranges::any_of(sip::parameters(via->parameters), [](const sip::Parameter& parameter) {
                               return trim(parameter.name).empty();
                           });
    if (empty_parameter) {
        hit.reason = told(*row, "an empty parameter", item);
        return {hit};
    }
    std::string_view branch = via->branch();
    if (iequals(branch, sip::branch_cookie)) {
        hit.reason = told(*row, "a branch that is the bare cookie", item);
        hit.instead = Defaults{reject(400), note};
    } else if (!istarts_with(branch, sip::branch_cookie)) {
        hit.reason = told(*row, "no branch of RFC 3261", item);
        hit.instead = both(note);
    } else {
        return {};
    }
    return {hit};
}

Hits date_form(const Subject& s) {
    const sip::Header* header = s.message.find(HeaderName::date);
    if (header == nullptr || parse_date(header->value)) return {};
    return {{.offset = header->offset, .reason = told(*header, "no date in GMT", header->value)}};
}

Hits via_transport(const Subject& s) {
    if (!s.reading.via || iequals(s.reading.via->transport, net::name(s.packet.transport))) return {};
    return {{.offset = s.reading.top.row->offset,
             .reason = fmt::format("the topmost Via says {}, the packet came over {}", shown(s.reading.via->transport),
                                   net::name(s.packet.transport))}};
}

Hits parameter_repeated(const Subject& s) {
    Hits hits;
    for (HeaderName name : {HeaderName::from, HeaderName::to}) {
        const sip::Header* header = s.message.find(name);
        if (!header) continue;
        for (const std::string& parameter : repeated_names(field(header->value).parameters)) {
            Hit hit{.offset = header->offset,
                    .reason = fmt::format("{} has the parameter {} twice", sip::spelling(name), shown(parameter))};
            if (parameter != "tag") hit.instead = both(note);
            hits.push_back(std::move(hit));
            if (hits.size() >= most_hits) return hits;
        }
    }
    return hits;
}

Hits from_without_tag(const Subject& s) {
    const sip::Header* from = s.reading.from.header;
    // Where the field itself is at fault there is no telling whether it has a tag.
    if (from == nullptr || s.reading.from.fault || !s.reading.from.tag.empty()) return {};
    Hit hit{.offset = from->offset, .reason = told(*from, "no tag", from->value)};
    if (speaks_rfc2543(s.message)) hit.instead = both(note);
    return {hit};
}

}  // namespace trunkbox::sbc

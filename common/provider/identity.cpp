#include "provider/identity.h"

#include <algorithm>

#include "base/text.h"
#include "numbering/spelling.h"
#include "sip/name_addr.h"

namespace trunkbox::provider {

using sip::HeaderName;

namespace {

std::string user_of(std::string_view uri) {
    auto parsed = sip::UriView::parse(uri);
    return parsed ? sip::unescape(parsed->user) : std::string{};
}

std::optional<numbering::E164> number_in(std::string_view address, std::string_view region) {
    auto parsed = sip::NameAddr::parse(address);
    if (!parsed) return std::nullopt;
    auto number = numbering::read_number(user_of(parsed->uri), region);
    return number ? std::optional(*number) : std::nullopt;
}

}  // namespace

std::string dialled(const sip::MessageView& request) { return user_of(request.request_uri()); }

std::optional<numbering::E164> dialled_number(const sip::MessageView& request, std::string_view region) {
    auto number = numbering::read_number(dialled(request), region);
    return number ? std::optional(*number) : std::nullopt;
}

std::vector<numbering::E164> asserted_numbers(const sip::MessageView& invite, std::string_view region) {
    std::vector<numbering::E164> numbers;
    for (auto name : {HeaderName::p_asserted_identity, HeaderName::p_preferred_identity, HeaderName::from})
        for (auto item : list_items(invite, name))
            if (auto number = number_in(item, region)) numbers.push_back(*number);
    return numbers;
}

std::optional<numbering::E164> own_number(const sip::MessageView& invite, const config::TrunkConfig& trunk) {
    for (const auto& number : asserted_numbers(invite, trunk.region))
        if (std::ranges::any_of(trunk.numbers, [&](const auto& range) { return range.contains(number); })) return number;
    return std::nullopt;
}

numbering::E164 calling_number(const sip::MessageView& invite, const config::TrunkConfig& trunk) {
    return own_number(invite, trunk).value_or(trunk.numbers.front().first);
}

std::optional<numbering::E164> from_number(const sip::MessageView& invite) {
    return number_in(invite.value(HeaderName::from), {});
}

bool wants_privacy(const sip::MessageView& invite) {
    for (auto value : split(invite.value(HeaderName::privacy), ';'))
        if (iequals(trim(value), "id") || iequals(trim(value), "user") || iequals(trim(value), "header")) return true;
    return false;
}

}  // namespace trunkbox::provider

#include "sip/message_view.h"

#include "base/text.h"

namespace trunkbox::sip {

std::uint32_t MessageView::start_offset() const {
    return static_cast<std::uint32_t>(start_line_.data() - bytes_.data());
}

const Header* MessageView::find_far(HeaderName name, std::size_t from) const {
    for (const auto& header : headers().subspan(from))
        if (header.name == name) return &header;
    return nullptr;
}

const Header* MessageView::find(std::string_view name) const {
    auto known = header_name(name);
    if (known != HeaderName::other) return find(known);
    for (const auto& header : headers())
        if (iequals(header.spelled, name)) return &header;
    return nullptr;
}

std::size_t MessageView::count_all(HeaderName name) const {
    std::size_t count = 0;
    for (const auto& header : headers()) count += header.name == name ? 1u : 0u;
    return count;
}

std::optional<std::uint32_t> MessageView::flaw(Flaw flaw) const {
    for (const auto& finding : findings())
        if (finding.flaw == flaw) return finding.offset;
    return std::nullopt;
}

}  // namespace trunkbox::sip

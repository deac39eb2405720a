// Bodies and what says what they are (RFC 3261 sections 7.4 and 20.15, RFC 2046).
#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "sbc/reading.h"
#include "sbc/rules.h"

namespace trunkbox::sbc {
namespace {

using sip::HeaderName;

// Where the part behind `most` parts begins: the offset of its boundary in the body.
std::optional<std::size_t> part_behind(std::string_view body, std::string_view boundary, std::size_t most) {
    std::string mark = "--" + std::string(boundary);
    std::size_t parts = 0;
    for (std::size_t at = body.find(mark); at != std::string_view::npos; at = body.find(mark, at + mark.size())) {
        bool begins_line = at == 0 || body[at - 1] == '\n';
        bool closes = body.substr(at + mark.size()).starts_with("--");
        if (begins_line && !closes && ++parts > most) return at;
    }
    return std::nullopt;
}

}  // namespace

Hits body_type(const Subject& s) {
    const sip::Header* type = s.message.find(HeaderName::content_type);
    if (type == nullptr) return {{.offset = s.message.header_end(), .reason = "a body without Content-Type"}};
    if (!istarts_with(type->value, "multipart/")) return {};
    auto [media_type, parameters] = split_once(type->value, ';');
    std::string boundary = sip::unquote(sip::parameter(parameters.value_or(""), "boundary").value_or(""));
    if (boundary.empty())
        return {{.offset = type->offset, .reason = fmt::format("a multipart without boundary: {}", shown(type->value))}};
    auto behind = part_behind(s.message.body(), boundary, s.policy.limits.bodies);
    if (!behind) return {};
    return {{.offset = s.message.body_offset() + static_cast<std::uint32_t>(*behind),
             .reason = fmt::format("more than {} bodies", s.policy.limits.bodies)}};
}

Hits body_encoding(const Subject& s) {
    const sip::Header* header = s.message.find(HeaderName::content_encoding);
    if (header == nullptr || header->value.empty() || iequals(header->value, "identity")) return {};
    return {{.offset = header->offset,
             .reason = fmt::format("the body is encoded, so that nobody here reads it: {}", shown(header->value))}};
}

}  // namespace trunkbox::sbc

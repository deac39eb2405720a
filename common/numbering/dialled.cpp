#include "numbering/dialled.h"

#include "base/text.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace trunkbox::numbering {

namespace {

constexpr std::size_t longest_text = 1000;

std::optional<std::string> digits_of(std::string_view text) {
    std::string digits;
    bool plus = text.starts_with('+');
    if (plus) text.remove_prefix(1);
    for (char c : text) {
        if (is_digit(c))
            digits += c;
        else if (std::string_view(" -.()").find(c) == std::string_view::npos)
            return std::nullopt;
    }
    if (plus) return digits;
    // The ways to dial out of a country; no country code begins with 0.
    for (std::string_view prefix : {"00", "011"})
        if (digits.starts_with(prefix) && digits.size() > prefix.size() + 3) return digits.substr(prefix.size());
    return digits;
}

// Without the scheme, and without the host of a SIP URI.
std::string_view user_part(std::string_view text) {
    for (std::string_view scheme : {"tel:", "sip:", "sips:"})
        if (istarts_with(text, scheme)) {
            text.remove_prefix(scheme.size());
            return text.substr(0, text.find('@'));
        }
    return text;
}

}  // namespace

Result<Dialled> read_dialled(std::string_view text) {
    auto written = trim(text);
    if (written.size() > longest_text) return not_a_number(written.substr(0, 60), "is too long");
    auto parts = split(user_part(written), ';');
    auto digits = digits_of(parts.front());
    if (!digits || digits->empty()) return not_a_number(written, "is not digits");
    Dialled dialled{.digits = std::move(*digits)};
    if (dialled.digits.size() > max_digits)
        return not_a_number(written, fmt::format("has more than {} digits", max_digits));
    if (auto number = E164::parse_digits(dialled.digits)) dialled.number = *number;
    for (auto parameter : std::span(parts).subspan(1)) {
        auto [name, value] = split_once(parameter, '=');
        if (iequals(name, "npdi")) dialled.queried = true;
        if (!iequals(name, "rn") || !value) continue;
        auto routing = digits_of(*value);
        auto number = E164::parse_digits(routing.value_or(std::string{}));
        if (!number) return not_a_number(*value, "is not a routing number");
        dialled.routing_number = *number;
    }
    return dialled;
}

}  // namespace trunkbox::numbering

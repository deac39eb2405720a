// Which country codes are assigned (list of ITU-T E.164 assigned country codes), who has them, and which ranges
// below them cost a caller more than a call.
#pragma once

#include "numbering/prefix.h"

#include <optional>
#include <span>
#include <string_view>

namespace trunkbox::numbering {

// `digits` is a country code, or one with the area of a member that shares it: "44", "1242".
struct Country {
    std::string_view digits;
    std::string_view name;    // as decks write it, in English
    std::string_view others;  // other spellings, "|" between them
};
// By digits, as a walk through the tree of prefixes goes.
[[nodiscard]] std::span<const Country> countries();

// The assigned country code that the prefix begins with: "44" of "4420". Nothing for a prefix that is shorter
// than its country code ("4"), or whose country code is not assigned ("210").
[[nodiscard]] std::optional<std::string_view> country_code(std::string_view digits);
// Whether any number can begin so: "4" and "4420" yes, "210" no.
[[nodiscard]] bool is_assigned(Prefix prefix);

// The country that the name of a destination begins with ("France Mobile Orange"), or null.
[[nodiscard]] const Country* named_country(std::string_view destination);
// Whether numbers of a country so named can begin with these digits; nothing if that is not for the name to say.
[[nodiscard]] std::optional<bool> belongs_to(const Country& country, std::string_view digits);

// Satellite networks, and ranges that pay the called party: what dialled traffic to is fraud more often than not.
struct PremiumRange {
    std::string_view digits;
    std::string_view what;
};
[[nodiscard]] std::span<const PremiumRange> premium_ranges();

// Digits of the longest number below a country code, the code included; 15 where the plan sets no lower limit.
[[nodiscard]] int longest_number(std::string_view country_code);

}  // namespace trunkbox::numbering

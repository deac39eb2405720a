// What a call is like, as far as rows of decks ask: hour of the week, caller, jurisdiction.
#pragma once

#include "lcr/evaluate.h"
#include "lcr/scope.h"
#include "lcr/settings.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace trunkbox::lcr {

// The number a carrier rates by: the routing number if it has one and the carrier looks at that.
[[nodiscard]] const numbering::E164& rated_number(const Carrier& carrier, const Facts& facts);

// Whether `at` lies in the time class, on the clock of the zone. An unknown class or zone: never.
[[nodiscard]] bool in_time_class(const Settings& settings, std::string_view time_class, std::string_view zone,
                                 Time at);

// How specific a row's origin is for the caller: 0 asks for none, else 1 and more; none: another caller.
[[nodiscard]] std::optional<int> origin_match(const Settings& settings, std::string_view origin,
                                              const std::optional<numbering::E164>& from);

// By state or LATA of the two numbers; indeterminate where one of them has none.
[[nodiscard]] Jurisdiction jurisdiction_of(const Settings& settings, JurisdictionBasis basis,
                                           const std::optional<numbering::E164>& from,
                                           const numbering::E164& number);

}  // namespace trunkbox::lcr

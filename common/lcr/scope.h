// When, and for whose calls, a row of a deck is in force.
#pragma once

#include "base/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace trunkbox::lcr {

// Of a call within the North American Numbering Plan: do caller and called party live in one state (or LATA)?
enum class Jurisdiction : std::uint8_t {
    any,  // the row does not ask
    interstate,
    intrastate,
    indeterminate,  // the caller is toll-free, abroad, absent or in no known state
};
// "any", "interstate" …
[[nodiscard]] std::string_view name(Jurisdiction jurisdiction);

struct Scope {
    std::optional<Time> effective{};  // in force from here on (included); none: always was
    std::optional<Time> end{};        // to here (excluded); none: for good
    std::string time_class{};         // of the moment the call starts, by name; "": at any time of the week
    std::string origin{};             // "33": callers whose number begins so; "eea": a named group; "": all callers
    Jurisdiction jurisdiction = Jurisdiction::any;
    auto operator<=>(const Scope&) const = default;
};

// A row's origin that takes callers without a usable number: none, too short, or of no country.
inline constexpr std::string_view invalid_origin = "invalid";

}  // namespace trunkbox::lcr

// A called number as route queries have it: digits, a URI, or either with the parameters of number portability.
#pragma once

#include "base/result.h"
#include "numbering/e164.h"

#include <optional>
#include <string>
#include <string_view>

namespace trunkbox::numbering {

struct Dialled {
    std::string digits{};                   // as dialled, without '+' and marks; emergency numbers are no E.164
    std::optional<E164> number{};           // none when the digits are not E.164
    std::optional<E164> routing_number{};   // "rn=" (RFC 4694): of a ported number
    bool queried = false;                   // "npdi": portability was asked for already
};

// "+442079460123", "442079460123", "00442079460123", "011…", "tel:+44-20-7946-0123;npdi;rn=…", "sip:+44…@host". Blanks,
// '-', '.', '(' and ')' are dropped. What is no digits is an error; nothing is guessed.
[[nodiscard]] Result<Dialled> read_dialled(std::string_view text);

}  // namespace trunkbox::numbering

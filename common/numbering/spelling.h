// Numbers as people write them, in and out.
#pragma once

#include "base/result.h"
#include "numbering/e164.h"

#include <optional>
#include <string>
#include <string_view>

namespace trunkbox::numbering {

// Any human spelling: "+44 (0)20 7946 0123", "020 7946 0123" with region "GB", "01.99.00.00.02" with "FR",
// "tel:+44-20-7946-0123".
// region: ISO 3166 letters that national spellings are read by, "" for none. The number must be possible
// (length fits the country's plan), it need not be in use. "+" and digits alone are read as they stand,
// without any plan. An extension ("ext. 5") is an error: E.164 has no place for it.
[[nodiscard]] Result<E164> read_number(std::string_view text, std::string_view region = {});

// Whether `region` is one that national spellings can be read by.
[[nodiscard]] bool is_region(std::string_view region);

enum class Format { e164, international, national, rfc3966 };

// "+442079460123", "+44 20 7946 0123", "020 7946 0123", "tel:+44-20-7946-0123".
[[nodiscard]] std::string format(const E164& number, Format format);

// "e164", "international", "national", "rfc3966".
[[nodiscard]] std::string_view name(Format format);
[[nodiscard]] std::optional<Format> parse_format(std::string_view name);

// The country or territory that the number belongs to, ISO 3166 letters; "" when it is none ("+881…") or
// unknown.
[[nodiscard]] std::string region_of(const E164& number);

// Whether the country's plan has the number in use, as far as libphonenumber's tables know; they are older than the plans.
[[nodiscard]] bool is_valid(const E164& number);

// The domain that ENUM (RFC 6116) asks for: "1.0.0.0.0.0.9.9.1.3.3.e164.arpa".
[[nodiscard]] std::string enum_domain(const E164& number, std::string_view suffix = "e164.arpa");

}  // namespace trunkbox::numbering

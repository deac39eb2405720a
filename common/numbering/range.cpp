#include "numbering/range.h"

#include "base/text.h"

#include <fmt/format.h>

namespace trunkbox::numbering {

Result<NumberRange> NumberRange::parse(std::string_view text) {
    auto [first_text, last_text] = split_once(text, '-');
    auto first = E164::parse(trim(first_text));
    if (!first) return tl::unexpected(first.error());
    auto last = last_text ? E164::parse(trim(*last_text)) : first;
    if (!last) return tl::unexpected(last.error());
    auto bad = [&](std::string_view why) {
        return failure(Fault::input, "", fmt::format("range '{}' {}", printable(text), why),
                       "write e.g. '+33199000000-+33199000999'");
    };
    if (first->length() != last->length()) return bad("has ends of different lengths");
    if (*last < *first) return bad("ends before it begins");
    return NumberRange{*first, *last};
}

bool NumberRange::contains(const E164& number) const {
    return number.length() == first.length() && first <= number && number <= last;
}

std::string NumberRange::text() const {
    return first == last ? first.text() : fmt::format("{}-{}", first.text(), last.text());
}

}  // namespace trunkbox::numbering

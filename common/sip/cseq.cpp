#include "sip/cseq.h"

#include <fmt/format.h>

#include "base/text.h"
#include "sip/parameters.h"

namespace trunkbox::sip {

Result<CSeq> CSeq::parse(std::string_view value) {
    value = trim(value);
    std::size_t digits = 0;
    while (digits < value.size() && is_digit(value[digits])) ++digits;
    auto method = trim(value.substr(digits));
    bool apart = digits + method.size() < value.size();
    if (digits == 0 || !apart || !is_token(method))
        return failure(Fault::input, "CSeq", fmt::format("'{}' is not a number and a method", printable(value)),
                       "write e.g. '1 INVITE'");
    auto number = parse_integer<std::uint32_t>(value.substr(0, digits));
    if (!number)
        return failure(Fault::input, "CSeq",
                       fmt::format("number '{}' is over 4294967295", printable(value.substr(0, digits), 24)),
                       "start below 2147483648 and count up");
    return CSeq{*number, method};
}

}  // namespace trunkbox::sip

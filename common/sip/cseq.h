// CSeq (RFC 3261 section 20.16): a number below 2^32 and a method.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace trunkbox::sip {

struct CSeq {
    std::uint32_t number = 0;
    std::string_view method;

    [[nodiscard]] static Result<CSeq> parse(std::string_view value);
};

}  // namespace trunkbox::sip

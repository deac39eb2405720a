// The telephone number that a request is for, read without a copy of its own. Private to sbc/.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "sbc/rule.h"

namespace trunkbox::sbc {

// The digits of a user part, however it is written; what has letters, or too many or too few digits, is none.
class DialledDigits {
  public:
    explicit DialledDigits(std::string_view user);

    [[nodiscard]] std::string_view digits() const { return {digits_.data(), size_}; }
    // Behind "+", "00" or "011"; "" when it is not written in its international form.
    [[nodiscard]] std::string_view international() const;
    [[nodiscard]] bool empty() const { return size_ == 0; }

  private:
    std::array<char, 32> digits_{};
    std::size_t size_ = 0;
    bool plus_ = false;
};

// The user part of the Request-URI, or the number of a tel URI.
[[nodiscard]] std::string_view dialled_user(const Subject& s);

}  // namespace trunkbox::sbc

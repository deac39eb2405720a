#include "sbc/state_dialled.h"

#include "base/text.h"

namespace trunkbox::sbc {

DialledDigits::DialledDigits(std::string_view user) {
    auto is_mark = [](char c) { return c == '-' || c == '.' || c == '(' || c == ')' || c == ' ' || c == '*' || c == '#'; };
    if (user.starts_with('+')) {
        plus_ = true;
        user.remove_prefix(1);
    }
    for (char c : user) {
        if (is_digit(c) && size_ < digits_.size()) {
            digits_[size_++] = c;
        } else if (c == ';') {
            break;
        } else if (!is_mark(c)) {
            size_ = 0;
            return;
        }
    }
    if (size_ < 3) size_ = 0;
}

std::string_view DialledDigits::international() const {
    if (plus_) return digits();
    for (std::string_view prefix : {"011", "00"})
        if (digits().starts_with(prefix)) return digits().substr(prefix.size());
    return {};
}

std::string_view dialled_user(const Subject& s) {
    if (!s.reading.request_uri) return {};
    return s.reading.request_uri->user;
}

}  // namespace trunkbox::sbc

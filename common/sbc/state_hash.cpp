#include "sbc/state_hash.h"

#include "base/text.h"
#include "sbc/reading.h"

namespace trunkbox::sbc {

std::optional<net::Ip> literal_address(std::string_view host) {
    // Nearly all are four numbers, which are read faster than all that an address may be.
    std::uint32_t bits = 0, number = 0, dots = 0, digits = 0;
    for (char c : host) {
        if (is_digit(c) && digits < 3) {
            number = number * 10 + static_cast<std::uint32_t>(c - '0');
            ++digits;
        } else if (c == '.' && digits > 0 && dots < 3 && number < 256) {
            bits = bits << 8U | number;
            number = digits = 0;
            ++dots;
        } else {
            return host_ip(host);
        }
    }
    if (dots != 3 || digits == 0 || number > 255) return host_ip(host);
    return net::Ip::v4(bits << 8U | number);
}

}  // namespace trunkbox::sbc

#include "pcap/version.h"

#include <string_view>

#include "pcap/libpcap.h"

namespace trunkbox::pcap {

// "libpcap version 1.10.3 (with TPACKET_V3)": the number alone.
std::string library_version() {
    auto libpcap = Libpcap::load();
    if (!libpcap) return "not there";
    std::string_view text = (*libpcap)->lib_version();
    auto digit = text.find_first_of("0123456789");
    if (digit == std::string_view::npos) return std::string(text);
    return std::string(text.substr(digit, text.find(' ', digit) - digit));
}

}  // namespace trunkbox::pcap

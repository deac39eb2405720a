#include "mutation.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace trunkbox::bench {

namespace {

// What readers of SIP trip over: ends, separators, encodings, numbers beyond their range, fields that stand twice.
constexpr std::array<std::string_view, 24> pieces{
    "\r\n", "\n", "\r\n\r\n", "\r\n ", ":", ";", ",", "\"", "<", ">", "@", "%00", "%", std::string_view("\0", 1), "\xff\xfe", "\xc3\x28",
    "4294967296", "-1", "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n", "Content-Length: 99999\r\n", "l: 0\r\n",
    "CSeq: 1 ACK\r\n", "SIP/2.0", "=\r\na=rtpmap:8"};

constexpr std::size_t longest_packet = 60'000;

}  // namespace

void Mutation::damage(std::string& bytes) {
    auto at = below(bytes.size());
    auto length = below(std::min<std::size_t>(bytes.size() - at, 64));
    switch (below(8)) {
        case 0:
            if (!bytes.empty()) bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
            break;
        case 1:
            if (!bytes.empty()) bytes[at] = static_cast<char>(below(256));
            break;
        case 2: bytes.resize(at); break;
        case 3: bytes.erase(at, length); break;
        case 4: bytes.insert(at, bytes.substr(below(bytes.size()), below(200))); break;
        case 5: bytes.insert(at, pieces[below(pieces.size())]); break;
        case 6: bytes.insert(at, std::string(below(100) == 0 ? below(20'000) : below(300), static_cast<char>(below(256)))); break;
        default:
            if (auto other = below(bytes.size()); other + length <= bytes.size())
                std::swap_ranges(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                                 bytes.begin() + static_cast<std::ptrdiff_t>(std::min(at + length, bytes.size())),
                                 bytes.begin() + static_cast<std::ptrdiff_t>(other));
    }
    bytes.resize(std::min(bytes.size(), longest_packet));
}

std::string Mutation::packet(const net::Endpoint& from, const net::Endpoint& to, std::string payload) {
    auto times = 1 + below(4);
    bool whole = below(8) == 0;
    if (whole) payload = net::udp_packet(from, to, payload);
    for (std::size_t i = 0; i < times; ++i) damage(payload);
    return whole ? payload : net::udp_packet(from, to, payload);
}

}  // namespace trunkbox::bench

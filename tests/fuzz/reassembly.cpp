// Fragments, TCP segments and SCTP chunks of one flow, in any order and overlapping as the input says: each piece is
// five bytes (which kind and flags, place, length) and then its payload. Tight limits, so that they are reached.
#include <cstdint>

#include "net/layer.h"
#include "support/accounts.h"
#include "support/frames.h"

using namespace trunkbox;

namespace {

test::Part piece(const test::Flow& flow, unsigned kind, std::size_t place, std::string_view payload) {
    if (kind % 4 == 0) {
        std::uint8_t protocol = (kind & 8U) != 0 ? 6 : 17;
        return test::fragment(flow, {kind >> 4U, place * 8 & 0xfff8U, (kind & 4U) != 0, protocol}, payload);
    }
    auto number = static_cast<std::uint32_t>(0xffffff00U + place);  // wraps soon
    if (kind % 4 == 1)
        return test::ip(flow, test::sctp(flow, test::data_chunk(number, payload, kind >> 2U & 3U), kind >> 6U));
    return test::ip(flow, test::tcp(flow, number, payload, kind >> 2U & 7U));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (bytes.empty()) return 0;
    bool v6 = (net::be8(bytes, 0) & 1U) != 0;
    auto flow = v6 ? test::flow("[2001:db8::1]:5060", "[2001:db8::2]:5070")
                   : test::flow("192.0.2.1:5060", "198.51.100.2:5070");
    net::DissectorLimits limits;
    if ((net::be8(bytes, 0) & 2U) != 0)
        limits = {.fragment_bytes = 20'000, .fragmented_packets = 3, .stream_bytes = 5'000, .streams = 3,
                  .segments_ahead = 4, .message_bytes = 300};
    test::Accounts accounts(limits);
    for (bytes.remove_prefix(1); bytes.size() >= 5;) {
        auto kind = net::be8(bytes, 0);
        std::size_t place = net::be16(bytes, 1), length = net::be16(bytes, 3) % 2048;
        bytes.remove_prefix(5);
        auto payload = bytes.substr(0, length);
        bytes.remove_prefix(payload.size());
        if (payload.empty()) accounts.now += std::chrono::seconds(place % 64);
        auto frame = piece(flow, kind, place, payload);
        accounts.feed(frame.type == 0x0800 ? 228 : 229, frame.bytes, frame.bytes.size() + (length > 2000 ? 1 : 0));
    }
    accounts.finish();
    return 0;
}

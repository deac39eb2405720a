// Any frames of any link type: the first byte chooses it, then each frame has two bytes of length before it, and what
// the last one lacks of its length the capture has cut.
#include <cstdint>

#include "net/layer.h"
#include "support/accounts.h"

using namespace trunkbox;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (bytes.empty()) return 0;
    constexpr std::array links{1, 1, 1, 0, 12, 101, 108, 113, 228, 229, 276, 147};
    auto link = links[net::be8(bytes, 0) % links.size()];
    test::Accounts accounts;
    for (bytes.remove_prefix(1); bytes.size() >= 2;) {
        std::size_t length = net::be16(bytes, 0);
        bytes.remove_prefix(2);
        auto frame = bytes.substr(0, length);
        bytes.remove_prefix(frame.size());
        accounts.feed(link, frame, length);
    }
    accounts.finish();
    return 0;
}

// Session descriptions of any bytes, by the reader of the rules and by the one that calls use.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sbc/sdp.h"
#include "sofia/sdp.h"

namespace {

bool is_within(std::string_view part, std::string_view whole) {
    return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace trunkbox;
    std::string_view text(reinterpret_cast<const char*>(data), size);
    sbc::SdpReading reading = sbc::read_sdp(text);
    if (reading.media.size() > reading.media_lines || !is_within(reading.origin_address, text)) std::abort();
    for (const auto& media : reading.media)
        for (std::string_view part : {media.type, media.protocol, media.formats, media.address, media.section})
            if (!is_within(part, text)) std::abort();
    if (auto session = sofia::parse_sdp(text); !session && session.error().what.empty()) std::abort();
    return 0;
}

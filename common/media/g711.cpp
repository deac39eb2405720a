#include "media/g711.h"

#include "base/text.h"

#include <algorithm>
#include <iterator>

#include <spandsp.h>

namespace trunkbox::media {

std::optional<Law> law_of(const Codec& codec) {
    if (codec.clock_rate != 8000 || codec.channels != 1) return std::nullopt;
    if (iequals(codec.name, "PCMA")) return Law::a;
    if (iequals(codec.name, "PCMU")) return Law::mu;
    return std::nullopt;
}

std::uint8_t encode(Law law, std::int16_t sample) {
    return law == Law::a ? linear_to_alaw(sample) : linear_to_ulaw(sample);
}

std::int16_t decode(Law law, std::uint8_t octet) {
    return law == Law::a ? alaw_to_linear(octet) : ulaw_to_linear(octet);
}

Bytes encode(Law law, std::span<const std::int16_t> samples) {
    Bytes out;
    out.reserve(samples.size());
    std::ranges::transform(samples, std::back_inserter(out),
                           [law](std::int16_t s) { return encode(law, s); });
    return out;
}

std::vector<std::int16_t> decode(Law law, ByteView octets) {
    std::vector<std::int16_t> out;
    out.reserve(octets.size());
    std::ranges::transform(octets, std::back_inserter(out), [law](std::uint8_t o) { return decode(law, o); });
    return out;
}

}  // namespace trunkbox::media

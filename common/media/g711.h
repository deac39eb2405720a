// G.711 A-law and µ-law, to and from 16-bit linear samples at 8 kHz.
#pragma once

#include "media/rtp.h"
#include "media/sdp.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace trunkbox::media {

enum class Law { a, mu };

// "PCMA" and "PCMU" at 8000 Hz mono; empty for any other codec.
[[nodiscard]] std::optional<Law> law_of(const Codec& codec);

[[nodiscard]] std::uint8_t encode(Law law, std::int16_t sample);
[[nodiscard]] std::int16_t decode(Law law, std::uint8_t octet);
[[nodiscard]] Bytes encode(Law law, std::span<const std::int16_t> samples);
[[nodiscard]] std::vector<std::int16_t> decode(Law law, ByteView octets);

}  // namespace trunkbox::media

// RTP payload to sound, for the codecs that we can decode: G.711 and G.722.
#pragma once

#include "media/rtp.h"
#include "media/sdp.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace trunkbox::media {

// Keeps what a codec remembers between packets; packets of one stream in order.
class Decoder {
  public:
    // Nothing for codecs other than PCMA, PCMU and G722, mono.
    [[nodiscard]] static std::optional<Decoder> of(const Codec& codec);
    ~Decoder();
    Decoder(Decoder&&) noexcept;
    Decoder& operator=(Decoder&&) noexcept;

    // 16-bit samples at sample_rate().
    [[nodiscard]] std::vector<std::int16_t> decode(ByteView payload);
    // Hz: 8000, or 16000 for G722, whose timestamps run at 8000 (RFC 3551 section 4.5.2).
    [[nodiscard]] std::uint32_t sample_rate() const;

  private:
    struct State;
    explicit Decoder(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace trunkbox::media

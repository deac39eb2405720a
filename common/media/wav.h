// WAV files as bytes in memory; reading and writing the file is the caller's.
#pragma once

#include "base/result.h"
#include "media/rtp.h"

#include <cstdint>
#include <span>
#include <vector>

namespace trunkbox::media {

// Whatever libsndfile reads (WAV, AIFF, FLAC …), as 8 kHz mono: channels are averaged, other rates resampled.
// Errors: no such file format, no samples, longer than an hour.
[[nodiscard]] Result<std::vector<std::int16_t>> read_wav(ByteView file);

// 16-bit PCM, mono, 8 kHz.
[[nodiscard]] Result<Bytes> write_wav(std::span<const std::int16_t> samples);

// Averaging on the way down, linear on the way up; rates in Hz, not 0.
[[nodiscard]] std::vector<std::int16_t> resample(std::span<const std::int16_t> samples, std::uint32_t from,
                                                 std::uint32_t to);

}  // namespace trunkbox::media

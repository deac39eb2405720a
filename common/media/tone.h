// Tones made and measured. Levels are dBm0: a full-scale sine is +3.14 dBm0 (G.711, the A-law overload
// point).
#pragma once

#include "base/time.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace trunkbox::media {

inline constexpr std::uint32_t sample_rate = 8000;
inline constexpr double full_scale_sine_dbm0 = 3.14;
// What a level of nothing at all reads as.
inline constexpr double no_level_dbm0 = -99.0;

// Frequencies sounding together. on 0: steady; otherwise on, off, on, off …
struct Tone {
    std::vector<double> frequencies = {440.0};  // Hz
    double level = -10.0;                       // dBm0 of each frequency
    Duration on{};
    Duration off{};
    bool operator==(const Tone&) const = default;
};

// The samples of the tone from its sample number `first` on. The same call gives the same samples: no state.
void make_tone(const Tone& tone, std::uint64_t first, std::span<std::int16_t> out);

// Mean power of the samples, never below no_level_dbm0.
[[nodiscard]] double level_dbm0(std::span<const std::int16_t> samples);
// The same from the sum of the squares of so many samples.
[[nodiscard]] double mean_level_dbm0(double energy, std::uint64_t samples);
// Power of the one frequency in the samples (Goertzel).
[[nodiscard]] double level_dbm0(std::span<const std::int16_t> samples, double frequency);

// Above it, it is taken as sound and not as the noise of an idle line.
inline constexpr double heard_threshold_dbm0 = -45.0;

}  // namespace trunkbox::media

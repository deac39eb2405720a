#include "media/tone.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace trunkbox::media {
namespace {

constexpr double full_scale = 32768.0;

// Of a sine with this amplitude; full scale is full_scale_sine_dbm0.
double dbm0_of_amplitude(double amplitude) {
    if (amplitude <= 0) return no_level_dbm0;
    return std::max(no_level_dbm0, full_scale_sine_dbm0 + 20 * std::log10(amplitude / full_scale));
}

std::uint64_t samples_in(Duration duration) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, duration / 125us));
}

// The angle of sample n of a frequency, taken modulo one second first: exact for whole Hz however long it
// sounds.
double angle(double frequency, std::uint64_t n) {
    const double whole = std::floor(frequency);
    const double turns = whole * static_cast<double>(n % sample_rate) / sample_rate +
                         (frequency - whole) * static_cast<double>(n) / sample_rate;
    return 2 * std::numbers::pi * (turns - std::floor(turns));
}

}  // namespace

void make_tone(const Tone& tone, std::uint64_t first, std::span<std::int16_t> out) {
    const double amplitude = full_scale * std::pow(10.0, (tone.level - full_scale_sine_dbm0) / 20);
    const std::uint64_t on = samples_in(tone.on);
    const std::uint64_t period = on + samples_in(tone.off);
    for (std::size_t i = 0; i < out.size(); ++i) {
        const std::uint64_t n = first + i;
        double value = 0;
        if (on == 0 || n % period < on) {
            for (double frequency : tone.frequencies) value += amplitude * std::sin(angle(frequency, n));
        }
        out[i] = static_cast<std::int16_t>(std::lround(std::clamp(value, -32768.0, 32767.0)));
    }
}

double level_dbm0(std::span<const std::int16_t> samples) {
    double energy = 0;
    for (std::int16_t sample : samples) energy += static_cast<double>(sample) * sample;
    return mean_level_dbm0(energy, samples.size());
}

double mean_level_dbm0(double energy, std::uint64_t samples) {
    if (samples == 0) return no_level_dbm0;
    // A sine's amplitude is the square root of twice its mean power.
    return dbm0_of_amplitude(std::sqrt(2 * energy / static_cast<double>(samples)));
}

double level_dbm0(std::span<const std::int16_t> samples, double frequency) {
    if (samples.empty()) return no_level_dbm0;
    const double step = 2 * std::numbers::pi * frequency / sample_rate;
    const double coefficient = 2 * std::cos(step);
    double before = 0;
    double last = 0;
    for (std::int16_t sample : samples) {
        const double next = sample + coefficient * last - before;
        before = last;
        last = next;
    }
    const double power = last * last + before * before - coefficient * last * before;
    return dbm0_of_amplitude(2 * std::sqrt(std::max(0.0, power)) / static_cast<double>(samples.size()));
}

}  // namespace trunkbox::media

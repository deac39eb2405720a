#include "media/e_model.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace trunkbox::media {
namespace {

double decibel_sum(std::initializer_list<double> levels) {
    double sum = 0;
    for (double level : levels) sum += std::pow(10, level / 10);
    return 10 * std::log10(sum);
}

double milliseconds(Duration duration) { return seconds(duration) * 1000; }

// (1 + x^n)^(1/n), which the model bends its curves with.
double bend(double x, double n) { return std::pow(1 + std::pow(x, n), 1 / n); }

// Clause 7.2: the noises, referred to the 0 dBr point, one by one and all together.
double noise(const Transmission& t) {
    const double olr = t.slr + t.rlr;
    const double room_at_sender = t.ps - t.slr - t.ds - 100 + 0.004 * std::pow(t.ps - olr - t.ds - 14, 2);
    const double listener_sidetone = t.stmr + t.dr;
    const double effective_room = t.pr + 10 * std::log10(1 + std::pow(10, (10 - listener_sidetone) / 10));
    const double room_at_receiver = t.rlr - 121 + effective_room + 0.008 * std::pow(effective_room - 35, 2);
    return decibel_sum({t.nc, room_at_sender, room_at_receiver, t.nfor + t.rlr});
}

// Clause 7.3: what comes at the same time as the voice: too loud, sidetone, quantizing distortion.
double simultaneous_impairment(const Transmission& t, double ro, double no) {
    const double too_loud = (t.slr + t.rlr + 0.2 * (64 + no - t.rlr)) / 8;
    const double loudness = 20 * (bend(too_loud, 8) - too_loud);

    const double echo = std::exp(-milliseconds(t.echo_one_way) / 4) * std::pow(10, -t.telr / 10);
    const double heard = -10 * std::log10(std::pow(10, -t.stmr / 10) + echo);
    const double sidetone =
        12 * bend((heard - 13) / 6, 8) - 28 * bend((heard + 1) / 19.4, 35) - 13 * bend((heard - 3) / 33, 13) + 29;

    const double q = 37 - 15 * std::log10(t.qdu);
    const double g = 1.07 + 0.258 * q + 0.0602 * q * q;
    const double y = (ro - 100) / 15 + 46 / 8.4 - g / 9;
    const double z = 46.0 / 30 - g / 40;
    const double quantizing = 15 * std::log10(1 + std::pow(10, y) + std::pow(10, z));
    return loudness + sidetone + quantizing;
}

// Clause 7.4: talker echo, listener echo, and delay by itself, of which there is none below 100 ms.
double talker_echo(const Transmission& t, double no) {
    const double late = milliseconds(t.echo_one_way);
    if (late < 1) return 0;
    const double terv =
        t.telr - 40 * std::log10((1 + late / 10) / (1 + late / 150)) + 6 * std::exp(-0.3 * late * late);
    const double re = 80 + 2.5 * (terv - 14);
    const double half = (-1.5 * (no - t.rlr) - re) / 2;
    return (half + std::sqrt(half * half + 100) - 1) * (1 - std::exp(-late));
}

double listener_echo(const Transmission& t, double ro) {
    const double rle = 10.5 * (t.wepl + 7) * std::pow(milliseconds(t.echo_round_trip) + 1, -0.25);
    const double half = (ro - rle) / 2;
    return half + std::sqrt(half * half + 169);
}

double absolute_delay(Duration one_way) {
    const double late = milliseconds(one_way);
    if (late <= 100) return 0;
    const double x = std::log2(late / 100);
    return 25 * (bend(x, 6) - 3 * bend(x / 3, 6) + 2);
}

// Clause 7.5: the codec, and packets that are lost.
double equipment_impairment(const Transmission& t) {
    const double percent = std::clamp(t.loss, 0.0, 1.0) * 100;
    return t.codec.ie + (95 - t.codec.ie) * percent / (percent / std::max(1.0, t.burst_ratio) + t.codec.bpl);
}

}  // namespace

double rating(const Transmission& t) {
    const double no = noise(t);
    const double ro = 15 - 1.5 * (t.slr + no);
    const double delay = talker_echo(t, no) + listener_echo(t, ro) + absolute_delay(t.one_way);
    return ro - simultaneous_impairment(t, ro, no) - delay - equipment_impairment(t) + t.advantage;
}

double rating(double loss, Duration one_way, const Impairment& codec, double burst_ratio) {
    return rating(Transmission{.one_way = one_way, .loss = loss, .burst_ratio = burst_ratio, .codec = codec});
}

double mos(double rating) {
    if (rating <= 0) return 1;
    if (rating >= 100) return 4.5;
    return std::max(1.0, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6);
}

double burst_ratio(std::uint64_t lost, std::uint64_t expected, std::uint64_t gaps) {
    if (gaps == 0 || expected == 0) return 1;
    const double mean_gap = static_cast<double>(lost) / static_cast<double>(gaps);
    // Random losses of this ratio come in runs of 1 / (1 - loss) on average.
    return std::max(1.0, mean_gap * (1 - static_cast<double>(lost) / static_cast<double>(expected)));
}

std::optional<Impairment> impairment(std::string_view codec) {
    struct Row {
        std::string_view codec;
        Impairment factors;
    };
    // G.729 and G.723.1 with their annexes A and B, at 6.3 kbit/s; AMR at 12.2 kbit/s, which is GSM-EFR.
    static constexpr Row rows[] = {
        {"PCMU", g711_plain},       {"PCMA", g711_plain},     {"G729", {.ie = 11, .bpl = 19}},
        {"G723", {.ie = 15, .bpl = 16.1}}, {"GSM-EFR", {.ie = 5, .bpl = 10}}, {"AMR", {.ie = 5, .bpl = 10}},
    };
    for (const Row& row : rows)
        if (iequals(row.codec, codec)) return row.factors;
    return std::nullopt;
}

}  // namespace trunkbox::media

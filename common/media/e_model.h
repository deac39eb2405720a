// The E-model (ITU-T G.107): how good a connection is for talking, from what is known of its transmission.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.h"

namespace trunkbox::media {

struct Impairment {
    double ie = 0;     // equipment impairment factor Ie
    double bpl = 4.3;  // packet-loss robustness factor Bpl

    bool operator==(const Impairment&) const = default;
};

// G.113 appendix I (G.711 without and with loss concealment): ie 0, bpl 4.3 and 25.1.
inline constexpr Impairment g711_plain{.ie = 0, .bpl = 4.3};
inline constexpr Impairment g711_concealed{.ie = 0, .bpl = 25.1};

// Of an encoding name ("PCMA"), as G.113 appendix I gives both factors for it: PCMU, PCMA (without concealment, the
// worse case), G729, G723, GSM-EFR and AMR. Nothing for others, wide-band codecs among them, whose scale is another.
[[nodiscard]] std::optional<Impairment> impairment(std::string_view codec);

// The parameters of G.107 table 1 (edition 2015), each with its default. Levels are dB, noise dBm0p or dBmp.
struct Transmission {
    double slr = 8;       // send loudness rating
    double rlr = 2;       // receive loudness rating
    double stmr = 15;     // sidetone masking rating
    double ds = 3;        // D-value of the telephone, send side
    double dr = 3;        // D-value of the telephone, receive side
    double telr = 65;     // talker echo loudness rating
    double wepl = 110;    // weighted echo path loss
    double qdu = 1;       // quantization distortion units
    double nc = -70;      // circuit noise at the 0 dBr point
    double nfor = -64;    // noise floor at the receive side
    double ps = 35;       // room noise, send side, dB(A)
    double pr = 35;       // room noise, receive side, dB(A)
    double advantage = 0;  // A
    Duration one_way{};    // Ta, mouth to ear
    // T and Tr: the echo's way. Both 0: echo is cancelled completely, whatever the delay.
    Duration echo_one_way{};
    Duration echo_round_trip{};
    double loss = 0;         // Ppl as 0 to 1
    double burst_ratio = 1;  // BurstR
    Impairment codec{};
};

// R of clause 7.1: 93.2 by default, of which no more than a little is lost below 100 ms. May be below 0.
[[nodiscard]] double rating(const Transmission& transmission);
// With all else by default, no echo. one_way: mouth to ear, jitter buffer included; loss 0 to 1.
[[nodiscard]] double rating(double loss, Duration one_way, const Impairment& codec = g711_plain,
                            double burst_ratio = 1);
// BurstR of clause 7.5: the mean length of a gap against that of random loss of the same ratio; 1 when losses are
// random or there are none, more when they come in bursts.
[[nodiscard]] double burst_ratio(std::uint64_t lost, std::uint64_t expected, std::uint64_t gaps);

// MOS-CQE, 1 to 4.5, from R (G.107 annex B).
[[nodiscard]] double mos(double rating);

}  // namespace trunkbox::media

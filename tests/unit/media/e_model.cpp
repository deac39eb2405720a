#include "media/e_model.h"

#include <cmath>

#include <doctest/doctest.h>

using namespace trunkbox;
using namespace trunkbox::media;

namespace {

// As the Recommendation prints it.
double tenths(double value) { return std::round(value * 10) / 10; }
double hundredths(double value) { return std::round(value * 100) / 100; }

}  // namespace

TEST_CASE("e-model: the defaults give the published R and MOS") {
    CHECK(tenths(rating(Transmission{})) == 93.2);
    CHECK(hundredths(mos(rating(Transmission{}))) == 4.41);
}

TEST_CASE("e-model: MOS of R as the categories of speech transmission quality are published") {
    // G.109 with G.107 annex B: best, high, medium, low, poor.
    CHECK(hundredths(mos(90.0)) == 4.34);
    CHECK(hundredths(mos(80.0)) == 4.02);
    CHECK(hundredths(mos(70.0)) == 3.60);
    CHECK(hundredths(mos(60.0)) == 3.10);
    CHECK(hundredths(mos(50.0)) == 2.58);
    CHECK(mos(-10.0) == 1);
    CHECK(mos(110.0) == 4.5);
}

TEST_CASE("e-model: a codec costs its Ie, half of what is left is lost at Ppl = Bpl") {
    double best = rating(Transmission{});
    CHECK(best - rating(0, 0ms, {.ie = 11, .bpl = 19}) == doctest::Approx(11));
    CHECK(best - rating(0.19, 0ms, {.ie = 11, .bpl = 19}) == doctest::Approx(11 + (95 - 11) / 2.0));
    CHECK(best - rating(0.043, 0ms, g711_plain) == doctest::Approx(95 / 2.0));
}

TEST_CASE("e-model: worse in, never better out") {
    double last = 200;
    for (int late = 0; late <= 1000; late += 10) {
        double r = rating(0, std::chrono::milliseconds(late));
        CHECK(r <= last);
        last = r;
    }
    last = 200;
    for (int loss = 0; loss <= 100; ++loss) {
        double r = rating(loss / 100.0, 0ms);
        CHECK(r <= last);
        CHECK(rating(loss / 100.0, 0ms, g711_concealed) >= r);
        CHECK(rating(loss / 100.0, 0ms, g711_plain, 2) <= r);
        last = r;
    }
    last = 0;
    for (int r = -20; r <= 120; ++r) {
        // Annex B's polynomial dips below 1 near 0, which is cut off.
        CHECK(mos(static_cast<double>(r)) >= last);
        last = mos(static_cast<double>(r));
    }
}

TEST_CASE("e-model: echo costs more the later it comes, and less the more it is attenuated") {
    auto echo = [](Duration late, double telr) {
        return rating(
            Transmission{.telr = telr, .one_way = late, .echo_one_way = late, .echo_round_trip = 2 * late});
    };
    CHECK(echo(50ms, 65) < echo(20ms, 65));
    CHECK(echo(50ms, 45) < echo(50ms, 65));
    CHECK(echo(50ms, 65) < rating(0, 50ms));
    // What quantizes the voice four times is heard.
    CHECK(rating(Transmission{.qdu = 4}) < rating(Transmission{}) - 3);
}

TEST_CASE("e-model: nonsense in gives a number") {
    for (double loss : {-1.0, 0.0, 2.0, 1e300})
        for (double burst : {-1.0, 0.0, 1.0, 1e300}) {
            double r = rating(loss, 24h, g711_plain, burst);
            CHECK(std::isfinite(r));
            CHECK(mos(r) >= 1);
            CHECK(mos(r) <= 4.5);
        }
}

TEST_CASE("e-model: burst ratio") {
    CHECK(burst_ratio(0, 100, 0) == 1);
    // Five losses, each by itself, in a hundred: more even than random.
    CHECK(burst_ratio(5, 100, 5) == 1);
    CHECK(burst_ratio(10, 100, 2) == doctest::Approx(5 * 0.9));
}

TEST_CASE("e-model: factors of codecs by their encoding names") {
    CHECK(impairment("pcma") == g711_plain);
    CHECK(impairment("G729")->ie == 11);
    CHECK_FALSE(impairment("opus"));
    CHECK_FALSE(impairment("G722"));
    CHECK_FALSE(impairment(""));
}

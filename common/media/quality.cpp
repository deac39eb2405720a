#include "media/quality.h"

#include <algorithm>
#include <cmath>

namespace trunkbox::media {
namespace {

// RFC 3550 A.1
constexpr std::int32_t max_dropout = 3000;
constexpr std::int32_t max_misorder = 100;

// Extended sequence numbers start one cycle up, so that what comes before the first packet is still positive.
constexpr std::uint64_t first_cycle = 65536;

std::uint64_t expected_of(std::uint64_t first, std::uint64_t highest) {
    return highest - first + 1;
}

// How far a sequence number is from the highest one: -32768 to 32767.
std::int32_t steps(std::uint64_t highest, std::uint16_t sequence) {
    return distance(static_cast<std::uint16_t>(highest), sequence);
}

}  // namespace

double Reception::loss() const {
    return expected == 0 ? 0 : static_cast<double>(lost) / static_cast<double>(expected);
}

std::optional<std::uint32_t> ReceiverStatistics::ssrc() const {
    if (!source_) return std::nullopt;
    return source_->ssrc;
}

bool ReceiverStatistics::follows_candidate(const RtpHeader& header) const {
    return candidate_ && candidate_->ssrc == header.ssrc &&
           header.sequence == static_cast<std::uint16_t>(candidate_->sequence + 1);
}

void ReceiverStatistics::start(const RtpHeader& header) {
    const Reception so_far = reception();
    total_.expected = so_far.expected;
    total_.lost = so_far.lost;
    ++total_.sources;
    ++total_.packets;
    const std::uint64_t extended = first_cycle + header.sequence;
    source_ = Source{.ssrc = header.ssrc, .first = extended, .highest = extended, .received = 1};
    source_->seen.set(extended % window);
    candidate_.reset();
}

ReceiverStatistics::Verdict ReceiverStatistics::receive(const RtpHeader& header, Time arrival, bool timed) {
    if (!source_) {
        start(header);
        if (timed) measure(*source_, header.timestamp, arrival);
        return Verdict::fresh;
    }
    std::int32_t ahead = steps(source_->highest, header.sequence);
    if (header.ssrc != source_->ssrc || ahead >= max_dropout || ahead < -max_misorder) {
        if (!follows_candidate(header)) {
            candidate_ = header;
            ++total_.strays;
            return Verdict::stray;
        }
        // The candidate was no stray after all.
        --total_.strays;
        start(RtpHeader(*candidate_));
        ahead = 1;
    }
    const Verdict verdict = place(*source_, ahead);
    if (verdict == Verdict::fresh && timed) measure(*source_, header.timestamp, arrival);
    return verdict;
}

ReceiverStatistics::Verdict ReceiverStatistics::place(Source& source, std::int32_t ahead) {
    const std::uint64_t extended =
        source.highest + static_cast<std::uint64_t>(static_cast<std::int64_t>(ahead));
    if (ahead > 0) {
        if (static_cast<std::uint64_t>(ahead) >= window)
            source.seen.reset();
        else
            for (std::uint64_t gone = source.highest + 1; gone < extended; ++gone)
                source.seen.reset(gone % window);
        source.highest = extended;
    } else if (ahead == 0 || source.seen.test(extended % window)) {
        ++total_.duplicates;
        return Verdict::duplicate;
    } else {
        ++total_.reordered;
        source.first = std::min(source.first, extended);
    }
    source.seen.set(extended % window);
    ++source.received;
    ++total_.packets;
    return Verdict::fresh;
}

void ReceiverStatistics::measure(Source& source, std::uint32_t timestamp, Time arrival) {
    if (source.last_timestamp) {
        const double apart = seconds(arrival - source.last_arrival) * clock_rate_;
        const double difference = std::abs(apart - distance(*source.last_timestamp, timestamp));
        source.jitter += (difference - source.jitter) / 16;
        highest_jitter_ = std::max(highest_jitter_, source.jitter);
    }
    source.last_timestamp = timestamp;
    source.last_arrival = arrival;
}

Reception ReceiverStatistics::reception() const {
    Reception all = total_;
    if (source_) {
        const std::uint64_t expected = expected_of(source_->first, source_->highest);
        all.expected += expected;
        all.lost += expected - std::min(expected, source_->received);
        all.jitter = from_seconds(source_->jitter / clock_rate_);
    }
    all.highest_jitter = from_seconds(highest_jitter_ / clock_rate_);
    return all;
}

double rating(double loss, Duration one_way, const Impairment& codec) {
    // G.107 clause 7.4 (7-27): delay impairment Idd; below 100 ms there is none.
    const double milliseconds = seconds(one_way) * 1000;
    double delay = 0;
    if (milliseconds > 100) {
        const double x = std::log2(milliseconds / 100);
        delay =
            25 * (std::pow(1 + std::pow(x, 6), 1.0 / 6) - 3 * std::pow(1 + std::pow(x / 3, 6), 1.0 / 6) + 2);
    }
    // G.107 clause 7.5 (7-29): Ie-eff with random loss (BurstR = 1), loss in percent.
    const double percent = std::clamp(loss, 0.0, 1.0) * 100;
    const double equipment = codec.ie + (95 - codec.ie) * percent / (percent + codec.bpl);
    return 93.2 - delay - equipment;
}

double mos(double rating) {
    // G.107 annex B
    if (rating <= 0) return 1;
    if (rating >= 100) return 4.5;
    return std::max(1.0, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6);
}

double mos(const Reception& reception, Duration ptime, Duration network_delay, const Impairment& codec) {
    return mos(rating(reception.loss(), network_delay + ptime + 2 * reception.jitter, codec));
}

}  // namespace trunkbox::media

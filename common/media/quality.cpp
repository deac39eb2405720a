#include "media/quality.h"

namespace trunkbox::media {

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
    count_source(total_);
    ++total_.sources;
    source_ = Source{.ssrc = header.ssrc, .sequence = SequenceTracker(header.sequence)};
    jitter_.restart();
    candidate_.reset();
}

ReceiverStatistics::Verdict ReceiverStatistics::receive(const RtpHeader& header, Time arrival, bool timed) {
    using Place = SequenceTracker::Place;
    Place place = Place::next;
    if (!source_) {
        start(header);
    } else {
        place = header.ssrc == source_->ssrc ? source_->sequence.receive(header.sequence) : Place::far;
        if (place == Place::far) {
            if (!follows_candidate(header)) {
                candidate_ = header;
                ++total_.strays;
                return Verdict::stray;
            }
            // The candidate was no stray after all.
            --total_.strays;
            start(RtpHeader(*candidate_));
            place = source_->sequence.receive(header.sequence);
        }
    }
    if (place == Place::duplicate) return Verdict::duplicate;
    if (timed)
        jitter_.receive(header.timestamp, clock_rate_, arrival,
                        header.marker ? InterarrivalJitter::Kind::apart : InterarrivalJitter::Kind::running);
    return Verdict::fresh;
}

void ReceiverStatistics::count_source(Reception& into) const {
    if (!source_) return;
    const SequenceCount count = source_->sequence.count();
    into.packets += count.received;
    into.expected += count.expected;
    into.lost += count.lost();
    into.duplicates += count.duplicates;
    into.reordered += count.reordered;
    into.gaps += count.gaps;
}

Reception ReceiverStatistics::reception() const {
    Reception all = total_;
    count_source(all);
    all.jitter = jitter_.current();
    all.mean_jitter = jitter_.mean();
    all.highest_jitter = jitter_.highest();
    return all;
}

double mos(const Reception& reception, Duration ptime, Duration network_delay, const Impairment& codec) {
    const double burst = burst_ratio(reception.lost, reception.expected, reception.gaps);
    return mos(rating(reception.loss(), network_delay + ptime + 2 * reception.mean_jitter, codec, burst));
}

}  // namespace trunkbox::media

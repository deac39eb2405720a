#include "media/telephone_event.h"

#include "base/text.h"

#include <algorithm>

#include <fmt/format.h>

namespace trunkbox::media {
namespace {

constexpr std::string_view digit_order = "0123456789*#ABCD";
constexpr std::size_t most_waiting_digits = 256;
constexpr int final_packets = 3;  // RFC 4733 section 2.5.1.4

// How far back a late packet is looked for.
constexpr std::size_t history = 64;

// A segment is full at 0xFFFF; its last reports may be lost, so that the next segment seems to begin a little
// after its known end (section 2.5.2.3). Three packet intervals of 20 ms.
constexpr std::uint32_t nearly_full_segment = 0xF000;
constexpr std::int64_t segment_slack = 480;

std::uint32_t timestamp_units(Duration duration) {
    return static_cast<std::uint32_t>(duration / 125us);
}

// The report is about the event that is known, not about the next one with the same code.
bool same_event(const EventReceiver::Event& known, const RtpHeader& header, const TelephoneEvent& report) {
    if (known.event != report.event) return false;
    const std::int64_t offset = distance(known.timestamp, header.timestamp);
    if (offset == 0) return true;
    if (offset < 0 || header.marker) return false;
    const std::int64_t known_end = known.duration;
    if (offset < known_end) return true;
    if (known.ended) return false;
    return offset <= known_end + (known.duration % 0xFFFF >= nearly_full_segment ? segment_slack : 0);
}

}  // namespace

Result<TelephoneEvent> TelephoneEvent::parse(ByteView payload) {
    if (payload.size() < 4) {
        return failure(Fault::input, "", fmt::format("telephone-event of {} bytes, not 4", payload.size()));
    }
    return TelephoneEvent{.event = payload[0],
                          .end = (payload[1] & 0x80) != 0,
                          .volume = static_cast<std::uint8_t>(payload[1] & 0x3f),
                          .duration = static_cast<std::uint16_t>(payload[2] << 8 | payload[3])};
}

std::array<std::uint8_t, 4> TelephoneEvent::bytes() const {
    return {event, static_cast<std::uint8_t>((end ? 0x80 : 0) | (volume & 0x3f)),
            static_cast<std::uint8_t>(duration >> 8), static_cast<std::uint8_t>(duration & 0xff)};
}

std::optional<std::uint8_t> event_of(char digit) {
    if (digit >= 'a' && digit <= 'd') digit = static_cast<char>(digit - 'a' + 'A');
    const auto at = digit_order.find(digit);
    if (at == std::string_view::npos) return std::nullopt;
    return static_cast<std::uint8_t>(at);
}

std::optional<char> digit_of(std::uint8_t event) {
    if (event >= digit_order.size()) return std::nullopt;
    return digit_order[event];
}

Result<void> EventSender::send(std::string_view digits, const DigitTiming& timing) {
    if (timing.duration < 40ms || timing.duration > 8s) {
        return failure(Fault::usage, "", fmt::format("digit of {} s", seconds(timing.duration)),
                       "it lasts 0.04 to 8 s");
    }
    if (timing.gap < 40ms || timing.gap > 1h) {
        return failure(Fault::usage, "", fmt::format("gap of {} s after a digit", seconds(timing.gap)),
                       "it lasts 0.04 s to an hour");
    }
    if (timing.volume > 63) {
        return failure(Fault::usage, "", fmt::format("digit volume -{} dBm0", timing.volume),
                       "it is 0 to -63");
    }
    if (digits.size() > most_waiting_digits - waiting_.size()) {
        return failure(Fault::usage, "",
                       fmt::format("{} digits and {} still to be sent", digits.size(), waiting_.size()),
                       fmt::format("at most {} can wait", most_waiting_digits));
    }
    std::vector<Digit> checked;
    for (char digit : digits) {
        const auto event = event_of(digit);
        if (!event) {
            return failure(Fault::usage, "", fmt::format("'{}' is no digit", printable({&digit, 1})),
                           "digits are 0-9, *, # and A-D");
        }
        checked.push_back({.event = *event,
                           .volume = timing.volume,
                           .duration = timestamp_units(timing.duration),
                           .gap = timestamp_units(timing.gap)});
    }
    waiting_.insert(waiting_.end(), checked.begin(), checked.end());
    return {};
}

std::optional<EventSender::Packet> EventSender::next(std::uint32_t timestamp) {
    if (active_ && active_->ends_sent == final_packets &&
        timestamp - active_->began >= active_->digit.duration + active_->digit.gap) {
        active_.reset();
    }
    if (!active_) {
        if (waiting_.empty()) return std::nullopt;
        active_ = Active{.digit = waiting_.front(), .began = timestamp};
        waiting_.pop_front();
    }
    if (active_->ends_sent == final_packets) return std::nullopt;

    const Digit& digit = active_->digit;
    const std::uint32_t elapsed = timestamp - active_->began;
    // Also after a stall it does not report more than was asked for.
    const std::uint32_t duration =
        elapsed >= digit.duration ? digit.duration : std::min(digit.duration, elapsed + samples_per_packet_);
    const bool end = duration == digit.duration;
    Packet packet{.event = {.event = digit.event,
                            .end = end,
                            .volume = digit.volume,
                            .duration = static_cast<std::uint16_t>(duration)},
                  .marker = !active_->started,
                  .timestamp = active_->began};
    active_->started = true;
    if (end) ++active_->ends_sent;
    return packet;
}

bool EventReceiver::receive(const RtpHeader& header, const TelephoneEvent& report) {
    if (report.duration == 0) return false;
    const std::size_t oldest = std::max(source_began_, events_.size() - std::min(history, events_.size()));
    for (std::size_t i = events_.size(); i > oldest; --i) {
        Event& known = events_[i - 1];
        if (!same_event(known, header, report)) continue;
        const std::uint32_t ends = header.timestamp - known.timestamp + report.duration;
        known.duration = std::max(known.duration, ends);
        known.ended = known.ended || report.end;
        return false;
    }
    if (events_.size() >= most_events) {
        ++dropped_;
        return false;
    }
    auto place = events_.end();
    while (place != events_.begin() + static_cast<std::ptrdiff_t>(oldest) &&
           distance(std::prev(place)->timestamp, header.timestamp) < 0) {
        --place;
    }
    events_.insert(place, Event{.timestamp = header.timestamp,
                                .duration = report.duration,
                                .event = report.event,
                                .ended = report.end});
    return true;
}

std::string EventReceiver::digits() const {
    std::string out;
    for (const Event& event : events_) {
        if (auto digit = digit_of(event.event)) out.push_back(*digit);
    }
    return out;
}

}  // namespace trunkbox::media

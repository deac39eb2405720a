// What became of a call, a registration, a ping: outcome values, and the records that the tools print.
#pragma once

#include <string>

#include "base/result.h"
#include "output/value.h"
#include "sip/call.h"
#include "sip/registration.h"
#include "ua/audio.h"

namespace trunkbox::ua {

struct CallReport {
    std::string call_id;
    std::string from, to;  // URIs
    sip::call::Outcome outcome;
    bool wanted_media = true;
    AudioReport audio;
    std::string problem;  // what went wrong beside the outcome: digits not sent, SDP not understood

    // INVITE to the first ringing, or to the answer when nothing rang.
    [[nodiscard]] std::optional<Duration> post_dial_delay() const;
    [[nodiscard]] Duration duration() const;  // answer to end; 0 when unanswered
    // Answered, and heard nothing although audio was wanted.
    [[nodiscard]] bool deaf() const { return outcome.answered && wanted_media && audio.received.packets == 0; }
};

// For a person: "486 Busy Here", "no answer within 60 s", "127.0.0.1:5090: connection refused".
[[nodiscard]] std::string describe(const sip::call::Outcome& outcome);
[[nodiscard]] std::string describe(const sip::registration::Outcome& outcome);

[[nodiscard]] output::Record record(const CallReport& report);
[[nodiscard]] std::string text(const CallReport& report);

[[nodiscard]] output::Record record(const sip::registration::Outcome& outcome);

}  // namespace trunkbox::ua

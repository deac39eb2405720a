// Calls out of messages: who called whom, when it rang, was answered and ended, and who ended it.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "trace/message.h"

namespace trunkbox::trace {

enum class Side { caller, callee };

[[nodiscard]] std::string_view name(Side side);

// One INVITE outside a dialog and what became of it. Each leg of a back-to-back user agent is a call of its own.
struct Call {
    std::string call_id{};
    std::string from{};  // the URI of From as written
    std::string to{};    // the URI of To as written
    Time invited{};
    std::optional<Time> ringing{};    // the first 180 or 183
    std::optional<Time> answered{};   // the first 2xx to the INVITE
    std::optional<Time> ended{};      // BYE, or the final refusal
    int status = 0;                 // the final one; 0 when none was seen
    std::optional<Side> hung_up_by{};  // who sent the BYE, or the caller who cancelled
    std::size_t branches = 0;       // different To tags seen: more than one means that the call was forked

    // From the INVITE to the first sign of the far end: ringing, answer or refusal (ITU-T E.721).
    [[nodiscard]] std::optional<Duration> post_dial_delay() const;
    // From answer to end; nothing when either was not seen.
    [[nodiscard]] std::optional<Duration> duration() const;
};

// In the order of their INVITEs. Messages may come in any order: time stamps decide.
[[nodiscard]] std::vector<Call> calls(std::span<const Message> messages);

}  // namespace trunkbox::trace
